"""`cartrial grade lab`: one value, and a file of them."""

import json
from pathlib import Path

import pytest

from cartrial import files
from tests.command import cartrial

HEADER = "subject,param,direction,aval,base,anrlo,anrhi,unit,grade,bnrind"
FILE = f"""{HEADER}
001,Neutrophil count decreased,L,0.9,3,1.5,7,10^9/L,2,NORMAL
002,Hypokalemia,L,3.2,4,3.5,5.1,mmol/L,,NORMAL
003,Anemia,L,,140,120,160,g/L,,NORMAL
004,Anemia,L,90,140,120,160,WRONG/UNIT,,NORMAL
005,Headache,L,90,140,120,160,g/L,,NORMAL
006,ALT,H,100,100,10,40,U/L,,HIGH
"""
REFUSED = f"""{HEADER}
001,Headache,L,90,140,120,160,g/L,,NORMAL
002,CA,L,2,,2.1,2.6,mmol/L,,NORMAL
003,PLAT,L,90,,150,400,furlong,,NORMAL
004,HGB,L,90,,120,160,cubit,,NORMAL
"""


def lab(*words: object):
    return cartrial("grade", "lab", *words)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "labs.csv"


def graded(place: Path, content: str, *words: object):
    place.write_text(content)
    said = lab("--csv", place, "--out", place.with_name("out.csv"), *words)
    return said, files.read_csv(place.with_name("out.csv"))


def test_one_value_with_its_grade_rule_and_what_is_missing():
    neutrophils = ("--value", "0.9", "--unit", "10^9/L", "--low", "1.5", "--high", "7")
    said = lab("Neutrophil count decreased", *neutrophils)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        "grade 3  (CTCAE 5.0, Neutrophil count decreased)",
        "rule    < 1 x 10^9/L: grade 3",
        "inputs  value  0.9 10^9/L",
        "        low    1.5 10^9/L",
        "        high   7 10^9/L",
        "missing nothing",
    ]


def test_one_value_as_json_with_its_question():
    potassium = ("--value", "3.2", "--unit", "mmol/L", "--low", "3.5")
    told = json.loads(lab("Hypokalemia", *potassium, "--json").out)
    assert (told["words"], told["lowest"], told["highest"]) == ("at least grade 1", 1, 2)
    assert told["questions"] == ["symptomatic or treated? grade 2"]
    assert told["clinical"] == ["hospital care needed: grade 3", "life in danger: grade 4"]
    worst = json.loads(lab("Hypokalemia", *potassium, "--unknown", "worst", "--json").out)
    assert (worst["certain"], worst["rule"]) == (
        2,
        "< LLN, taken as symptomatic or treated: grade 2",
    )


def test_an_analyte_is_graded_in_each_direction_the_worse_first():
    said = lab("K", "--value", "3.2", "--unit", "mmol/L", "--low", "3.5", "--high", "5.1")
    heads = [line for line in said.out.splitlines() if "CTCAE" in line]
    assert heads == [
        "grade 1 or 2  (CTCAE 5.0, Hypokalemia)",
        "grade 0  (CTCAE 5.0, Hyperkalemia)",
    ]
    assert said.out.splitlines()[-2:] == ["", heads[1]]
    assert "Hyperkalemia" not in lab("K", "--value", "3.2", "--direction", "L").out


def test_a_clinical_finding_is_told_apart_from_the_value():
    hemoglobin = ("--value", "8.9", "--unit", "g/dL", "--low", "12", "--direction", "L")
    assert lab("HGB", *hemoglobin).out.splitlines() == [
        "grade 2  (CTCAE 5.0, Anemia)",
        "rule    < 100 g/L: grade 2",
        "inputs  value  8.9 g/dL",
        "        low    12 g/dL",
        "missing nothing",
        "not read from the value, but recorded as an adverse event:",
        "        transfusion needed: grade 3",
        "        life in danger: grade 4",
    ]


def test_what_is_missing_is_named():
    told = json.loads(lab("ALT", "--value", "900", "--high", "40", "--json").out)
    assert (told["words"], told["missing"]) == ("not assessable", ["baseline"])
    known = ("--baseline", "20", "--baseline-indicator", "normal")
    assert (
        json.loads(lab("ALT", "--value", "900", "--high", "40", *known, "--json").out)["certain"]
        == 4
    )


def test_calcium_is_corrected_when_an_albumin_is_given():
    calcium = ("--unit", "mg/dL", "--low", "8.6", "--high", "10.2", "--direction", "L")
    said = lab("CA", "--value", "7.6", *calcium, "--albumin", "25")
    assert said.out.splitlines()[:8] == [
        "grade 0  (CTCAE 5.0, Hypocalcemia)",
        "rule    no limit passed: grade 0",
        "inputs  value            7.6 mg/dL",
        "        low              8.6 mg/dL",
        "        high             10.2 mg/dL",
        "        albumin          25 g/L",
        "        corrected value  8.802 mg/dL",
        "missing nothing",
    ]
    alone = lab("CA", "--value", "7.6", *calcium)
    assert alone.err == (
        "cartrial: test must have laboratory criteria in CTCAE 5.0, got CA: Hypocalcemia: calcium "
        "must be corrected for albumin first (CACR). Give --albumin, in g/L\n"
    )
    odd = lab("CA", "--value", "7.6", "--unit", "furlong", "--albumin", "25")
    assert odd.err.startswith("cartrial: --unit: unit of CA must be one such as mmol/L, mEq/L, ")


def test_a_term_that_is_not_graded_is_told_only_where_no_direction_is_asked():
    glucose = ("GLUC", "--value", "2", "--unit", "mmol/L", "--low", "3.9")
    assert lab(*glucose, "--direction", "L").err == ""
    assert lab(*glucose).err == (
        "Hyperglycemia is not graded: v5.0 grades it by treatment and hospital care, "
        "not by a limit\n"
    )
    assert "PHOS: Hyperphosphatemia and Hypophosphatemia: v5.0" in lab("PHOS", "--value", "9").err


def test_a_value_that_is_hardly_possible_asks_for_its_unit():
    said = lab("NEUT", "--value", "450", "--unit", "10^9/L", "--low", "2", "--high", "7")
    assert said.out.splitlines()[0] == "grade 0  (CTCAE 5.0, Neutrophil count decreased)"
    assert said.out.splitlines()[-1] == "ask     is the unit right?"


@pytest.mark.parametrize("direction", ["L", "l", "low", "LOW"])
def test_a_direction_may_be_a_word(place, direction):
    potassium = ("K", "--value", "3.2", "--unit", "mmol/L", "--low", "3.5", "--high", "5.1")
    assert lab(*potassium, "--direction", direction).out.startswith("grade 1 or 2")
    _, out = graded(place, FILE.replace("Neutrophil count decreased,L", f"NEUT,{direction}"))
    assert out["grade"][0] == "3"


def test_a_wrong_direction_names_its_option():
    said = lab("K", "--value", "3.2", "--unit", "mmol/L", "--direction", "up")
    assert said.err == "cartrial: --direction: direction of K must be H or L, got up\n"


def test_a_range_shows_both_ends():
    said = lab("FIBRINO", "--value", "1.9", "--unit", "g/L", "--low", "2")
    assert said.out.startswith("at least grade 1, at most 4  (")
    assert "baseline" in said.out


def test_the_version_is_chosen():
    neutrophils = ("NEUT", "--value", "0.4", "--unit", "10^9/L", "--json")
    assert json.loads(lab(*neutrophils).out)["certain"] == 4
    assert json.loads(lab(*neutrophils, "--criteria", "6.0").out)["certain"] == 3


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["Anmia", "--value", "9"], "got Anmia. Nearest: Anemia"),
        (["potassium", "--value", "3.2"], "got potassium. Nearest: K"),
        (["Anemia", "--value", "nine"], "--value: must be a number, 0 or more, got nine"),
        (["Anemia", "--value", "-9"], "--value: must be a number, 0 or more, got -9"),
        (["Fever", "--value", "39"], "got Fever: it is not a laboratory value"),
        (["Anemia"], "--value: must be given, got none"),
        (
            ["PLAT", "--value", "9", "--unit", "furlong"],
            "--unit: unit of PLAT must be one such as 10^9/L, 10^6/L, 10^3/uL, /uL, got furlong",
        ),
        (["Hyperglycemia", "--value", "9"], "not by a limit"),
        (["PLAT", "--value", "9", "--criteria", "4.0"], "must be one of 5.0, 6.0, got 4.0"),
        (["PLAT", "--value", "9", "--unknown", "no"], "must be one of ask, worst, got no"),
        (["ALT", "--value", "9", "--albumin", "9"], "must be given with the test CA, got ALT"),
    ],
)
def test_a_fault_is_one_line(words, fault):
    said = lab(*words)
    assert (said.code, said.out) == (11, "")
    assert said.err.startswith("cartrial: ")
    assert said.err.count("\n") == 1
    assert said.err.rstrip().endswith(fault)


def test_a_file_keeps_its_rows_columns_and_order(place):
    said, out = graded(place, FILE, "--unknown", "worst")
    assert said.code == 0
    assert out.columns == [
        *HEADER.replace("grade", "grade_recorded").split(","),
        *("grade", "lowest", "highest", "rule", "question", "clinical", "why"),
    ]
    assert out["subject"].to_list() == ["001", "002", "003", "004", "005", "006"]
    assert out["grade_recorded"].to_list() == ["2", None, None, None, None, None]
    assert out["grade"].to_list() == ["3", "2", None, None, None, "1"]


def test_without_answers_a_file_has_ranges(place):
    _, out = graded(place, FILE)
    assert out["grade"].to_list() == ["3", None, None, None, None, "1"]
    assert out.row(1, named=True)["lowest"] == "1"
    assert out.row(1, named=True)["highest"] == "2"
    assert out["clinical"].to_list()[:3] == [
        None,
        "hospital care needed: grade 3; life in danger: grade 4",
        None,
    ]


def test_rows_that_cannot_be_graded_are_told_by_kind(place):
    said, out = graded(place, FILE)
    assert said.err.splitlines() == [
        "labs.csv: 1 row is not graded; first, line 4: no value",
        f"labs.csv: 1 row is not graded; first, line 5: {out['why'][3]}",
        "labs.csv: 1 row is not graded; first, line 6: "
        "test must be a CTCAE term or the code of an analyte, such as NEUT, got Headache",
    ]
    assert said.out.startswith("6 rows, 2 with a grade, 1 with a range, 3 without  ")
    said, _ = graded(place, REFUSED)
    assert [line.partition(": ")[2].partition(";")[0] for line in said.err.splitlines()] == [
        "1 row is not graded",
        "1 row is not graded",
        "2 rows are not graded",
    ]


def test_a_flag_says_which_row_is_the_baseline(place):
    labs = "param,aval,base,anrlo,anrhi,unit,bnrind,ablfl\nALT,100,100,10,40,,HIGH,{}\n"
    assert graded(place, labs.format("Y"))[1]["grade"].to_list() == ["1"]
    assert graded(place, labs.format(""))[1]["grade"].to_list() == ["0"]


def test_a_file_graded_twice_keeps_both(place):
    graded(place, FILE)
    said = lab("--csv", place.with_name("out.csv"), "--out", place.with_name("again.csv"))
    again = files.read_csv(place.with_name("again.csv"))
    assert said.code == 0
    assert again["grade_recorded"].to_list() == ["2", None, None, None, None, None]
    assert again["grade_recorded_recorded"].to_list() == ["3", None, None, None, None, "1"]


def test_a_column_that_may_be_absent_is_told(place):
    said, out = graded(place, "param,aval,unit,anrlo,anrhi\nALT,100,U/L,10,40\n")
    assert out["highest"].to_list() == ["1"]
    assert said.err.splitlines() == [
        "labs.csv: without columns base and bnrind the baseline is unknown",
    ]


def test_a_baseline_of_which_one_column_is_known_is_told(place):
    told = "param,aval,unit,anrlo,anrhi,base\nALT,100,U/L,10,40,30\n"
    said, out = graded(place, told)
    assert out["grade"].to_list() == ["1"]
    assert said.err == (
        "labs.csv: without column bnrind base is held against anrlo and anrhi of its row\n"
    )
    assert said.out.startswith("1 row, 1 with a grade, 0 with a range, 0 without  ")


@pytest.mark.parametrize("missing", ["NA", ".", " . "])
def test_what_r_and_sas_write_is_missing(place, missing):
    empty, _ = graded(place, FILE.replace("NORMAL", "").replace(",3,1.5,7", ",,1.5,"))
    said, out = graded(
        place, FILE.replace("NORMAL", missing).replace(",3,1.5,7", f",{missing},1.5,{missing}")
    )
    assert (said.code, said.out, said.err) == (0, empty.out, empty.err)
    assert out["base"][0] == missing


def test_a_test_called_na_is_not_missing(place):
    _, out = graded(place, FILE.replace("Headache", "NA"))
    assert "got NA" in out["why"][4]


def test_the_summary_of_a_file_as_json(place):
    odd = FILE.replace("ALT,H,100", "CREAT,H,1").replace("U/L", "umol/L")
    said, _ = graded(place, odd, "--json")
    told = json.loads(said.out)
    remarks = told.pop("remarks")
    out = str(place.with_name("out.csv"))
    assert told == {"rows": 6, "grade": 2, "range": 1, "without": 3, "out": out}
    assert remarks[0] == "1 row is not graded; first, line 4: no value"
    assert remarks[-1] == (
        "1 row with a value that is hardly possible; first, line 7: is the unit right?"
    )
    assert said.err == ""


def test_an_indicator_that_is_no_word_is_unknown_and_told(place):
    said, _ = graded(place, FILE.replace("U/L,,HIGH", "U/L,,ABNORMAL"))
    assert said.err.splitlines()[0] == (
        "labs.csv: bnrind must be LOW, NORMAL or HIGH, else it is unknown; first, line 7: ABNORMAL"
    )


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (FILE.replace("3.2", "<3.5"), "labs.csv: line 3: aval must be a number, got <3.5"),
        (FILE.replace("120,160,g/L,,", "nan,160,g/L,,"), "line 4: anrlo must be a number, got nan"),
        (FILE.replace("anrhi", "high"), "column anrhi must be there, got no such column"),
        ("", "labs.csv: must begin with a line of column names, got an empty one"),
    ],
)
def test_a_file_that_cannot_be_read_writes_nothing(place, content, fault):
    place.write_text(content)
    said = lab("--csv", place, "--out", place.with_name("out.csv"))
    assert (said.code, said.out) == (11, "")
    assert said.err.rstrip().endswith(fault)
    assert not place.with_name("out.csv").exists()


def test_a_missing_file_is_told(place):
    said = lab("--csv", place, "--out", place.with_name("out.csv"))
    assert (said.code, said.err.count("\n")) == (11, 1)


def test_a_header_alone_stays_one(place):
    said, out = graded(place, HEADER + "\n")
    assert (said.code, out.height) == (0, 0)
    assert "why" in out.columns


@pytest.mark.parametrize("words", [[], ["NEUT", "--csv", "a.csv"], ["--csv", "a.csv"]])
def test_a_case_and_a_file_do_not_mix(words):
    assert lab(*words).code == 2
