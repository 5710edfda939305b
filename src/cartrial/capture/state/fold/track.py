"""Where each record stands in the chain: its first entry, its newest, and whether it is voided.

The tracks of a subject are in the order of their newest entries, so what came since an entry is
found from their end. Those of records with more than one entry stand in a list of their own: they
are few, and the only ones that can have changed.
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


def follow(
    tracks: dict[Place, Track], edited: dict[Place, Track], place: Place, seq: int, what: str
) -> None:
    """Bring the tracks of a subject up to one more clinical entry."""
    before = tracks.pop(place, None)
    tracks[place] = Track(before.first if before else seq, seq, what == action.VOID)
    if before:
        edited.pop(place, None)
        edited[place] = tracks[place]


def since(tracks: Tracks, within: Place, seq: int) -> Iterator[tuple[Place, Track]]:
    """The records within a scope whose newest entry came after another, newest first."""
    subjects = [within.subject] if within.subject or within.form else list(tracks)
    for subject in subjects:
        of_subject: dict[Place, Track] = tracks.get(subject, {})
        places = [within] * (within in of_subject) if within.form else reversed(of_subject)
        for place in places:
            track = of_subject[place]
            if track.newest <= seq:
                break
            yield place, track
