"""Proposals and decisions as a fold, and every step that is refused."""

import itertools

import pytest

from cartrial.capture.dose.proposal import EDGES, MAY, Proposal, check, proposals
from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.write import Actor
from cartrial.capture.people.permission import PERMISSIONS, ROLES
from cartrial.capture.state.act import Act, Place

AT = "2026-11-23T08:00:00.000000Z"


def act(seq: int, what: str, who: str, **content: str) -> Act:
    """An entry of one person."""
    return Act(seq, AT, who, who, "x", "o", what, Place(), "", content)


def after(*steps: str) -> tuple[Proposal, ...]:
    """The proposals after steps: propose, approved, rejected."""
    made = [
        act(n, action.PROPOSE, "ann", to_level="2")
        if step == "propose"
        else act(n, action.DECIDE, "bob", outcome=step)
        for n, step in enumerate(steps, start=1)
    ]
    return proposals(made)


@pytest.mark.parametrize(
    ("steps", "statuses"),
    [
        ((), []),
        (("propose",), ["open"]),
        (("propose", "propose"), ["replaced", "open"]),
        (("propose", "approved"), ["approved"]),
        (("propose", "rejected"), ["rejected"]),
        (("propose", "rejected", "propose", "approved"), ["rejected", "approved"]),
        (("propose", "approved", "propose"), ["approved", "open"]),
    ],
)
def test_what_becomes_of_proposals(steps: tuple[str, ...], statuses: list[str]) -> None:
    assert [one.status for one in after(*steps)] == statuses


PATHS = {
    "": (),
    "open": ("propose",),
    "approved": ("propose", "approved"),
    "rejected": ("propose", "rejected"),
}
STEPS = list(itertools.product(PATHS, ("propose", "approve", "reject")))
FORBIDDEN = [step for step in STEPS if step not in EDGES]


def test_the_table_names_every_step_that_is_allowed() -> None:
    assert set(EDGES) <= set(STEPS)
    assert len(FORBIDDEN) == 6


@pytest.mark.parametrize(("status", "verb"), FORBIDDEN)
def test_a_step_that_is_no_edge_is_refused(status: str, verb: str) -> None:
    there = after(*PATHS[status])
    with pytest.raises(Refused, match="must be on an open proposal"):
        check(verb, Actor("bob", "Bob", "committee", "o"), there, number=1)


@pytest.mark.parametrize("verb", MAY)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_without_the_permission_is_refused(verb: str, role: str) -> None:
    actor = Actor("bob", "Bob", role, "o")
    there = after("propose")
    if role in PERMISSIONS[MAY[verb]]:
        check(verb, actor, there, number=1)
    else:
        with pytest.raises(Refused, match=r"must be (proposed|approved|rejected) by the"):
            check(verb, actor, there, number=1)


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_the_same_person_is_refused_whatever_the_role_is_now(verb: str) -> None:
    with pytest.raises(Refused, match="must be by another person"):
        check(verb, Actor("ann", "Ann", "committee", "o"), after("propose"), number=1)


def test_a_proposal_that_was_replaced_is_decided_by_nobody() -> None:
    with pytest.raises(Refused, match="must be on the newest"):
        check("approve", Actor("bob", "Bob", "committee", "o"), after("propose", "propose"), 1)
