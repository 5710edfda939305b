"""Samples that lie close together make one assessment."""

import pytest

from tests.unit.response.assessing import day, derived, responses

BASELINE = "-6   30     positive        -      -"


def assessed(rows, **bounds):
    header = "day  serum  serum_fixation  urine  marrow"
    return derived("\n".join([header, BASELINE, *rows.strip().splitlines()]), **bounds)


def days(tables):
    shown = tables.assessed.select("number", "first", "last")
    return [(n, (a - day(0)).days, (b - day(0)).days) for n, a, b in shown.rows()]


def test_an_assessment_takes_what_lies_within_six_days_of_its_first_sample():
    tables = assessed(
        """
        28   3      positive        -      -
        34   -      -               90     -
        35   -      -               90     -
        41   3      positive        -      -
        42   3      positive        -      -
        """
    )
    assert days(tables) == [(1, 28, 34), (2, 35, 41), (3, 42, 42)]


@pytest.mark.parametrize(
    ("together", "expected"),
    [(0, [(1, 28, 28), (2, 30, 30), (3, 33, 33)]), (2, [(1, 28, 30), (2, 33, 33)])],
)
def test_a_study_says_how_close(together, expected):
    rows = """
        28   3      positive        -      -
        30   -      -               90     -
        33   3      positive        -      -
        """
    assert days(assessed(rows, together=together)) == expected


def test_of_two_values_of_a_kind_the_later_one_counts():
    rows = """
        28   3      positive        90     -
        30   15     -               -      -
        31   -      negative        -      -
        """
    tables = assessed(rows)
    serum = tables.components.row(0, named=True)
    assert (serum["value"], serum["dated"]) == (15, day(30))
    assert responses(tables) == [(31, "PR")]


def test_a_sample_of_the_day_of_the_infusion_or_after_death_is_not_used():
    rows = """
        0    3      positive        90     -
        28   15     positive        90     -
        60   3      positive        90     -
        61   3      positive        90     -
        """
    assert responses(assessed(rows, together=0, death=60)) == [(28, "PR"), (60, "VGPR")]


@pytest.mark.parametrize("kind", ["calcium", "haemoglobin", "creatinine", "circulating"])
def test_blood_alone_opens_no_assessment(kind):
    tables = derived(f"day  serum  {kind}\n-6  30  -\n28  -  2\n60  30  2\n63  -  3")
    assert days(tables) == [(1, 60, 60)]


def test_progression_is_dated_at_the_first_sample_that_shows_it():
    rows = """
        28   36     positive        90     -
        29   38     positive        90     -
        31   39     positive        90     -
        33   -      -               90     -
        """
    assert responses(assessed(rows)) == [(29, "PD")]


def test_why_a_sample_is_missing_belongs_to_the_assessment_it_lies_near():
    tables = derived(
        """
        day  serum  urine_fixation  lost
        -6   30     -               -
        26   -      -               urine M-protein: sample lost
        28   -      negative        -
        33   -      -               serum M-protein: patient refused
        60   -      negative        -
        53   -      -               serum M-protein: not done
        """
    )
    assert tables.assessed["explanation"].to_list() == [
        "NE. Serum M-protein missing. Recorded: urine M-protein: sample lost; serum M-protein: "
        "patient refused.",
        "NE. Serum M-protein missing.",
    ]
