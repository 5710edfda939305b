"""Asking, answering and closing queries; and the queries of the software."""

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.write import Ledger
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold import query as q
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.fold.query import Query


def ask(ledger: Ledger, place: Place, field: str, text: str) -> Entry:
    """Open a query on a field of a record; on the whole record where the field is empty."""
    return _add(ledger, action.QUERY_OPEN, place, {"field": field, "text": _said(text)})


def proceed(ledger: Ledger, number: int, verb: str, text: str) -> Entry:
    """Answer, close or re-open a query; the words are its answer, or why."""
    query = follow().queries.get(number)
    if query is None:
        raise Refused(f"query: must be one that was opened, got {number}")
    q.status_after(query.status, verb)
    return _add(ledger, q.ENTERED[verb], query.place, {"text": _said(text)}, number)


def open_system_query(
    ledger: Ledger, place: Place, field: str, *, rule: str, text: str
) -> Entry | None:
    """Open the query of a rule on a field, or null where it is open already."""
    if _of_rule(place, field, rule):
        return None
    content = {"field": field, "rule": rule, "text": _said(text)}
    return _add(ledger, action.QUERY_OPEN, place, content)


def close_system_query(
    ledger: Ledger, place: Place, field: str, *, rule: str, text: str
) -> Entry | None:
    """Close the query of a rule on a field, as its cause is gone; null where none is open."""
    query = _of_rule(place, field, rule)
    if query is None:
        return None
    content = {"rule": rule, "text": _said(text)}
    return _add(ledger, action.QUERY_CLOSE, query.place, content, query.number)


def _of_rule(place: Place, field: str, rule: str) -> Query | None:
    asked = follow().asked.get(place, ())
    return next((one for one in asked if (one.rule, one.field) == (rule, field)), None)


def _said(text: str) -> str:
    if not text.strip():
        raise Refused("query: must say something, got nothing")
    return text.strip()


def _add(
    ledger: Ledger, what: str, place: Place, content: dict[str, str], number: int = 0
) -> Entry:
    reason = q.reason_of(number) if number else ""
    return ledger.add(what, **place._asdict(), content=content, reason=reason)
