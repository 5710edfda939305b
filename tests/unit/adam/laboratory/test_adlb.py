"""Baselines: before lymphodepletion, and for myeloma after bridging."""

import pytest

from tests.unit.adam.trial import INFUSED, STUDY, adam, records

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


def taken(code: str, *values: str, unit: str = "10^9/L", low: str = "-", high: str = "-") -> str:
    """Results on 2 January, then every day from the 11th on, with the range of normal."""
    days = ["2024-01-02", *(f"2024-01-{11 + n}" for n in range(len(values) - 1))]
    rows = [
        f"001  {day}  {code}  serum  {value}  {unit}  {low}  {high}"
        for day, value in zip(days, values, strict=True)
    ]
    return "\n".join(["subject  at  analyte  specimen  value  unit  low  high", *rows])


def test_a_value_has_its_grade_in_each_direction_and_that_of_its_baseline():
    found = adam(infusion=INFUSED, laboratory=taken("WBC", "3.5", "0.9", "101", low="4", high="10"))
    columns = ("ATOXDSCL", "ATOXGRLN", "BTOXGRLN", "ATOXDSCH", "ATOXGRHN", "BTOXGRHN")
    low, high = "White blood cell decreased", "Leukocytosis"
    assert records(found, "ADLB", *columns) == [
        (low, 1, 1, high, 0, 0),
        (low, 4, 1, high, 0, 0),
        (low, 0, 1, high, 3, 0),
    ]
    assert records(found, "ADLB", "BNRIND") == ["LOW"] * 3


def test_the_baseline_decides_the_arm_and_is_itself_held_against_the_normal_range():
    values = taken("ALT", "120", "170", "190", unit="U/L", low="10", high="40")
    found = adam(infusion=INFUSED, laboratory=values)
    assert records(found, "ADLB", "ATOXGRHN", "BTOXGRHN") == [(1, 1), (0, 1), (1, 1)]


def test_what_the_value_leaves_open_is_an_interval_with_its_question_or_its_reason():
    potassium = taken("K", "4", "3.2", unit="mmol/L", low="3.5", high="5")
    found = adam(infusion=INFUSED, laboratory=potassium)
    (_, asked) = records(found, "ADLB", "ATOXGRLN", "ATOXLLO", "ATOXASKL", "ATOXWHYL")
    assert asked[:2] == (None, 1)
    assert asked[2].startswith("symptomatic")
    unlimited = adam(infusion=INFUSED, laboratory=taken("NEUT", "2", "0.9"))
    (_, known) = records(unlimited, "ADLB", "ATOXGRLN", "ATOXWHYL")
    assert known == (3, None)
    (first, _) = records(unlimited, "ADLB", "ATOXGRLN", "ATOXLLO", "ATOXLHI", "ATOXWHYL")
    assert first[:3] == (None, 0, 1)
    assert "lower limit" in first[3]


def test_urine_and_a_standard_without_laboratory_limits_have_no_grade():
    urine = taken("CREAT", "900", "900", unit="umol/L", high="100").replace("serum", "urine")
    found = adam(infusion=INFUSED, laboratory=urine)
    assert records(found, "ADLB", "ATOXDSCH") == [None, None]
    older = STUDY.model_copy(
        update={"standards": STUDY.standards.model_copy(update={"adverse_events": "CTCAE-4.03"})}
    )
    counts = taken("NEUT", "2", "0.9", low="1.5")
    assert records(adam(study=older, infusion=INFUSED, laboratory=counts), "ADLB", "ATOXDSCL") == [
        None,
        None,
    ]


def test_the_study_chooses_the_version_of_the_criteria():
    newer = STUDY.model_copy(
        update={"standards": STUDY.standards.model_copy(update={"adverse_events": "CTCAE-6.0"})}
    )
    counts = taken("NEUT", "2", "0.3", low="1.5")
    assert records(adam(infusion=INFUSED, laboratory=counts), "ADLB", "ATOXGRLN")[1] == 4
    assert (
        records(adam(study=newer, infusion=INFUSED, laboratory=counts), "ADLB", "ATOXGRLN")[1] == 3
    )


def test_calcium_is_corrected_for_an_albumin_of_the_same_sample():
    sample = """
        subject  at                analyte  specimen  value  unit    low  high
        001      2024-01-12T08:00  CA       serum     1.9    mmol/L  2.1  2.6
        001      2024-01-12T08:00  ALB      serum     20     g/L     35   50
        001      2024-01-13T08:00  CA       serum     1.9    mmol/L  2.1  2.6
        001      2024-01-13T20:00  ALB      serum     20     g/L     35   50
    """
    found = adam(infusion=INFUSED, laboratory=sample)
    columns = ("PARAMCD", "AVAL", "DTYPE", "ANRIND", "ATOXGRLN", "WHYMISS")
    assert [row for row in records(found, "ADLB", *columns) if row[0] != "ALB"] == [
        ("CA", 1.9, None, "LOW", None, None),
        ("CA", 1.9, None, "LOW", None, None),
        ("CACR", 2.3, "CORRECTED", "NORMAL", 0, None),
        ("CACR", None, "CORRECTED", None, None, "no albumin of the same sample"),
    ]


def test_a_corrected_calcium_that_was_reported_stands_alone():
    sample = """
        subject  at          analyte  specimen  value  unit    low  high
        001      2024-01-12  CA       serum     1.9    mmol/L  2.1  2.6
        001      2024-01-12  CACR     serum     2.2    mmol/L  2.1  2.6
        001      2024-01-12  ALB      serum     20     g/L     35   50
    """
    found = adam(infusion=INFUSED, laboratory=sample)
    corrected = [
        row for row in records(found, "ADLB", "PARAMCD", "AVAL", "DTYPE") if row[0] == "CACR"
    ]
    assert corrected == [("CACR", 2.2, None)]


def test_results_stand_by_the_code_that_they_end_up_with_and_the_date():
    sample = """
        subject  at          analyte  specimen  value  unit    low  high
        001      2024-01-13  CA       serum     1.9    mmol/L  2.1  2.6
        001      2024-01-12  CA       urine     4.0    mmol/L  1.0  9.0
        001      2024-01-12  CA       serum     1.9    mmol/L  2.1  2.6
        001      2024-01-12  ALB      serum     20     g/L     35   50
    """
    found = adam(infusion=INFUSED, laboratory=sample)
    assert records(found, "ADLB", "ASEQ", "PARAMCD", "ADAY") == [
        (1, "ALB", 2),
        (2, "CA", 2),
        (3, "CA", 3),
        (4, "CACR", 2),
        (5, "CACR", 3),
        (6, "CAU", 2),
    ]
