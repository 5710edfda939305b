"""Free light chains, mg/L, where nothing else was measurable; by IMWG 2016."""

import pytest

from tests.unit.response.assessing import derived, levels, responses

CHAINS = "free light chains"
NOTHING_ELSE = {"serum": 0.0, "urine": 0.0, "lambda_": 10.0}


def test_the_ratio_or_the_fall_of_the_difference_sets_the_level():
    found, expected = levels(
        """
        baseline  now    lambda_  expected
        510       16.5   10       CR
        510       16.6   10       VGPR
        510       2.6    10       CR
        510       2.5    10       VGPR
        510       60     10       VGPR
        510       60.1   10       PR
        510       260    10       PR
        510       260.1  10       SD
        510       510    10       SD
        510       400    350      CR
        510       60     -        NE
        110       60     10       PR
        100       55     10       PR
        99        50     10       not applicable
        """,
        CHAINS,
        "kappa",
        always=NOTHING_ELSE,
    )
    assert found == expected


def test_progression_is_a_quarter_and_more_than_100_mg_above_the_lowest():
    text = """
        baseline  now    lambda_  expected
        510       635    10       PD
        510       634.9  10       SD
        260       360    10       SD
        260       360.1  10       PD
        99        199    10       not applicable
        99        199.1  10       PD
        """
    found, expected = levels(text, CHAINS, "kappa", always=NOTHING_ELSE)
    assert found == expected
    found, _ = levels(
        text,
        CHAINS,
        "kappa",
        always=NOTHING_ELSE,
        changes={"light_chains": {"rise": {"by": 10}}},
    )
    assert found == ["PD", "SD", "PD", "PD", "PD", "PD"]


def test_the_involved_chain_is_that_of_the_baseline():
    tables = derived(
        """
        day  serum  urine  kappa  lambda_
        -6   0      0      10     510
        30   0      0      10     60
        60   0      0      300    10
        """
    )
    assert tables.baseline["involved"].to_list() == ["lambda"]
    assert [said for _, said in responses(tables)] == ["VGPR", "VGPR"]
    assert tables.components.filter(component=CHAINS)["value"].to_list() == [50, -290]


def test_chains_that_were_normal_at_baseline_progress_once_the_ratio_is_not():
    tables = derived(
        """
        day  kappa  lambda_  marrow
        -6   60     50       40
        30   400    250      20
        60   10     10       20
        90   10     10       20
        120  15     120      20
        150  5      105.1    20
        """
    )
    assert tables.baseline["involved"].to_list() == [None]
    assert [said for _, said in responses(tables)] == ["PR", "PR", "PR", "PD", "PD"]
    assert tables.components.filter(component=CHAINS)["value"].to_list() == [150, 0, 0, 105, 100.1]


def test_two_chains_of_0_have_no_ratio():
    tables = derived(
        """
        day  serum  serum_fixation  urine  urine_fixation  kappa  lambda_  marrow
        -6   0      negative        0      negative        10     510      -
        30   0      negative        0      negative        0      0        2
        60   0      negative        0      negative        12     10       2
        """
    )
    assert [said for _, said in responses(tables)] == ["VGPR", "CR"]
    assert tables.assessed["explanation"].to_list()[0] == (
        "VGPR. Involved less uninvolved light chain 0 mg/L, 100 % below the baseline of 500 mg/L "
        "(VGPR from 90 %). CR not shown: ratio of free light chains missing."
    )
    assert tables.assessed["capped"].to_list()[0] == "ratio of free light chains"


@pytest.mark.parametrize("measurable", ["serum  30", "urine  3000"])
def test_beside_measurable_m_protein_light_chains_are_not_asked(measurable):
    kind, amount = measurable.split()
    tables = derived(
        f"""
        day  {kind}  kappa  lambda_
        -6   {amount}  510   10
        30   {amount}  900   10
        """
    )
    assert [said for _, said in responses(tables)] == ["SD"]
    assert tables.components.filter(component=CHAINS)["level"].to_list() == ["not applicable"]


def test_each_level_is_said_in_a_sentence():
    tables = derived(
        """
        day  serum  urine  kappa  lambda_
        -6   0      0      510    10
        30   0      0      60     10
        60   0      0      12     10
        90   0      0      160.1  10
        120  0      0      160    -
        150  0      0      -      -
        """
    )
    assert tables.components.filter(component=CHAINS)["explanation"].to_list() == [
        "Involved less uninvolved light chain 50 mg/L, 90 % below the baseline of 500 mg/L "
        "(VGPR from 90 %).",
        "Ratio of free light chains normal (kappa 12 mg/L, lambda 10 mg/L; 0.26 to 1.65).",
        "Involved less uninvolved light chain 150.1 mg/L, up 100.1 mg/L (+200 %) from the lowest "
        "confirmed value of 50 mg/L (PD from 25 % and more than 100 mg/L).",
        "One of the free light chains is missing.",
        "Free light chains missing.",
    ]
