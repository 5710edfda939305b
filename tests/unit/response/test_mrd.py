"""Measurable residual disease, subject 001, infused on 2024-01-01, in CR from 2024-03-01."""

import datetime as dt

import pytest

from cartrial.protocol.read import packaged_study
from cartrial.response.judged import Judged
from cartrial.response.mrd import judge_mrd
from cartrial.response.sample import FollowUp, Mrd
from tests.unit.response.tables import table

CRITERIA = packaged_study().criteria
IN_CR = """
    on          response  status
    2024-02-01  VGPR      VGPR
    2024-03-01  CR        CR
"""
INFUSED = """
    infused     new_therapy  death
    2024-01-01  -            -
"""


def judged(results, *, responses=IN_CR, follow_up=INFUSED, criteria=CRITERIA):
    """The one row of the subject with these results."""
    given = table(Mrd, results), table(Judged, responses), table(FollowUp, follow_up)
    return judge_mrd(criteria, *given, together=6).row(0, named=True)


@pytest.mark.parametrize(
    ("result", "expected", "explanation"),
    [
        # sensitivity of the assay: 1 in 100,000 or finer
        ("2024-03-01  0.00001    negative", True, "2024-03-01 negative by flow (1 in 100000)"),
        ("2024-03-01  0.000001   negative", True, "2024-03-01 negative by flow (1 in 1000000)"),
        (
            "2024-03-01  0.0001     negative",
            None,
            "2024-03-01 negative by flow (1 in 10000), not counted: coarser than 1 in 100000",
        ),
        (
            "2024-03-01  -          negative",
            None,
            "2024-03-01 negative by flow, not counted: sensitivity not known",
        ),
        # a coarse assay that sees the cells is positive all the same
        ("2024-03-01  0.0001     positive", False, "2024-03-01 positive by flow (1 in 10000)"),
        (
            "2024-03-01  0.00001    not evaluable",
            None,
            "2024-03-01 not evaluable by flow (1 in 100000)",
        ),
        # in CR: at the last assessment up to six days after the sample
        (
            "2024-02-23  0.00001    negative",
            False,
            "2024-02-23 negative by flow (1 in 100000), not counted: not in CR",
        ),
        ("2024-02-24  0.00001    negative", True, "2024-02-24 negative by flow (1 in 100000)"),
    ],
)
def test_a_negative_counts_by_its_sensitivity_and_in_cr(result, expected, explanation):
    found = judged(f"on  sensitivity  result  method\n{result}  flow")
    assert (found["negative"], found["explanation"]) == (expected, explanation)
    assert (found["negative_on"] is not None) == (expected is True)


def test_in_cr_is_not_asked_where_the_criteria_do_not():
    free = CRITERIA.model_copy(update={"mrd": CRITERIA.mrd.model_copy(update={"in_cr": False})})
    early = "on  sensitivity  result  method\n2024-02-01  0.00001  negative  flow"
    assert judged(early)["negative"] is False
    assert judged(early, criteria=free)["negative"] is True


def test_without_any_assessed_response_it_is_not_known_whether_a_negative_counts():
    nobody = "on  response  status  subject\n2024-03-01  CR  CR  002"
    found = judged(
        "on  sensitivity  result  method\n2024-03-01  0.00001  negative  flow", responses=nobody
    )
    assert found["negative"] is None
    assert found["explanation"].endswith("not counted: response not known")


def test_who_has_no_result_was_not_assessed():
    found = judged("on  sensitivity  result  method  subject\n2024-03-01  -  negative  flow  002")
    assert found["negative"] is None
    assert found["explanation"] == "MRD was not assessed."


@pytest.mark.parametrize("bound", ["new_therapy", "death"])
def test_nothing_counts_before_the_infusion_after_new_therapy_or_death(bound):
    follow_up = f"infused  {bound}\n2024-01-01  2024-06-01"
    for day, expected in (("2024-01-01", None), ("2024-06-01", True), ("2024-06-02", None)):
        given = f"on  sensitivity  result  method\n{day}  0.00001  negative  flow"
        assert judged(given, follow_up=follow_up)["negative"] is expected, day


@pytest.mark.parametrize(
    ("days", "expected", "on"),
    [
        # 365 days after 2024-03-01 is 2025-03-01
        ("2024-03-01 negative, 2025-03-01 negative", True, dt.date(2025, 3, 1)),
        ("2024-03-01 negative, 2025-02-28 negative", None, None),
        ("2024-03-01 negative, 2024-09-01 positive, 2025-03-01 negative", False, None),
        (
            "2024-03-01 negative, 2024-09-01 not evaluable, 2025-03-01 negative",
            True,
            dt.date(2025, 3, 1),
        ),
        (
            "2024-03-01 negative, 2025-03-01 negative, 2025-09-01 positive",
            True,
            dt.date(2025, 3, 1),
        ),
        ("2024-03-01 positive, 2024-09-01 negative, 2025-03-01 negative", None, None),
        ("2024-03-01 positive", False, None),
    ],
)
def test_sustained_is_a_year_between_two_negatives_and_no_positive(days, expected, on):
    rows = [f"{one[:10]}  0.00001  {one[11:]}  flow" for one in days.split(", ")]
    found = judged("\n".join(["on  sensitivity  result  method", *rows]))
    assert (found["sustained"], found["sustained_on"]) == (expected, on)


def test_a_day_that_is_positive_by_one_method_is_positive():
    found = judged("""
        on          method  sensitivity  result
        2024-03-01  NGS     0.000001     positive
        2024-03-01  flow    0.00001      negative
    """)
    assert found["negative"] is False
    assert found["explanation"] == (
        "2024-03-01 positive by NGS (1 in 1000000); 2024-03-01 negative by flow (1 in 100000), "
        "not counted: positive by another method"
    )


@pytest.mark.parametrize(
    ("pet", "expected"),
    [("negative", True), ("positive", False), ("not done", None), ("-", None)],
)
def test_imaging_plus_asks_for_a_negative_pet_ct(pet, expected):
    given = f"on  sensitivity  result  method  pet\n2024-03-01  0.00001  negative  flow  {pet}"
    assert judged(given)["imaging"] is expected
