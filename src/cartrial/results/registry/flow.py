"""Participant flow: who started, came to each step, and why the others did not complete.

Those who completed and those who did not add up to those who started, and the reasons add up to
those who did not complete.

Reading: a participant has started when a dose level was assigned; those who consented and were not
    assigned are told of in the pre-assignment details. Completed is followed alive to Month 24.
    Where no follow-up was collected, completion is not known and is not made up.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cartrial.protocol.study import Study
from cartrial.results.population import ALL, NO_LEVEL
from cartrial.results.registry import limit
from cartrial.results.registry.group import Arm, arms
from cartrial.results.registry.number import ABSENT, Numbers
from cartrial.results.result import Row

FLOW = "flow"
STEPS = ("Leukapheresed", "Lymphodepletion begun", "Infused")
COMPLETED = "Completed 2 years"
NOT_INFUSED = "Not infused"
DIED, LEFT = "Died before completing 2 years", "Left the study early, alive"
STILL = "Still followed, 2 years not completed"
REASONS = {  # the words of the data to the registry's own reasons
    "adverse event": "Adverse Event",
    "death": "Death",
    "lack of efficacy": "Lack of Efficacy",
    "lost to follow-up": "Lost to Follow-up",
    "physician decision": "Physician Decision",
    "pregnancy": "Pregnancy",
    "protocol deviation": "Protocol Violation",
    "protocol violation": "Protocol Violation",
    "withdrawal by subject": "Withdrawal by Subject",
}

Counted = Callable[[Arm], int | None]


def participant_flow(study: Study, numbers: Numbers) -> dict[str, Any]:
    """The module `participantFlowModule`."""
    groups = arms(study, numbers, FLOW, "FG")
    period = {
        "title": "Overall Study",
        "milestones": list(_milestones(numbers, groups)),
        "dropWithdraws": list(_reasons(numbers, groups)),
    }
    details = _before_assignment(numbers)
    return {
        **({"preAssignmentDetails": details} if details else {}),
        "groups": [group.data() for group in groups],
        "periods": [{name: value for name, value in period.items() if value}],
    }


def _before_assignment(numbers: Numbers) -> str:
    """What became of those who consented and were assigned to no dose level."""
    groups = {group.name: group.of for group in numbers.outputs[FLOW].groups}
    consented, astray = groups.get(ALL), groups.get(NO_LEVEL)
    if not astray:
        return ""
    said = [
        f"{astray} of {consented} participants who consented were not assigned to a dose level."
    ]
    reasons = [
        (row.label, numbers.value(FLOW, row, NO_LEVEL, "n"))
        for row in numbers.below(FLOW, NOT_INFUSED)
    ]
    listed = "; ".join(f"{label}: {n:g}" for label, n in reasons if n)
    return limit.sentences((*said, f"Reasons: {listed}."), limit.FLOW_DETAILS)


def _milestones(numbers: Numbers, groups: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    yield _milestone("STARTED", groups, lambda group: group.of)
    for step in STEPS:
        row = numbers.row(FLOW, step)
        if row and any(_counts(numbers, row)(group) is not None for group in groups):
            yield _milestone(step, groups, _counts(numbers, row))
    completed = numbers.row(FLOW, COMPLETED)
    if completed is None and any(group.of for group in groups):  # follow-up was not collected
        for unknown in ("COMPLETED", "NOT COMPLETED"):
            yield _milestone(unknown, groups, lambda _: None) | {
                "comment": "Not known: dates of follow-up were not collected."
            }
        return
    done: Counted = _counts(numbers, completed) if completed else lambda _: 0
    yield _milestone("COMPLETED", groups, done)
    yield _milestone("NOT COMPLETED", groups, lambda group: (group.of or 0) - (done(group) or 0))


def _milestone(title: str, groups: Sequence[Arm], counted: Counted) -> dict[str, Any]:
    return {"type": title, "achievements": _stats(groups, counted)}


def _reasons(numbers: Numbers, groups: Sequence[Arm]) -> Iterator[dict[str, Any]]:
    """Every reason for not completing, of those not infused first."""
    if numbers.row(FLOW, COMPLETED) is None:
        return
    found: dict[str, list[Row]] = {}
    for row in numbers.below(FLOW, NOT_INFUSED):
        found.setdefault(f"Not infused: {row.label}", []).append(row)
    if died := numbers.row(FLOW, DIED):
        found.setdefault(REASONS["death"], []).append(died)
    for row in numbers.below(FLOW, LEFT):
        found.setdefault(REASONS.get(row.label.lower(), row.label), []).append(row)
    if still := numbers.row(FLOW, STILL):
        found.setdefault("Still in follow-up at the data cut", []).append(still)
    for title, rows in found.items():
        counts = _sum(numbers, rows)
        if any(counts(group) for group in groups):
            place = "DS: DSDECOD: a reason for leaving the study"
            yield {
                "type": limit.fitting(title, limit.REASON, place),
                "reasons": _stats(groups, counts),
            }


def _counts(numbers: Numbers, row: Row) -> Counted:
    def counted(group: Arm) -> int | None:
        n = numbers.value(FLOW, row, group.name, "n")
        return None if n is None else round(n)

    return counted


def _sum(numbers: Numbers, rows: Sequence[Row]) -> Counted:
    return lambda group: sum(_counts(numbers, row)(group) or 0 for row in rows)


def _stats(groups: Sequence[Arm], counted: Counted) -> list[dict[str, Any]]:
    return [
        {"groupId": group.id, "numSubjects": ABSENT if (n := counted(group)) is None else str(n)}
        for group in groups
    ]
