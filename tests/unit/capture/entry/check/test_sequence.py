"""What must come first: every edge holds where it may, and refuses where it must."""

from collections.abc import Callable
from typing import Any

import pytest

from cartrial.capture.entry.check.sequence import EDGES
from cartrial.capture.ledger.models import Record
from cartrial.capture.people.models import Account
from tests.unit.capture.entry.conftest import put

Filled = Callable[..., Any]
INFUSION = {"number": "1", "at": "2026-02-10T10:00", "level": "1", "planned": "1", "given": "1"}
SERIOUS = {"number": "1", "aware": "2026-02-11 08:00"} | dict.fromkeys(
    ("fatal", "life_threatening", "hospitalisation", "disability", "congenital", "important"), "no"
)
ELIGIBLE = ("eligibility", {"decided": "2026-01-10", "eligible": "yes"})
NOT_ELIGIBLE = ("eligibility", {"decided": "2026-01-10", "eligible": "no"})
LATE_ELIGIBLE = ("eligibility", {"decided": "2026-02-11", "eligible": "yes"})
WAIVED = ("eligibility_exception", {"criterion": "1", "decided": "2026-01-10", "waived": "yes"})
REFUSED = ("eligibility_exception", {"criterion": "2", "decided": "2026-01-10", "waived": "no"})
DEPLETED = ("lymphodepletion", {"drug": "Fludarabine", "on": "2026-02-05", "dose": "30"})
LATE_DEPLETED = ("lymphodepletion", {"drug": "Fludarabine", "on": "2026-02-11", "dose": "30"})
INFUSED = ("infusion", INFUSION)
DECIDED = ("retreatment", {"number": "2", "decided": "2026-06-01", "reason": "relapse"})
EVENT = ("adverse_event", {"number": "1", "term": "Rash", "scale": "CTCAE"})
SECOND = {**INFUSION, "number": "2", "at": "2026-06-10T10:00"}
Step = tuple[str, dict[str, str]]

FORBIDDEN: list[tuple[list[Step], Step, str]] = [
    ([], INFUSED, "found eligible"),
    ([DEPLETED], INFUSED, "found eligible"),
    ([NOT_ELIGIBLE, DEPLETED], INFUSED, "found eligible"),
    ([NOT_ELIGIBLE, WAIVED, REFUSED, DEPLETED], INFUSED, "found eligible"),
    ([LATE_ELIGIBLE, DEPLETED], INFUSED, "found eligible"),
    ([ELIGIBLE], INFUSED, "after lymphodepletion"),
    ([ELIGIBLE, LATE_DEPLETED], INFUSED, "after lymphodepletion"),
    ([ELIGIBLE, DEPLETED, INFUSED], ("infusion", SECOND), "decision to infuse again"),
    ([ELIGIBLE, DEPLETED], DECIDED, "the infusion before it"),
    ([], ("ae_grade", {"number": "1", "since": "2026-02", "grade": "2"}), "an adverse event"),
    ([], ("serious_event", SERIOUS), "an adverse event"),
]
ALLOWED: list[tuple[list[Step], Step]] = [
    ([ELIGIBLE, DEPLETED], INFUSED),
    ([NOT_ELIGIBLE, WAIVED, DEPLETED], INFUSED),
    ([NOT_ELIGIBLE, ("eligibility", {"decided": "2026-01-20", "eligible": "yes"}), DEPLETED],
     INFUSED),
    ([ELIGIBLE, DEPLETED, INFUSED], DECIDED),
    ([ELIGIBLE, DEPLETED, INFUSED, DECIDED], ("infusion", SECOND)),
    ([EVENT], ("ae_grade", {"number": "1", "since": "2026-02", "grade": "2"})),
    ([EVENT], ("serious_event", SERIOUS)),
]  # fmt: skip


@pytest.fixture
def entered(people: dict[str, Account]) -> Callable[[list[Step]], None]:
    def enter(steps: list[Step]) -> None:
        for form, cells in steps:
            put(people["coordinator"], form, cells)

    return enter


@pytest.mark.parametrize(("before", "step", "said"), FORBIDDEN)
def test_a_forbidden_edge_is_refused_with_the_remedy(
    enrolled: str, entered: Filled, fill: Filled, before: list[Step], step: Step, said: str
) -> None:
    entered(before)
    there = Record.objects.count()
    answer = fill(step[0], enrolled, **step[1])
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert " first" in text
    assert Record.objects.count() == there


@pytest.mark.parametrize(("before", "step"), ALLOWED)
def test_an_edge_that_may_be_gone(
    enrolled: str, entered: Filled, fill: Filled, before: list[Step], step: Step
) -> None:
    entered(before)
    assert fill(step[0], enrolled, **step[1]).status_code == 302


def test_a_subject_that_is_withdrawn_takes_no_form(
    enrolled: str, fill: Filled, browser: Any
) -> None:
    record = Record.objects.get(form="demographics")
    browser.post(f"/records/{record.pk}/withdraw", {"_base": record.seq, "_reason": "typing error"})
    answer = fill("vital_signs", enrolled, at="2026-02-11 08:00", pulse="80")
    assert answer.status_code == 422
    assert b"of an enrolled subject" in answer.content


def test_every_edge_is_tested() -> None:
    said = [word for _, _, word in FORBIDDEN] + ["enrolled"]
    assert all(any(word in edge.must for word in said) for edge in EDGES)
