"""Plasma cells of the marrow, %, where nothing else was measurable; IMWG 2016."""

from tests.unit.response.assessing import derived, levels, responses

MARROW = "marrow plasma cells"
NOTHING_ELSE = {"serum": 0.0, "urine": 0.0, "kappa": 10.0, "lambda_": 10.0}


def test_the_fall_from_baseline_sets_the_level():
    found, expected = levels(
        """
        baseline  now   expected
        60        4.9   CR
        60        5     PR
        60        30    PR
        60        31    SD
        60        60    SD
        30        15    PR
        29        5     not applicable
        60        -     NE
        """,
        MARROW,
        "marrow",
        always=NOTHING_ELSE,
    )
    assert found == expected


def test_progression_is_a_quarter_and_10_points_above_the_lowest_whatever_the_baseline():
    found, expected = levels(
        """
        baseline  before  now   expected
        60        -       75    PD
        60        -       74    SD
        60        5       15    PD
        60        5       14    PR
        60        20 5    15    PD
        3         -       13    PD
        3         -       12.9  not applicable
        -         4       14    PD
        """,
        MARROW,
        "marrow",
        always=NOTHING_ELSE,
    )
    assert found == expected


def test_a_progression_of_the_marrow_needs_no_confirmation_and_is_dated_by_it():
    tables = derived(
        """
        day  serum  urine  kappa  lambda_  marrow
        -6   0      0      10     10       60
        28   0      0      10     10       -
        31   -      -      -      -        75
        33   0      -      -      -        -
        """
    )
    assert responses(tables) == [(31, "PD")]
    assert tables.assessed["by_imaging"].to_list() == [True]
    assert tables.assessed["explanation"].to_list() == [
        "PD. Plasma cells in marrow 75 %, up 15 points (+25 %) from the lowest value of 60 % "
        "(PD from 25 % and 10 points)."
    ]


def test_without_a_very_good_partial_response_the_next_below_complete_is_partial():
    tables = derived(
        """
        day  serum  serum_fixation  urine  urine_fixation  kappa  lambda_  marrow
        -6   0      negative        0      negative        10     10       60
        30   0      negative        0      negative        10     10       4
        60   0      positive        0      negative        10     10       4
        90   0      -               0      negative        10     10       4
        120  0      negative        0      negative        10     10       -
        """
    )
    assert [said for _, said in responses(tables)] == ["CR", "PR", "PR", "NE"]
    assert tables.assessed["capped"].to_list() == [
        "test for clonal plasma cells in marrow",
        None,
        "immunofixation of serum",
        None,
    ]
