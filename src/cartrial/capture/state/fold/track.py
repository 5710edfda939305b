"""Where each record stands in the chain: its first entry, its newest, and whether it is voided.

The tracks of a subject are in the order of their newest entries, so what changed since an entry is
found from their end.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cartrial.capture.ledger import action
from cartrial.capture.state.act import Place


class Track(NamedTuple):
    """The numbers of a record's first and newest clinical entries."""

    first: int
    newest: int
    voided: bool


Tracks = Mapping[str, dict[Place, Track]]  # by subject


def follow(tracks: dict[Place, Track], place: Place, seq: int, what: str) -> None:
    """Bring the tracks of a subject up to one more clinical entry."""
    before = tracks.pop(place, None)
    tracks[place] = Track(before.first if before else seq, seq, what == action.VOID)


def since(tracks: Tracks, within: Place, seq: int) -> Iterator[tuple[Place, Track]]:
    """The records within a scope whose newest entry came after another, newest first."""
    subjects = [within.subject] if within.subject or within.form else list(tracks)
    for subject in subjects:
        of_subject: dict[Place, Track] = tracks.get(subject, {})
        for place in reversed(of_subject):
            if of_subject[place].newest <= seq:
                break
            if within.holds(place):
                yield place, of_subject[place]
