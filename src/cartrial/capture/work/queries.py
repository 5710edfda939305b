"""The pages of queries: the list, one query, a new one, and each step."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial import schema as s
from cartrial.capture.ledger import clock
from cartrial.capture.ledger.row import CAPTURED, SUBJECT
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import page, person_of
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.fold.query import ANSWER, CLOSE, EDGES, REOPEN, Query
from cartrial.capture.state.verb.asking import ask, proceed
from cartrial.capture.work.place import address, record_named

SHOWN = ("not closed", "open", "answered", "closed", "all")


@dataclass(frozen=True)
class Line:
    """A query in a list, with its age in days."""

    query: Query
    days: int


@page("read")
def queries(request: HttpRequest) -> HttpResponse:
    """The list of queries, oldest first, by status, subject, form, and who asked."""
    chosen = {name: request.GET.get(name, "") for name in ("subject", "form", "by")}
    status = request.GET.get("status", SHOWN[0])
    now = clock.now()
    every = sorted(follow().queries.values(), key=lambda query: query.number)
    lines = [Line(q, q.age(now)) for q in every if _is_shown(q, status) and _is_chosen(q, chosen)]
    said = {
        "lines": lines,
        "status": status,
        "statuses": SHOWN,
        "chosen": chosen,
        "subjects": sorted({query.place.subject for query in every}),
        "forms": sorted({query.place.form for query in every}),
    }
    return render(request, "capture/work/queries.html", said)


def _is_shown(query: Query, status: str) -> bool:
    match status:
        case "all":
            return True
        case "open":
            return query.status in ("open", "re-opened")
        case "answered" | "closed":
            return query.status == status
    return query.is_open


def _is_chosen(query: Query, chosen: dict[str, str]) -> bool:
    by = "software" if query.rule else "person"
    pairs = ((chosen["subject"], query.place.subject), (chosen["form"], query.place.form))
    return all(want in ("", got) for want, got in (*pairs, (chosen["by"], by)))


@page("read")
def query(request: HttpRequest, number: int) -> HttpResponse:
    """One query with its steps, and what can be done next."""
    one = follow().queries.get(number)
    if one is None:
        raise Http404
    verbs = [verb for status, verb in EDGES if status == one.status]
    said = {
        "query": one,
        "days": one.age(clock.now()),
        "address": address(one.place),
        "can": {verb: verb in verbs for verb in (ANSWER, CLOSE, REOPEN)},
    }
    return render(request, "capture/work/query.html", said)


@page("query", post="query")
def new_query(request: HttpRequest) -> HttpResponse:
    """Ask a query on a field of a record."""
    asked = request.POST if request.method == "POST" else request.GET
    _, place = record_named(asked.get("record", ""))
    columns = [c for c in s.columns(CAPTURED[place.form]) if c.name != SUBJECT]
    field = asked.get("field", "")
    if field and field not in {column.name for column in columns}:
        raise Http404
    if request.method == "POST":
        return _entered_ask(request, place, field)
    said = {"place": place, "columns": columns, "field": field, "record": asked["record"]}
    return render(request, "capture/work/ask.html", said)


def _entered_ask(request: HttpRequest, place: Place, field: str) -> HttpResponse:
    account, text = person_of(request), request.POST.get("text", "")
    with writing(account.actor) as ledger:
        there = _asked_before(account, place, field, text)
        number = there.number if there else ask(ledger, place, field, text).seq
    return redirect(f"/queries/{number}")


def _asked_before(account: Account, place: Place, field: str, text: str) -> Query | None:
    """The same question by the same person, where nobody has answered it yet."""
    same = (account.username, field, text.strip(), "open")
    return next(
        (
            one
            for one in follow().asked.get(place, ())
            if (one.steps[0].actor, one.field, one.text, one.status) == same
        ),
        None,
    )


@page("answer", post="answer", only_post=True)
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """Answer a query."""
    return _step(request, number, ANSWER)


@page("query", post="query", only_post=True)
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close a query."""
    return _step(request, number, CLOSE)


@page("query", post="query", only_post=True)
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Open a query again."""
    return _step(request, number, REOPEN)


def _step(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    account = person_of(request)
    if number not in follow().queries:
        raise Http404
    with writing(account.actor) as ledger:
        proceed(ledger, number, verb, request.POST.get("text", ""))
    return redirect(f"/queries/{number}")
