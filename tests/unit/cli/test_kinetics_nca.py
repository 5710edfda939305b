"""`cartrial kinetics nca`: a file of samples, and what is odd in one."""

import json

import pytest

from cartrial.protocol.read import packaged_text
from tests.command import cartrial

HEADER = "subject,time,value,lloq"
COURSE = [
    "001,0,BLQ,50",
    "001,7,1600,50",
    "001,14,800,50",
    "001,21,400,50",
    "001,28,200,50",
    "001,35,100,50",
    "001,60,BLQ,50",
    "001,90,BLQ,50",
]


@pytest.fixture
def asked(tmp_path):
    def ask(rows, *words, header=HEADER):
        file = tmp_path / "samples.csv"
        file.write_text("\n".join([header, *rows]) + "\n")
        return cartrial("kinetics", "nca", file, *words)

    return ask


def subjects(said):
    return {one["subject"]: one for one in json.loads(said.out)}


def test_each_parameter_stands_under_its_code(asked):
    said = asked(COURSE, "--json")
    assert (said.code, said.err) == (0, "")
    one = subjects(said)["001"]
    assert (one["CMAX"], one["TMAX"], one["TLST"], one["CLST"]) == (1600, 7, 35, 100)
    assert (one["LAMZNPT"], one["LAMZHL"]) == (4, pytest.approx(7))
    assert one["AUCINT"]["0-28"] == pytest.approx(5600 + 1400 * 7 / 0.693147181)
    assert (one["TBLQ"], one["PERSLOSS"], one["PERSLAST"]) == (60, 60, 35)
    assert (one["method"], one["blq"]) == ("lin-up-log-down", "cart_standard")
    assert set(one["why_missing"]) == {"EXPRATE", "DOUBLT"}


def test_a_missing_parameter_is_null_and_says_why(asked):
    said = asked(["001,7,1600,50", "001,14,800,50", "002,7,,50"], "--json")
    one, other = subjects(said).values()
    assert one["LAMZHL"] is None
    assert one["why_missing"]["LAMZHL"] == "1 quantifiable after the peak, fewer than 3"
    assert one["why_missing"]["AUCINT"]["0-28"] == "sampled to day 14.0 only, not to day 28"
    assert set(other["why_missing"]) >= {"CMAX", "AUCINT", "PERSLOSS"}
    assert other["why_missing"]["CMAX"] == "no sample after infusion"


def test_method_rule_set_and_windows_are_those_that_are_asked_for(asked):
    words = ("--method", "linear", "--blq", "half_lloq", "--window", "7-14", "--json")
    one = subjects(asked(COURSE, *words))["001"]
    assert one["AUCINT"] == {"7-14": 7 * (1600 + 800) / 2}
    assert one["AUCALL"] == one["AUCLST"] + 25 * (100 + 25) / 2 + 30 * 25


def test_a_person_reads_three_digits_names_and_units(asked):
    said = asked([f"{row},copies/ug" for row in COURSE], header=f"{HEADER},unit")
    lines = said.out.splitlines()
    assert lines[0] == "Non-compartmental parameters: lin-up-log-down, cart_standard"
    assert "c is the concentration in copies/ug" in lines
    assert "AUC028    Area, day 0 to 28 (AUC0-28)   day*c        19,700" in lines
    assert "LAMZNPT   Its points                                      4" in lines
    assert lines[-1] == "EXPRATE, DOUBLT  001: no quantifiable sample before the peak"
    assert all(len(line) <= 80 for line in lines)


def test_analytes_are_kept_apart(asked):
    rows = ["001,7,100,50,BCMA", "001,14,60,50,BCMA", "001,7,900,50,CD19", "001,14,60,50,CD19"]
    said = asked(rows, "--json", header=f"{HEADER},analyte")
    peaks = [(one["analyte"], one["CMAX"]) for one in json.loads(said.out)]
    assert peaks == [("BCMA", 100), ("CD19", 900)]


# ---------------------------------------------------------------- what stops
@pytest.mark.parametrize(
    ("row", "must"),
    [
        (
            "001,7,many,50",
            "line 2: value: must be a number, BLQ, or empty where not measured, got many",
        ),
        ("001,7,-5,50", "line 2: value: must be 0 or more, got -5"),
        (
            "001,7,nan,50",
            "line 2: value: must be a number, BLQ, or empty where not measured, got nan",
        ),
        ("001,week,90,50", "line 2: time: must be a number of days, got week"),
        ("001,,90,50", "line 2: time: must be a number of days, got nothing"),
        (",7,90,50", "line 2: subject: must name who was sampled, got nothing"),
        ("001,7,90,low", "line 2: lloq: must be a number or empty, got low"),
        ("001,7,90,0", "line 2: lloq: must be more than 0, got 0"),
        ("001,7,,50", "value: must be given in some row, got none"),
    ],
)
def test_a_row_that_cannot_be_read_stops(asked, row, must):
    said = asked([row])
    assert (said.code, said.out, said.err) == (11, "", f"cartrial: samples.csv: {must}\n")


@pytest.mark.parametrize(
    ("header", "must"),
    [
        ("subject,time,value", "column lloq must be there, got no such column"),
        (
            "subject,time_h,value,lloq",
            "column time must be in days, got time_h. Divide it by 24, call it time",
        ),
        (HEADER, "must have at least one sample, got a header alone"),
    ],
)
def test_a_file_that_cannot_be_read_stops(asked, header, must):
    said = asked([], header=header)
    assert (said.code, said.err) == (11, f"cartrial: samples.csv: {must}\n")


def test_an_empty_file_stops(tmp_path):
    file = tmp_path / "samples.csv"
    file.write_text("")
    said = cartrial("kinetics", "nca", file)
    assert (said.code, said.out) == (11, "")
    assert said.err.startswith("cartrial: samples.csv: must begin with a line of column names")


# ---------------------------------------------------------------- what is told
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            ["001,-3,BLQ,50", *COURSE],
            "line 2: time: must be 0 or more, got -3. Taken as before the infusion: no part of the "
            "curve",
        ),
        (
            ["001,0,900,50", *COURSE[1:]],
            "line 2: value: must be BLQ up to the infusion, got 900. The curve starts "
            "at 0 on day 0",
        ),
        (
            [*COURSE, "001,120,0,50"],
            "line 10: value: must be written BLQ where nothing is found, got 0. Taken as below "
            "quantification",
        ),
        (
            [*COURSE, "001,120,20,50"],
            "line 10: value: must be written BLQ below its lloq, got 20. Taken as below "
            "quantification",
        ),
        (
            [*COURSE, "001,7,1500,50"],
            "subject 001: time: must stand once, got day 7 2 times. The highest counts",
        ),
        (
            [*COURSE, "002,7,BLQ,50", "002,14,BLQ,50"],
            "subject 002: value: must be quantifiable once, got 2 below quantification",
        ),
        (
            [*COURSE, "002,7,90,50"],
            "subject 002: must have two or more, got 1 sample after infusion",
        ),
        (
            ["001,72,100,50", "001,168,9000,50", "001,336,4000,50"],
            "time: must be in days, got only multiples of 24. If these are hours, "
            "divide them by 24",
        ),
        (
            ["001,70,100,50", "001,240,9000,50", "001,340,4000,50"],
            "time: must be in days, got a peak on day 240 in the middle subject. If these are "
            "hours, divide them by 24",
        ),
        (
            ["001,7,100,50", "001,9000,60,50"],
            "time: must be in days, got 9000, later than 15 years. If these are hours, divide them "
            "by 24",
        ),
    ],
)
def test_what_is_odd_is_told_and_the_rest_goes_on(asked, rows, told):
    said = asked(rows, "--json")
    assert said.code == 0
    assert said.err == f"cartrial: samples.csv: {told}\n"


def test_an_lloq_above_every_value_makes_no_peak(asked):
    said = asked(["001,7,90,500", "001,14,60,500"], "--json")
    assert "must be written BLQ below its lloq, got 90 and 1 more" in said.err
    assert subjects(said)["001"]["CMAX"] is None
    assert subjects(said)["001"]["why_missing"]["CMAX"] == "no quantifiable sample"


def test_a_bad_window_and_an_unknown_rule_set_are_wrong_usage(asked):
    assert asked(COURSE, "--window", "28-0").code == 2
    assert asked(COURSE, "--blq", "zeros").code == 2


def test_two_units_of_one_analyte_stop(asked):
    said = asked(["001,7,90,50,a", "002,7,90,50,b"], header=f"{HEADER},unit")
    assert said.code == 11
    assert said.err.endswith("samples.csv: unit must be one and the same, got a and b\n")


# ---------------------------------------------------------------- a study
FORMS = {
    "demographics": "subject,consented,site,born,sex,country,level\n"
    "001-001,2023-12-01,001,1961-05-17,female,CHN,1\n",
    "infusion": "subject,number,at,level,planned,given\n001-001,1,2024-01-10,1,1,1\n",
    "car_transgene": "subject,at,analyte,specimen,status,copies,lloq\n"
    "001-001,2024-01-17,BCMA/CD19 CAR transgene,blood,value,1000,50\n"
    "001-001,2024-01-24,BCMA/CD19 CAR transgene,blood,below quantification,,50\n"
    "001-001,2024-02-07,BCMA/CD19 CAR transgene,blood,value,100,50\n",
}


@pytest.fixture
def study(tmp_path):
    (tmp_path / "forms").mkdir()
    (tmp_path / "study.yaml").write_text(packaged_text())
    for name, text in FORMS.items():
        (tmp_path / "forms" / f"{name}.csv").write_text(text)
    return tmp_path


def test_a_study_is_computed_from_its_samples_of_blood(study):
    said = cartrial("kinetics", "nca", study, "--window", "0-28", "--json")
    assert said.code == 0
    (one,) = json.loads(said.out)
    about = [one[name] for name in ("subject", "analyte", "assay", "unit", "CMAX", "TLST")]
    assert about == ["001-001", "BCMA/CD19 CAR transgene", "qPCR", "copies/ug DNA", 1000, 28]
    assert one["AUCINT"]["0-28"] == pytest.approx(3500 + 21 * 900 / 2.302585093)


def test_a_rule_set_that_is_asked_for_holds_for_a_study(study):
    said = cartrial("kinetics", "nca", study, "--blq", "winnonlin_zero", "--json")
    (one,) = json.loads(said.out)
    assert one["AUCINT"]["0-28"] == 3500 + 7 * 1000 / 2 + 14 * 100 / 2


def test_a_study_without_samples_stops(study):
    (study / "forms" / "car_transgene.csv").unlink()
    said = cartrial("kinetics", "nca", study)
    assert said.code == 11
    assert "must hold CAR measurements (PC or CP), got none" in said.err
