"""Setting and withdrawing the mark of source data verification."""

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Conflict, Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.write import Ledger
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.fold.verification import Verification, state_after


def verify_source(ledger: Ledger, place: Place, *, seen: int) -> Entry:
    """Mark a record as held against its source; `seen` is the newest entry that was compared."""
    state = follow()
    track = state.tracks.get(place.subject, {}).get(place)
    if track is None or track.voided:
        raise Refused("sdv: must be of a record that counts, got one that is voided or not there")
    if track.newest != seen:
        raise Conflict(
            "sdv: must be of the record as it was read, got a change since", track.newest
        )
    state_after(state.marks.get(place, Verification()).state, action.SDV)
    return ledger.add(action.SDV, **place._asdict(), content={"entry": str(seen)})


def withdraw(ledger: Ledger, place: Place, reason: str) -> Entry:
    """Withdraw the mark of a record."""
    state_after(follow().marks.get(place, Verification()).state, action.SDV_WITHDRAW)
    return ledger.add(action.SDV_WITHDRAW, **place._asdict(), reason=reason)
