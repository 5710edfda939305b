"""Each kind of DLT clause against courses in words; docs/reference/rules/dlt.md shows them."""

from dataclasses import replace

import pytest

from cartrial.dosing.toxicity.clauses import judge
from cartrial.protocol.clause import Clause, Excluding
from cartrial.protocol.read import packaged_study
from tests.unit.dosing.toxicity.courses import rows, toxic

PACKAGED = {clause.id: clause for clause in packaged_study().dlt.clauses}


def check(table, *, clause, kind, analyte="", direction=""):
    rule = PACKAGED[clause].model_copy(update={"excluding": Excluding()})
    found, expected = [], []
    for row in rows(table):
        course = toxic(kind, row["course"], analyte=analyte, direction=direction)
        judged = judge(rule, course, window=84)
        found.append((row["course"], judged.verdict, judged.met))
        expected.append((row["course"], row["verdict"], int(row["met"]) if row["met"] else None))
    assert found == expected


def test_a_clause_without_duration_is_met_on_the_day_of_its_grade():
    check(
        """
        course                          verdict  met
        day 5 08:00 G4, day 6 G1        yes      5
        day 5 08:00 G3, day 6 20:00 G4  yes      6
        day 5 G3, day 6 G2, over day 9  no       -
        day 5 G5                        yes      5
        day 5 G3-4, over day 9          open     -
        day 5 G1-3, over day 9          no       -
        worst G4 day 5, over day 9      yes      -
        worst G4 day 5, over day 5      yes      5
        day 5-9 G4                      yes      -
        day 84 G4                       yes      84
        day 85 G4                       no       -
        day 80 G2, day 90 G4            no       -
        day 80-90 G4                    open     -
        day -2 G4, day 3 G2             no       -
        day -2 G2, day 3 G4             yes      3
        day -2 G4, day 3 G4             no       -
        day -2 G3-4, day 3 G4           open     -
        day -2-0 G4                     yes      0
        """,
        clause="crs-4",
        kind="CRS",
    )


def test_grade_3_not_at_grade_2_or_lower_within_72_h_is_held_to_the_clock():
    check(
        """
        course                                                verdict  met
        day 5 08:00 G3, day 8 08:00 G2, over day 9            no       -
        day 5 08:00 G3, day 8 08:01 G2, over day 9            yes      8
        day 5 20:00 G3, day 9 08:00 G1                        yes      8
        day 5 08:00 G3, day 9 08:00 G4, day 10 G2             yes      8
        day 5 08:00 G2, day 6 08:00 G3, day 8 G1              no       -
        day 5 G3, day 7 G2                                    no       -
        day 5 G3, day 8 G2                                    open     -
        day 5 G3, day 9 G2                                    yes      8
        day 5 08:00 G3, day 8 G2                              open     -
        day 5 08:00 G3, day 7 G2                              no       -
        day 5 08:00 G3, over day 7                            no       -
        day 5 08:00 G3, over day 9                            yes      8
        day 5 08:00 G3, seen day 8                            open     -
        day 5 08:00 G3, seen day 9                            yes      8
        day 5 08:00 G2-3, day 9 G1                            open     -
        day 5 08:00 G3, day 6 08:00 G2-3, day 9 G1            open     -
        day 5 08:00 G3, day 6 08:00 G3-4, day 9 G1            yes      8
        day 5 08:00 G1-2, day 9 G1                            no       -
        worst G3 day 5, over day 9                            open     -
        worst G3 day 5, over day 7                            no       -
        worst G2 day 5, over day 20                           no       -
        day 5 08:00 G3, day 6 G2, day 10 08:00 G3, day 14 G1  yes      13
        day 83 08:00 G3, day 88 G1                            yes      86
        """,
        clause="crs-3",
        kind="CRS",
    )


def test_grade_3_for_more_than_7_days_is_end_minus_onset_in_days():
    check(
        """
        course                                      verdict  met
        day 5 G3, day 12 G2, over day 30            no       -
        day 5 G3, day 13 G2, over day 30            yes      13
        day 5 20:00 G3, day 13 08:00 G2             yes      13
        day 5 G3, over day 12                       no       -
        day 5 G3, over day 13                       yes      13
        day 5 G2, day 9 G3, over day 13             no       -
        day 5 G3, seen day 12                       open     -
        day 5 G3, seen day 13                       yes      13
        day 5 G3, over day 12-13                    open     -
        day 4-5 G3, over day 14                     yes      -
        day 4-8 G3, over day 14                     open     -
        worst G3 day 5, over day 12                 no       -
        worst G3 day 5, over day 13                 open     -
        day 80 G3, over day 95                      yes      88
        day 80 G2, day 85 G3, over day 99           no       -
        day -2 G3, day 4 G4, day 13 G3              yes      12
        day -2 G3, day 20 G2                        no       -
        day -2 G3, day 4 G4, day 9 G3, over day 20  no       -
        day -2-3 G3, over day 7                     no       -
        """,
        clause="lasting",
        kind="adverse event",
    )


def test_values_at_grade_4_for_more_than_28_days_last_from_the_first_to_the_last():
    check(
        """
        course                                       verdict  met
        day 0 G4, day 10 G4, day 29 G4, day 30 G3    yes      29
        day 1 G4, day 10 G4, day 29 G4, day 30 G3    no       -
        day 1 G4, day 29 G3, day 40 G2               no       -
        day 1 G4, day 15 G2, day 16 G4, day 30 G1    no       -
        day 1 G4, day 29 G4                          open     -
        day 1 G4, day 30 G4                          yes      30
        day 1 G4, day 15 G0-4, day 35 G4, day 40 G0  open     -
        day 1 G4, day 15 G0-4, day 29 G0             no       -
        day -3 G4, day -1 G4, day 20 G4, day 27 G2   no       -
        day -3 G4, day 1 G4, day 20 G4, day 30 G4    yes      30
        day 70 G4, day 99 G4                         yes      99
        day 85 G4, day 120 G4                        no       -
        """,
        clause="neutropenia",
        kind="laboratory",
        analyte="NEUT",
        direction="low",
    )


def test_a_clause_may_ask_for_a_lower_grade_than_the_next():
    clause = Clause(id="slow", name="s", toxicity="any", grade=3, not_to_grade=1, within="7 d")
    for course, verdict, met in [
        ("day 5 G3, day 6 G2, day 13 G1", "yes", 13),
        ("day 5 G3, day 6 G2, day 12 G1", "no", None),
        ("day 5 G2, day 13 G1", "no", None),
    ]:
        judged = judge(clause, toxic("CRS", course), window=84)
        assert (judged.verdict, judged.met) == (verdict, met)


def test_an_event_that_a_clause_may_not_be_about_is_open():
    event = replace(toxic("adverse event", "day 5 G3"), organ_class="")
    judged = judge(PACKAGED["organ"], event, window=84)
    assert (judged.verdict, judged.reason) == ("open", "its term or organ class is not recorded")


@pytest.mark.parametrize(
    ("clause", "kind", "course", "reason"),
    [
        ("crs-3", "CRS", "day 5 G3, day 8 G2", "the hour is not recorded"),
        ("crs-3", "CRS", "day 5-9 G3, day 10 G2", "a date is known in part"),
        (
            "crs-3",
            "CRS",
            "day 5 08:00 G3, day 6 08:00 G2-3, day 9 G1",
            "the grade on day 6, 08:00 is not known: 2 to 3",
        ),
        ("icans-3", "ICANS", "day 5 G3, seen day 6", "not over when last seen on day 6"),
        (
            "lasting",
            "adverse event",
            "worst G3 day 5, over day 20",
            "when it was at grade 3 or higher is not recorded",
        ),
    ],
)
def test_an_open_verdict_says_why(clause, kind, course, reason):
    assert judge(PACKAGED[clause], toxic(kind, course), window=84).reason == reason


def test_the_evidence_is_the_grades_that_decide():
    met = judge(
        PACKAGED["crs-3"], toxic("CRS", "day 4 08:00 G1, day 5 08:00 G3, over day 9"), window=84
    )
    assert (met.began, met.evidence) == (5, "day 5, 08:00 grade 3; until day 9")
    days = ", ".join(f"day {day} G4" for day in range(31))
    long = judge(
        PACKAGED["neutropenia"],
        toxic("laboratory", days, analyte="NEUT", direction="low"),
        window=84,
    )
    assert long.evidence == (
        "day 0 grade 4; day 1 grade 4; day 2 grade 4; 25 more; "
        "day 28 grade 4; day 29 grade 4; day 30 grade 4"
    )


def test_a_clause_has_its_own_window_where_it_is_shorter():
    early = Clause(id="early", name="early", toxicity="CRS", grade=4, window=28)
    assert judge(early, toxic("CRS", "day 29 G4"), window=early.window).verdict == "no"


def test_a_pause_rule_has_no_window():
    [rule] = [r for r in packaged_study().pause_rules if r.toxicity == "ICANS"]
    assert judge(rule, toxic("ICANS", "day 400 G4"), window=None).verdict == "yes"
