"""Queries: a question about a field of a record, its answer, and its close.

    status      answer      close     reopen
    open        answered    closed    -
    answered    -           closed    re-opened
    closed      -           -         re-opened
    re-opened   answered    closed    -

A query is named by the entry that opened it; its later entries name it as their reason, which stays
when a text is redacted. One that the software opened names its rule, and the software closes it
when the cause is gone.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.number import sent_number
from cartrial.capture.state.act import Act, Place

ANSWER, CLOSE, REOPEN = "answer", "close", "reopen"
EDGES: Mapping[tuple[str, str], str] = {
    ("open", ANSWER): "answered",
    ("open", CLOSE): "closed",
    ("answered", CLOSE): "closed",
    ("answered", REOPEN): "re-opened",
    ("closed", REOPEN): "re-opened",
    ("re-opened", ANSWER): "answered",
    ("re-opened", CLOSE): "closed",
}
WAITING = ("open", "re-opened", "answered")  # for somebody to act; all that is not closed
ENTERED = {ANSWER: action.QUERY_ANSWER, CLOSE: action.QUERY_CLOSE, REOPEN: action.QUERY_OPEN}
VERBS = {action.QUERY_ANSWER: ANSWER, action.QUERY_CLOSE: CLOSE, action.QUERY_OPEN: REOPEN}


@dataclass(frozen=True)
class Query:
    """A query as it stands, with its steps from the first."""

    number: int
    place: Place
    field: str  # a column of the form; empty for the whole record
    rule: str  # of the software; empty where a person asked
    status: str
    steps: tuple[Act, ...]

    @property
    def text(self) -> str:
        """What was asked first."""
        return self.steps[0].said("text")

    @property
    def is_open(self) -> bool:
        """Whether it is not closed."""
        return self.status in WAITING

    def age(self, now: dt.datetime) -> int:
        """Whole days since it was opened, up to its close."""
        until = now if self.is_open else self.steps[-1].moment
        return (until - self.steps[0].moment).days


def status_after(status: str, verb: str) -> str:
    """The status that a verb leads to, or a refusal."""
    after = EDGES.get((status, verb))
    if after is None:
        possible = ", ".join(v for s, v in EDGES if s == status)
        raise Refused(f"query: must be one that can take {verb}, got one {status}. Now: {possible}")
    return after


def follow(queries: dict[int, Query], act: Act) -> None:
    """Bring the queries up to one more entry."""
    number = number_in(act.reason)
    if number:
        query = queries[number]
        status = EDGES[query.status, VERBS[act.action]]
        queries[number] = replace(query, status=status, steps=(*query.steps, act))
    elif act.action == action.QUERY_OPEN:
        field, rule = act.said("field"), act.said("rule")
        queries[act.seq] = Query(act.seq, act.place, field, rule, "open", (act,))


def reason_of(number: int) -> str:
    """How a later entry names its query."""
    return f"query {number}"


def number_in(reason: str) -> int:
    """The query that an entry names; 0 where it names none."""
    word, _, number = reason.partition(" ")
    return (sent_number(number) or 0) if word == "query" else 0
