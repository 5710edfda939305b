"""What the page of a record shows of the work on it: queries, verification, holds, signatures."""

from collections.abc import Mapping
from dataclasses import dataclass

from cartrial.capture.ledger.models import Record
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold import hold, verification
from cartrial.capture.state.fold.follow import State, follow
from cartrial.capture.state.fold.hold import Hold
from cartrial.capture.state.fold.query import Query
from cartrial.capture.state.fold.signature import BROKEN, VALID, Standing
from cartrial.capture.state.fold.verification import Verification


@dataclass(frozen=True)
class Panel:
    """The work on one record."""

    record: int  # its number in URLs; 0 where it was not looked up
    place: Place
    newest: int  # its newest entry, as it is read
    queries: Mapping[str, tuple[Query, ...]]  # open, by field; the empty field is the record
    sdv: Verification
    hold: Hold | None
    signatures: tuple[Standing, ...]  # newest first

    @property
    def is_locked(self) -> bool:
        """Whether nothing can be done on it."""
        return self.hold is not None and self.hold.state == hold.LOCKED

    @property
    def is_verified(self) -> bool:
        """Whether it was held against its source since its last change."""
        return self.sdv.state == verification.VERIFIED

    @property
    def is_verification_broken(self) -> bool:
        """Whether it changed after it was held against its source."""
        return self.sdv.state == verification.BROKEN

    @property
    def is_signed(self) -> bool:
        """Whether a signature that covers it holds."""
        return any(s.state == VALID and s.saw(self.place) for s in self.signatures)

    @property
    def is_signature_broken(self) -> bool:
        """Whether a change of it broke a signature that was not given again."""
        return any(s.state == BROKEN and self.place in s.changed for s in self.signatures)


def hold_of(subject: str, form: str = "", key: str = "") -> Hold | None:
    """What holds a subject, or a record, so that its data cannot be changed; null where nothing."""
    return hold.strongest(follow().holds, Place(subject, form, key))


def record_panel(subject: str, form: str, key: str) -> Panel:
    """The work on a record, for its page."""
    found = Record.objects.filter(subject=subject, form=form, key=key)
    pk = found.values_list("pk", flat=True).first() or 0
    return panel_of(follow(), Place(subject, form, key), record=pk)


def panel_of(state: State, place: Place, *, record: int = 0) -> Panel:
    """The work on a record, for its line in a list; `state` is `follow()`."""
    asked: dict[str, list[Query]] = {}
    for query in state.asked.get(place, ()):
        asked.setdefault(query.field, []).append(query)
    track = state.tracks.get(place.subject, {}).get(place)
    return Panel(
        record,
        place,
        track.newest if track else 0,
        {field: tuple(queries) for field, queries in asked.items()},
        state.marks.get(place, Verification()),
        hold.strongest(state.holds, place),
        tuple(reversed(state.signed(place))),
    )
