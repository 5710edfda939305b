"""Electronic signatures: what was signed, with which meaning, and whether it still holds.

A signature covers every record of its scope (a record, a subject, or forms of it) that was there at
the head it names, and holds the SHA-256 of their canonical rows. It is broken by the first change
of a covered record, and stays to be seen; a record that came later is not covered, and breaks
nothing: it is told as not signed yet.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from cartrial.capture.state.act import Act, Place
from cartrial.capture.state.fold.track import Tracks, since

VALID, BROKEN, REPLACED = "valid", "broken", "signed again"


@dataclass(frozen=True)
class Signature:
    """One signature as it was given."""

    act: Act
    forms: tuple[str, ...]  # what of a subject it covers; every form where there are none

    @property
    def number(self) -> int:
        """The entry by which it was given."""
        return self.act.seq

    @property
    def place(self) -> Place:
        """The record, the subject or the trial that was signed."""
        return self.act.place

    @property
    def meaning(self) -> str:
        """The meaning, by its name in the table of meanings."""
        return self.act.said("meaning")

    @property
    def words(self) -> str:
        """The meaning as it was shown and signed."""
        return self.act.said("words")

    def covers(self, place: Place) -> bool:
        """Whether a record lies in its scope."""
        return self.place.holds(place) and self.is_of(place.form)

    def is_of(self, form: str) -> bool:
        """Whether it covers records of a form."""
        return not self.forms or form in self.forms


@dataclass(frozen=True)
class Standing:
    """A signature and how it stands now."""

    signature: Signature
    state: str
    changed: tuple[Place, ...]  # covered records with a newer entry
    tracks: Tracks = field(repr=False, compare=False)

    @cached_property
    def added(self) -> tuple[Place, ...]:
        """The records of its scope that came after it."""
        one = self.signature
        fresh = [(p, t) for p, t in since(self.tracks, one.place, one.number) if one.is_of(p.form)]
        return tuple(sorted(p for p, t in fresh if t.first > one.number and not t.voided))

    def saw(self, place: Place) -> bool:
        """Whether a record of its scope was there when it was given."""
        track = self.tracks.get(place.subject, {}).get(place)
        return track is not None and track.first < self.signature.number

    @property
    def is_valid(self) -> bool:
        """Whether nothing that it covers has changed."""
        return self.state == VALID

    @property
    def is_whole(self) -> bool:
        """Whether it is valid, and covers all that is there."""
        return self.is_valid and not self.added


def read(act: Act) -> Signature:
    """The signature of an entry."""
    forms = (act.content or {}).get("forms") or ()
    return Signature(act, tuple(str(form) for form in forms))


def standing(
    signature: Signature, tracks: Tracks, edited: Tracks, later: Iterable[Signature] = ()
) -> Standing:
    """How a signature stands, given the records, and the signatures that came after it."""
    at = signature.number
    fresh = since(edited, signature.place, at)
    changed = tuple(sorted(p for p, t in fresh if t.first < at and signature.is_of(p.form)))
    state = BROKEN if changed else VALID
    if any(_replaces(other, signature) for other in later):
        state = REPLACED
    return Standing(signature, state, changed, tracks)


def _replaces(other: Signature, signature: Signature) -> bool:
    same = (other.place, other.meaning) == (signature.place, signature.meaning)
    return same and other.number > signature.number
