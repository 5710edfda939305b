"""The course of a query."""

import datetime as dt
from dataclasses import replace
from itertools import product

import pytest

from cartrial.capture.ledger.fault import Refused
from cartrial.capture.state.fold.follow import state_of
from cartrial.capture.state.fold.query import EDGES, status_after
from tests.unit.capture.state.acts import acts, record

STATUSES = ("open", "answered", "closed", "re-opened")
VERBS = ("answer", "close", "reopen")


def test_a_query_is_answered_closed_and_re_opened() -> None:
    said = """
        create       | 001 adverse_event |
        query open   | 001 adverse_event | {"field": "term", "text": "Which?"}
        query answer | 001 adverse_event | {"text": "Fever"} | query 2
        query close  | 001 adverse_event | {"text": "Thanks"} | query 2
        query open   | 001 adverse_event | {"text": "Since when?"} | query 2
    """
    statuses = [state_of(acts(said)[:n]).queries[2].status for n in (2, 3, 4, 5)]
    assert statuses == ["open", "answered", "closed", "re-opened"]
    query = state_of(acts(said)).queries[2]
    assert (query.text, query.field, query.place) == ("Which?", "term", record())


@pytest.mark.parametrize(
    ("status", "verb"), [e for e in product(STATUSES, VERBS) if e not in EDGES]
)
def test_every_other_step_is_refused(status: str, verb: str) -> None:
    with pytest.raises(Refused, match=f"must be one that can take {verb}, got one {status}"):
        status_after(status, verb)


def test_its_age_stops_when_it_is_closed() -> None:
    said = """
        query open   | 001 adverse_event | {"field": "term", "text": "Which?"}
        query open   | 001 adverse_event | {"field": "started", "text": "When?"}
        query close  | 001 adverse_event | {"text": "Clear"} | query 1
    """
    queries = state_of(acts(said)).queries
    now = dt.datetime(2026, 1, 12, 11, tzinfo=dt.UTC)
    assert (queries[1].age(now), queries[2].age(now)) == (2, 10)


def test_only_what_is_not_closed_waits() -> None:
    said = """
        query open   | 001 adverse_event | {"field": "term", "text": "Which?"}
        query open   | 002 adverse_event | {"field": "term", "text": "Which?"}
        query close  | 001 adverse_event | {"text": "Clear"} | query 1
    """
    state = state_of(acts(said))
    assert [query.number for query in state.open_queries()] == [2]
    assert state.open_queries(record("001")) == ()


def test_a_redacted_text_leaves_the_course_of_its_query() -> None:
    said = acts("""
        query open   | 001 adverse_event | {"field": "term", "text": "Which?"}
        query answer | 001 adverse_event | | query 1
        query close  | 001 adverse_event | | query 1
    """)
    redacted = [replace(act, content=None) for act in said]
    assert [query.status for query in state_of(redacted).queries.values()] == ["closed"]
