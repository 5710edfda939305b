"""Freezes and locks, at a record, a subject and the trial."""

from itertools import product

import pytest

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import state_of
from cartrial.capture.state.fold.hold import ACTIONS, EDGES, STRENGTH, state_after, strongest
from tests.unit.capture.state.acts import acts, record


@pytest.mark.parametrize(("state", "verb"), sorted(set(product(STRENGTH, ACTIONS)) - set(EDGES)))
def test_every_other_step_is_refused(state: str, verb: str) -> None:
    with pytest.raises(Refused, match=f"got {state} data"):
        state_after(state, verb)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("freeze | 001 adverse_event", "frozen"),
        ("freeze | 001", "frozen"),
        ("freeze |", "frozen"),
        ("freeze | 002", None),
        ("freeze | 001 infusion", None),
        ("freeze | 001\nlock |", "locked"),
        ("lock | 001\nunlock | 001", None),
        ("freeze | 001\nfreeze |\nthaw | 001", "frozen"),
        ("freeze | 001\nlock | 001\nunlock | 001", None),
    ],
)
def test_the_strongest_hold_of_its_scopes_binds_a_record(said: str, expected: str | None) -> None:
    found = strongest(state_of(acts(said)).holds, record())
    assert (found and found.state) == expected


def test_the_triggers_know_the_same_order() -> None:
    newest = {
        "open": {action.THAW, action.UNLOCK},
        "frozen": {action.FREEZE},
        "locked": {action.LOCK},
    }
    allowed = {(s, v) for s in newest for v in ACTIONS if newest[s] <= set(action.AFTER[v])}
    assert allowed == set(EDGES)


def test_a_hold_keeps_who_and_why() -> None:
    held = state_of(acts("freeze | 001 | | why")).holds[Place("001")]
    assert (held.act.name, held.act.reason) == ("Kim", "why")
