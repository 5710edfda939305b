"""CAR measurements: their status, their time, and the parameters made of them."""

import pytest

from tests.unit.adam.trial import INFUSED, adam, records

HEADER = "subject  at  analyte  specimen  status  copies  lloq  why_not_done"
ANALYTE = "BCMA/CD19 CAR transgene"


def samples(*rows: str) -> str:
    """Rows as `2024-01-17  value  1200`, at 50 copies/ug as lower limit of quantification."""
    lines = [HEADER]
    for row in rows:
        at, status, copies, why, *_ = [*row.split("  "), "-", "-"]
        lines.append(f"001  {at}  {ANALYTE}  blood  {status}  {copies}  50  {why}")
    return "\n".join(lines)


COURSE = samples(
    "2024-01-10  not detected",
    "2024-01-17  value  1000",
    "2024-01-24  below quantification",
    "2024-02-07  value  100",
    "2024-03-11  not done  -  visit missed",
    "2024-04-09  below quantification",
)


def test_a_result_without_a_number_is_never_zero_and_has_its_reason():
    found = adam(infusion=INFUSED, car_transgene=COURSE)
    assert records(found, "ADPC", "ADAY", "ASTATUS", "AVAL", "WHYMISS") == [
        (0, "not detected", None, "not detected"),
        (7, "quantified", 1000, None),
        (14, "below quantification", None, "below quantification"),
        (28, "quantified", 100, None),
        (61, "not done", None, "not done: visit missed"),
        (90, "below quantification", None, "below quantification"),
    ]
    assert records(found, "ADSL", "PKFL") == ["Y"]


def test_time_from_infusion_is_exact_where_both_clock_times_are_known():
    at_noon = INFUSED.replace("2024-01-10", "2024-01-10T12:00")
    taken = samples("2024-01-10T18:00  value  90", "2024-01-12  value  95")
    found = adam(infusion=at_noon, car_transgene=taken)
    assert records(found, "ADPC", "ARELTM", "ADAY") == [(0.25, 0), (2, 2)]


def parameters(found, *columns: str):
    return {code: rest for code, *rest in records(found, "ADPP", "PARAMCD", *columns)}


def test_parameters_are_of_blood_and_by_analyte():
    found = adam(infusion=INFUSED, car_transgene=COURSE)
    told = parameters(found, "AVAL", "AVALU", "METHOD")
    values = {
        code: (round(value, 3), unit, by) for code, (value, unit, by) in told.items() if value
    }
    # 7 x 1000 / 2, then 21 x 900 / ln 10: the sample of day 14 lies between two quantified ones
    area = (11708.166, "day*copies/ug DNA", "qPCR")
    # to the first sample below quantification, on day 90
    assert values == {
        "AUC028": area,
        "AUC090": area,
        "AUCLST": area,
        "AUCALL": (14808.166, "day*copies/ug DNA", "qPCR"),
        "AUMCLST": (137664.756, "day*day*copies/ug DNA", "qPCR"),
        "CLST": (100, "copies/ug DNA", "qPCR"),
        "CMAX": (1000, "copies/ug DNA", "qPCR"),
        "MRTIBLST": (11.758, "day", "qPCR"),
        "PERSLAST": (28, "day", "qPCR"),
        "TBLQ": (90, "day", "qPCR"),
        "TLST": (28, "day", "qPCR"),
        "TMAX": (7, "day", "qPCR"),
        "TMAX28": (7, "day", "qPCR"),
    }


def test_a_parameter_that_cannot_be_computed_says_why():
    found = adam(infusion=INFUSED, car_transgene=samples("2024-01-17  value  1000"))
    assert parameters(found, "WHYMISS")["AUC028"] == ["sampled to day 7.0 only, not to day 28"]
    nothing = adam(infusion=INFUSED, car_transgene=samples("2024-02-10  not detected"))
    told = parameters(nothing, "AVAL", "WHYMISS")
    assert [*told.values()] == [[None, "no quantifiable sample"]] * len(told)
    assert records(nothing, "ADSL", "PKFL") == ["N"]


def test_an_infused_subject_without_a_sample_stands_there_with_the_reason():
    two = f"{INFUSED.rstrip()}\n    002      1       2024-02-01  1      1        1"
    people = "subject  consented   level\n001  2023-12-01  1\n002  2023-12-01  1"
    found = adam(demographics=people, infusion=two, car_transgene=COURSE).tables["ADPP"]
    mine = found.filter(found["USUBJID"].str.ends_with("002"))
    assert mine["AVAL"].null_count() == mine.height > 0
    assert mine["WHYMISS"].unique().to_list() == ["no sample after infusion"]


def test_samples_from_a_retreatment_on_belong_to_its_own_clock():
    again = f"{INFUSED.rstrip()}\n    001      2       2024-04-01  1      1        1"
    taken = samples("2024-01-17  value  1000", "2024-04-08  value  5000")
    found = adam(infusion=again, car_transgene=taken)
    assert parameters(found, "AVAL")["CMAX"] == [1000]


@pytest.mark.parametrize("methods", [("car_transgene", "CARTG"), ("car_flow", "CARCELL")])
def test_several_analytes_of_one_method_have_their_own_codes(methods):
    form, code = methods
    value = "copies" if form == "car_transgene" else "cells"
    rows = [f"001  2024-01-17  {name}  blood  value  {n}" for n, name in enumerate("BA", start=1)]
    text = "\n".join([f"subject  at  analyte  specimen  status  {value}", *rows])
    found = adam(infusion=INFUSED, **{form: text})
    assert records(found, "ADPC", "PARAMCD", "PARAM", "AVAL") == [
        (code, "A", 2),
        (f"{code}2", "B", 1),
    ]


def test_a_sample_of_marrow_alone_makes_no_kinetics_subject():
    marrow = samples("2024-01-17  value  1000").replace("blood", "marrow")
    assert records(adam(infusion=INFUSED, car_transgene=marrow), "ADSL", "PKFL") == ["N"]


def test_a_sample_that_enters_no_curve_as_it_was_recorded_is_told():
    """A value below its own limit, one before the infusion, and one without a day."""
    taken = samples(
        "2024-01-10  value  5000",
        "2024-01-17  value  1000",
        "2024-01-24  value  10",
        "2024-02  value  9000",
    )
    found = adam(infusion=INFUSED, car_transgene=taken)
    assert records(found, "ADPC", "ADAY", "ASTATUS", "AVAL", "AVALC")[1:3] == [
        (7, "quantified", 1000, "1000"),
        (14, "below quantification", None, "10"),
    ]
    assert parameters(found, "AVAL")["CMAX"] == [1000]
    assert [str(one) for one in found.findings if one.table == "PC"] == [
        "PC: 1 record, first subject BCMA-CD19-MM-001: PCDTC: must be a complete date, "
        "got a part or nothing. It is in no curve",
        "PC: 1 record, first subject BCMA-CD19-MM-001: PCSTRESN: must reach PCLLOQ, or be said "
        "below it, got a lower number. It is below quantification",
        "PC: 1 record, first subject BCMA-CD19-MM-001: PCSTRESN: must be below quantification "
        "up to the infusion, got a value. The curve starts at 0",
    ]
