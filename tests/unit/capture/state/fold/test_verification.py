"""Source verification: set, broken by an edit, withdrawn."""

from itertools import product

import pytest

from cartrial.capture.ledger.fault import Refused
from cartrial.capture.state.fold.follow import state_of
from cartrial.capture.state.fold.verification import (
    BROKEN,
    EDGES,
    NONE,
    VERIFIED,
    WITHDRAWN,
    state_after,
)
from tests.unit.capture.state.acts import acts, record

STATES = (NONE, VERIFIED, BROKEN, WITHDRAWN)
VERBS = ("sdv", "sdv withdraw")


@pytest.mark.parametrize(("state", "verb"), sorted(set(product(STATES, VERBS)) - set(EDGES)))
def test_every_other_step_is_refused(state: str, verb: str) -> None:
    with pytest.raises(Refused, match=f"got one that is {state}"):
        state_after(state, verb)


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("query open | 001 adverse_event | {}", VERIFIED),
        ("change | 002 adverse_event", VERIFIED),
        ("change | 001 adverse_event", BROKEN),
        ("void | 001 adverse_event", BROKEN),
        ("change | 001 adverse_event\nsdv | 001 adverse_event", VERIFIED),
        ("sdv withdraw | 001 adverse_event", WITHDRAWN),
        ("sdv withdraw | 001 adverse_event\nchange | 001 adverse_event", WITHDRAWN),
    ],
)
def test_an_edit_breaks_the_mark(then: str, expected: str) -> None:
    before = "create | 001 adverse_event\nsdv | 001 adverse_event\n"
    assert state_of(acts(before + then)).marks[record()].state == expected
