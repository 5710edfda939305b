"""Freezing and locking data, and letting them go again.

A subject, or the trial, is locked when nothing is left to do: no query waits, and the investigator
has endorsed the casebook as it stands.
"""

from collections.abc import Iterator

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.write import Ledger
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold import hold
from cartrial.capture.state.fold.follow import State, follow
from cartrial.capture.state.verb.meaning import UNLOCKED

CASEBOOK = "casebook"


def change_hold(ledger: Ledger, verb: str, place: Place, reason: str) -> Entry:
    """Freeze, thaw, lock or unlock a record, a subject or the trial.

    Unlocking is signed: its entry holds the meaning, and the person has proved it before.
    """
    state = follow()
    before = state.holds[place].state if place in state.holds else hold.OPEN
    hold.state_after(before, verb)
    if verb == action.LOCK:
        left = list(left_to_do(state, place))
        if left:
            more = f" (and {len(left) - 1} more)" if len(left) > 1 else ""
            raise Refused(f"lock: must be of finished data, got {left[0]}{more}")
    content = {}
    if verb == action.UNLOCK:
        content = {"words": UNLOCKED, "head": f"{ledger.seq}:{ledger.head}"}
    return ledger.add(verb, **place._asdict(), content=content, reason=reason)


def left_to_do(state: State, place: Place) -> Iterator[str]:
    """What stands in the way of a lock, in words."""
    asked = len(state.open_queries(place))
    if asked:
        yield f"{asked} open {'query' if asked == 1 else 'queries'}"
    if place.form:
        return
    subjects = [place.subject] if place.subject else sorted(s for s in state.tracks if s)
    for subject in subjects:
        signed = state.last_signed(Place(subject), CASEBOOK)
        if signed is None or not signed.is_whole:
            yield f"a casebook of {subject} that the investigator has not signed as it stands"
