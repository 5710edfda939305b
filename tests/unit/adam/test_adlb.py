"""Baselines: before lymphodepletion, and for myeloma after bridging."""

import pytest

from tests.unit.adam.trial import INFUSED, adam, records

CONDITIONED = "subject  drug         on          dose\n001      Fludarabine  2024-01-05  30"


def platelets(*taken: str) -> str:
    rows = [f"001  {at}  PLAT  blood  {100 + n}  10^9/L" for n, at in enumerate(taken)]
    return "\n".join(["subject  at  analyte  specimen  value  unit", *rows])


@pytest.mark.parametrize(
    ("forms", "baseline"),
    [
        ({"lymphodepletion": CONDITIONED}, 101),
        ({}, 102),
    ],
)
def test_a_baseline_is_the_last_value_before_treatment(forms, baseline):
    taken = platelets("2024-01-02", "2024-01-05", "2024-01-09", "2024-01-12")
    found = adam(infusion=INFUSED, laboratory=taken, **forms)
    assert records(found, "ADLB", "BASE") == [baseline] * 4
    assert records(found, "ADLB", "ABLFL").index("Y") == baseline - 100
    assert records(found, "ADLB", "CHG")[-1] == 103 - baseline


def test_on_the_day_of_infusion_clock_times_decide():
    at_noon = INFUSED.replace("2024-01-10", "2024-01-10T12:00")
    taken = platelets("2024-01-10T08:00", "2024-01-10T16:00")
    assert records(adam(infusion=at_noon, laboratory=taken), "ADLB", "ABLFL") == ["Y", None]


def test_a_date_known_in_part_is_no_baseline():
    found = adam(infusion=INFUSED, laboratory=platelets("2023-12"))
    assert records(found, "ADLB", "ABLFL", "ADTF", "BASE") == [(None, "D", None)]


M_PROTEIN = """
    subject  on          specimen  m_protein  unit  why_missing
    001      2023-12-05  serum     40         g/L   -
    001      2023-12-28  serum     3          g/dL  -
    001      2024-01-04  serum     -          -     sample lost
    001      2024-02-07  serum     5          g/L   -
"""
BRIDGED = "subject  number  drug  started     ended\n001  1  Bortezomib  2023-12-10  2023-12-20"


@pytest.mark.parametrize(
    ("ended", "baseline"), [("2023-12-20", 30), ("2023-12-28", None), ("-", 30)]
)
def test_the_myeloma_baseline_is_after_bridging(ended, baseline):
    bridging = BRIDGED.replace("2023-12-20", ended)
    forms = {"lymphodepletion": CONDITIONED, "bridging": bridging, "m_protein": M_PROTEIN}
    found = adam(infusion=INFUSED, **forms)
    assert records(found, "ADLB", "BASE") == [baseline] * 4
    assert records(found, "ADLB", "WHYMISS") == [None, None, "sample lost", None]


def test_a_result_in_words_says_so():
    fixation = """
        subject  on          specimen  m_protein  unit  immunofixation
        001      2023-12-05  serum     0          g/L   positive
    """
    found = adam(infusion=INFUSED, m_protein=fixation)
    assert records(found, "ADLB", "PARAMCD", "AVAL", "AVALC", "WHYMISS") == [
        ("MCPROT", 0, "0", None),
        ("MPIFE", None, "POSITIVE", "the result is in words"),
    ]
