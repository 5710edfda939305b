"""Source data verification (SDV) of a record: a mark that an edit of the record breaks."""

from collections.abc import Mapping
from dataclasses import dataclass

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.state.act import Act, Place

NONE, VERIFIED, BROKEN, WITHDRAWN = "not verified", "verified", "broken by a change", "withdrawn"
EDGES: Mapping[tuple[str, str], str] = {
    (NONE, action.SDV): VERIFIED,
    (BROKEN, action.SDV): VERIFIED,
    (WITHDRAWN, action.SDV): VERIFIED,
    (VERIFIED, action.SDV_WITHDRAW): WITHDRAWN,
}


@dataclass(frozen=True)
class Verification:
    """The state of a record's mark, and the entry that set or withdrew it."""

    state: str = NONE
    act: Act | None = None


def state_after(state: str, verb: str) -> str:
    """The state that a verb leads to, or a refusal."""
    after = EDGES.get((state, verb))
    if after is None:
        raise Refused(f"{verb}: must be of a record that can take it, got one that is {state}")
    return after


def follow(marks: dict[Place, Verification], act: Act) -> None:
    """Bring the marks up to one more entry of verification."""
    marks[act.place] = Verification(VERIFIED if act.action == action.SDV else WITHDRAWN, act)


def edited(marks: dict[Place, Verification], place: Place) -> None:
    """Bring the marks up to one more entry of the data of a record."""
    mark = marks.get(place)
    if mark and mark.state == VERIFIED:
        marks[place] = Verification(BROKEN, mark.act)
