import pytest

from cartrial.results.heat_map import crs_heat, icans_heat
from tests.unit.results.made import trial

ADSL = """
TRTSDT = 2025-01-01
SAFFL = Y
subject  TRT01AN  DTHDT
B        1        -
A        2        -
C        1        2025-01-11
"""
ADTOX = """
SAFFL = Y
PARAMCD = CRS
subject  ADAY  ATOXGRN  DTOXGRL  DTOXGRH  DTOXRULE     DTOXMISS  AGREEFL
A        1     0        0        0        no fever     -         Y
A        2     1        1        1        fever        -         Y
A        2     3        2        2        low flow     -         N
A        3     -        2        2        hypotension  -         -
A        4     -        1        4        fever        oxygen    -
A        5     -        0        4        nothing      fever     -
B        0     0        0        0        no fever     -         Y
"""
ADCE = """
ACAT = CRS
subject  TOCIDTS                STERDTS
A        2025-01-03             2024-12-31 2025-01-04
B        -                      -
"""


@pytest.fixture(scope="module")
def tables():
    made = trial(ADSL=ADSL, ADTOX=ADTOX, ADCE=ADCE)
    [heat] = crs_heat(made)
    return tuple(heat.data[name] for name in heat.figure.data)


def day(tables, subject, number):
    [row] = tables[0].filter(subject=subject, day=number).iter_rows(named=True)
    return row


@pytest.mark.parametrize(("worst", "mark"), [("5", "5"), ("4", "2*")])
def test_a_grade_5_is_shown_only_where_the_death_was_judged_as_due_to_it(worst, mark):
    seen = "SAFFL = Y\nPARAMCD = CRS\nsubject  ADAY  ATOXGRN  DTOXGRL  DTOXGRH\nA  1  5  2  2"
    judged = f"ACAT = CRS\nsubject  ATOXGRN\nA        {worst}"
    [heat] = crs_heat(trial(ADSL=ADSL, ADTOX=seen, ADCE=judged))
    assert day((heat.data["crs_days"],), "A", 1)["mark"] == mark


@pytest.mark.parametrize(
    ("number", "colour", "mark", "recorded", "derived"),
    [
        (0, "not assessed", None, "not assessed", "not assessed"),
        (1, "grade 0", "0", "grade 0", "grade 0"),
        (2, "grade 3", "3", "grade 3", "grade 2"),
        (3, "grade 2", "2*", "not recorded", "grade 2"),
        (4, "grade 1", "≥1", "not recorded", "at least grade 1"),
        (5, "not assessable", "?", "not recorded", "not assessable"),
        (6, "not assessed", None, "not assessed", "not assessed"),
    ],
)
def test_a_day_shows_the_worst_recorded_grade_else_the_derived_one(
    tables, number, colour, mark, recorded, derived
):
    found = day(tables, "A", number)
    assert (found["colour"], found["mark"]) == (colour, mark)
    assert (found["recorded"], found["derived"]) == (recorded, derived)


def test_a_day_says_the_rule_of_its_worst_assessment_and_whether_they_disagree(tables):
    assert day(tables, "A", 2)["rule"] == "low flow"
    assert [day(tables, "A", n)["differs"] for n in (1, 2, 3)] == [False, True, False]
    assert day(tables, "A", 4)["missing"] == "oxygen"


def test_lanes_stand_by_dose_level_and_have_every_day_up_to_death(tables):
    lanes = tables[0].select("lane", "order").unique().sort("order")
    assert lanes["lane"].to_list() == ["B", "C", "A"]
    days = {key[0]: part["day"].to_list() for key, part in tables[0].group_by("lane")}
    assert days["A"] == days["B"] == list(range(31))
    assert days["C"] == list(range(11))


def test_a_subject_without_assessments_is_not_assessed_and_never_grade_0(tables):
    assert set(tables[0].filter(subject="C")["colour"]) == {"not assessed"}


def test_treatment_before_the_infusion_is_not_drawn(tables):
    found = tables[1].select("subject", "day", "drug").rows()
    assert found == [("A", 2, "tocilizumab"), ("A", 3, "steroid")]


def test_a_second_infusion_has_a_lane_with_its_own_day_0():
    again = """
    SAFFL = Y
    PARAMCD = CRS
    subject  INFNO  ADT         ADAY  ATOXGRN
    B        1      2025-01-02  1     1
    B        2      2025-06-04  3     2
    """
    [heat] = crs_heat(trial(ADSL=ADSL, ADTOX=again))
    days, _ = (heat.data[name] for name in heat.figure.data)
    assert days.filter(lane="B, infusion 2", day=3)["mark"].to_list() == ["2"]
    assert days["lane"].unique(maintain_order=True).to_list() == ["B", "B, infusion 2", "C", "A"]
    assert days.filter(lane="B", day=3)["colour"].to_list() == ["not assessed"]


def test_nothing_is_drawn_where_no_assessment_was_collected():
    [heat] = icans_heat(trial(ADSL=ADSL, ADTOX=ADTOX))
    assert heat.figure.empty == "Not collected: assessments at the bedside."
    assert heat.figure.data == ()
