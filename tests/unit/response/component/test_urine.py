"""M-protein of urine, mg/24h; the numbers are those of IMWG 2016."""

import pytest

from tests.unit.response.assessing import derived, levels, responses

URINE = "urine M-protein"


def test_the_amount_or_the_fall_sets_the_level():
    found, expected = levels(
        """
        baseline  now   urine_fixation  expected
        3000      0     negative        CR
        3000      -     negative        CR
        3000      0     positive        VGPR
        3000      99    negative        VGPR
        3000      100   positive        PR
        3000      199   positive        PR
        3000      200   positive        PR
        3000      300   positive        PR
        3000      301   positive        MR
        3000      1500  positive        MR
        3000      1501  positive        SD
        400       199   positive        PR
        400       200   positive        MR
        400       201   positive        SD
        200       100   positive        PR
        199       10    positive        not applicable
        -         10    positive        not applicable
        3000      -     positive        NE
        3000      -     -               NE
        """,
        URINE,
        "urine",
    )
    assert found == expected


def test_progression_is_a_quarter_and_200_mg_above_the_lowest_confirmed_value():
    found, expected = levels(
        """
        baseline  before     now   expected
        3000      100 100    300   PD
        3000      100 100    299   PR
        3000      1000 1000  1250  PD
        3000      1000 1000  1249  MR
        3000      100        300   PR
        3000      -          3750  PD
        3000      -          3749  SD
        0         -          200   PD
        0         -          199   not applicable
        """,
        URINE,
        "urine",
    )
    assert found == expected


@pytest.mark.parametrize(
    ("baseline", "now", "expected", "capped"),
    [
        ("150", "200", "SD", None),
        ("150", "199", "PR", None),
        ("150", "100", "PR", None),
        ("150", "99", "VGPR", None),
        ("150", "-", "PR", "urine M-protein"),
        ("100", "-", "PR", "urine M-protein"),
        ("99", "-", "VGPR", "immunofixation of urine; plasma cells in marrow"),
        ("-", "-", "PR", "urine M-protein"),
        ("-", "150", "PR", None),
    ],
)
def test_urine_that_was_not_measurable_holds_the_response_down(baseline, now, expected, capped):
    tables = derived(
        f"""
        day  serum  serum_fixation  urine
        -6   30     positive        {baseline}
        28   0      negative        {now}
        """
    )
    assert responses(tables) == [(28, expected)]
    assert tables.assessed["capped"].to_list() == [capped]


def test_each_level_is_said_in_a_sentence():
    tables = derived(
        """
        day  urine  urine_fixation
        -6   3000   positive
        30   1200   positive
        60   250    positive
        90   150    positive
        120  40.5   positive
        150  0      positive
        180  0      negative
        210  350    positive
        """
    )
    urine = tables.components.filter(component=URINE)
    assert urine["explanation"].to_list() == [
        "Urine M-protein 1200 mg/24h, 60 % below the baseline of 3000 mg/24h (MR from 50 %).",
        "Urine M-protein 250 mg/24h, 91 % below the baseline of 3000 mg/24h (PR from 90 %).",
        "Urine M-protein 150 mg/24h, below 200.",
        "Urine M-protein 40.5 mg/24h, below 100.",
        "Urine M-protein not measurable by electrophoresis.",
        "No M-protein in urine, immunofixation negative.",
        "Urine M-protein 350 mg/24h, up 350 mg/24h from the lowest confirmed value of 0 mg/24h "
        "(PD from 25 % and 200 mg/24h).",
    ]
