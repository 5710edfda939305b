"""Freezes and locks of a record, a subject or the trial.

    now       freeze    thaw    lock      unlock
    open      frozen    -       locked    -
    frozen    -         open    locked    -
    locked    -         -       -         open

Frozen: no change of data; signing, queries and source verification go on. Locked: nothing. A place
is held by the strongest hold of the trial, its subject and itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.state.act import Act, Place

OPEN, FROZEN, LOCKED = "open", "frozen", "locked"
EDGES: Mapping[tuple[str, str], str] = {
    (OPEN, action.FREEZE): FROZEN,
    (OPEN, action.LOCK): LOCKED,
    (FROZEN, action.THAW): OPEN,
    (FROZEN, action.LOCK): LOCKED,
    (LOCKED, action.UNLOCK): OPEN,
}
ACTIONS = (action.FREEZE, action.THAW, action.LOCK, action.UNLOCK)
STRENGTH = (OPEN, FROZEN, LOCKED)


@dataclass(frozen=True)
class Hold:
    """The state of one scope, and the entry that brought it there."""

    state: str
    act: Act


def state_after(state: str, verb: str) -> str:
    """The state that a verb leads to, or a refusal."""
    after = EDGES.get((state, verb))
    if after is None:
        possible = ", ".join(v for s, v in EDGES if s == state)
        raise Refused(
            f"{verb}: must be of data that can take it, got {state} data. Now: {possible}"
        )
    return after


def follow(holds: dict[Place, Hold], act: Act) -> None:
    """Bring the holds up to one more entry."""
    before = holds[act.place].state if act.place in holds else OPEN
    holds[act.place] = Hold(EDGES.get((before, act.action), before), act)


def strongest(holds: Mapping[Place, Hold], place: Place) -> Hold | None:
    """The hold that binds a place, or null."""
    there = [holds[s] for s in place.scopes if s in holds and holds[s].state != OPEN]
    return max(there, key=lambda hold: STRENGTH.index(hold.state), default=None)
