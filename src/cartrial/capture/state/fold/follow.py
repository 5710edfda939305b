"""The state of work up to the head of the chain, kept in memory; only what is new is read.

One state lives in each process. When the chain is not the one that the state was made from (another
database, a rollback, a restored backup), the state is made anew; and after a redaction, so that
what was blanked stands nowhere in memory.
"""

import heapq
import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import F

from cartrial.capture.ledger import action
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Head, head
from cartrial.capture.state.act import Act, Entered, Place
from cartrial.capture.state.fold import hold, query, signature, track, verification
from cartrial.capture.state.fold.hold import Hold
from cartrial.capture.state.fold.query import Query
from cartrial.capture.state.fold.signature import Signature, Standing
from cartrial.capture.state.fold.track import Tracks
from cartrial.capture.state.fold.verification import Verification
from cartrial.capture.trail.verify_trail import FIELDS, FIRST

QUERIES = (action.QUERY_OPEN, action.QUERY_ANSWER, action.QUERY_CLOSE)
MARKS = (action.SDV, action.SDV_WITHDRAW)
DOSE = (action.PROPOSE, action.DECIDE)
WORK = (*QUERIES, *MARKS, *hold.ACTIONS, *DOSE, action.SIGN, action.REVIEW)
NAMES = FIELDS[: FIELDS.index("software")]
BATCH = 5_000
TRIAL = Place()  # where everything is


@dataclass(frozen=True)
class State:
    """Everything that was done on the data, as it stands."""

    tracks: Tracks = field(default_factory=dict)
    edited: Tracks = field(default_factory=dict)  # those with more than one entry
    queries: Mapping[int, Query] = field(default_factory=dict)
    marks: Mapping[Place, Verification] = field(default_factory=dict)
    holds: Mapping[Place, Hold] = field(default_factory=dict)
    signatures: tuple[Signature, ...] = ()
    reviews: tuple[Act, ...] = ()
    proposal: Act | None = None  # of a dose, that nobody has decided on

    @cached_property
    def standings(self) -> tuple[Standing, ...]:
        """Every signature as it stands now, in the order in which they were given."""
        return tuple(
            signature.standing(s, self.tracks, self.edited, self.signatures)
            for s in self.signatures
        )

    @cached_property
    def asked(self) -> Mapping[Place, tuple[Query, ...]]:
        """The queries that are not closed, by record."""
        asked: dict[Place, tuple[Query, ...]] = {}
        for one in self.queries.values():
            if one.is_open:
                asked[one.place] = (*asked.get(one.place, ()), one)
        return asked

    def signed(self, place: Place) -> tuple[Standing, ...]:
        """The signatures that cover a record, oldest first."""
        return tuple(one for one in self.standings if one.signature.covers(place))

    def last_signed(self, place: Place, meaning: str) -> Standing | None:
        """The newest signature of a meaning that was given for a place itself."""
        given = (
            one
            for one in reversed(self.standings)
            if (one.signature.place, one.signature.meaning) == (place, meaning)
        )
        return next(given, None)

    def open_queries(self, within: Place = TRIAL) -> tuple[Query, ...]:
        """The queries that are not closed, of the trial or within a place."""
        return tuple(
            one for place, asked in self.asked.items() if within.holds(place) for one in asked
        )


def state_of(acts: Iterable[Act | Entered], before: State | None = None) -> State:
    """The state that entries lead to, from the beginning or from a state before."""
    before = before or State()
    tracks, edited, queries = dict(before.tracks), dict(before.edited), dict(before.queries)
    fresh: set[str] = set()  # subjects whose tracks are our own copy
    marks, holds = dict(before.marks), dict(before.holds)
    signatures, reviews = list(before.signatures), list(before.reviews)
    proposal = before.proposal
    for act in acts:
        if act.action in action.CLINICAL:
            subject = act.place.subject
            if subject not in fresh:
                tracks[subject] = dict(tracks.get(subject, {}))
                edited[subject] = dict(edited.get(subject, {}))
                fresh.add(subject)
            track.follow(tracks[subject], edited[subject], act.place, act.seq, act.action)
            verification.edited(marks, act.place)
            continue
        assert isinstance(act, Act)
        if act.action in MARKS:
            verification.follow(marks, act)
        elif act.action in QUERIES:
            query.follow(queries, act)
        elif act.action in hold.ACTIONS:
            hold.follow(holds, act)
        elif act.action == action.SIGN:
            signatures.append(signature.read(act))
        elif act.action == action.REVIEW:
            reviews.append(act)
        elif act.action in DOSE:
            proposal = act if act.action == action.PROPOSE else None
    return State(tracks, edited, queries, marks, holds, tuple(signatures), tuple(reviews), proposal)


def acts(after: int, upto: int) -> Iterator[Act | Entered]:
    """The entries of work and of data from one number to another, oldest first."""
    some = Entry.objects.filter(seq__gt=after, seq__lte=upto).order_by("seq")
    data = some.filter(action__in=action.CLINICAL).values_list("seq", "action", *Place._fields)
    work = some.filter(action__in=WORK).annotate(text=F("content__text"))
    of_data: Iterator[Act | Entered] = (
        Entered(seq, what, Place(*place)) for seq, what, *place in data.iterator(BATCH)
    )
    of_work = map(_act, work.values_list(*NAMES, "text").iterator(BATCH))
    yield from heapq.merge(of_data, of_work, key=lambda act: act.seq)


def _act(row: tuple[Any, ...]) -> Act:
    seq, at, actor, name, role, organisation, what, subject, form, key, reason, text = row
    content = json.loads(text) if text else None
    place = Place(subject, form, key)
    return Act(seq, at, actor, name, role, organisation, what, place, reason, content)


class _Kept:
    """The state of this process, and the head that it was made up to."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.state, self.head = State(), Head(0, FIRST)

    def upto(self, now: Head, *, keep: bool) -> State:
        """The state at a head; not kept within a transaction, which may be rolled back."""
        with self.lock:
            if now == self.head:
                return self.state
            known = self.head.seq <= now.seq and self._is_of_this_chain() and not self._redacted()
            before, after = (self.state, self.head.seq) if known else (State(), 0)
            state = state_of(acts(after, now.seq), before)
            if keep:
                self.state, self.head = state, now
            return state

    def _is_of_this_chain(self) -> bool:
        if not self.head.seq:
            return True
        return Entry.objects.filter(seq=self.head.seq, hash=self.head.hash).exists()

    def _redacted(self) -> bool:
        """Whether anything was blanked since."""
        return Entry.objects.filter(action=action.REDACT, seq__gt=self.head.seq).exists()


_kept = _Kept()


def follow() -> State:
    """The state of work at the head of the chain."""
    return _kept.upto(head(), keep=not connection.in_atomic_block)
