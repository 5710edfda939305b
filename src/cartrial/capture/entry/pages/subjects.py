"""The subjects of the trial, and the forms of one of them."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cartrial import schema as s
from cartrial.capture.deployment import deployment
from cartrial.capture.entry.check.coming import coming
from cartrial.capture.entry.form.field import Field, fields_of
from cartrial.capture.entry.form.layout import ELSEWHERE, ENTERED_BY, sections
from cartrial.capture.entry.pages.record import known_subject
from cartrial.capture.ledger import read
from cartrial.capture.ledger.centre import today
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.row import CAPTURED, SUBJECT, key_cells
from cartrial.capture.ledger.row import Row as Cells
from cartrial.capture.people.permission import account_of, may, page
from cartrial.capture.schedule import PlannedVisit, infusion_day, schedule_of
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import State, follow
from cartrial.capture.state.shown.panel import Panel, hold_of, panel_of
from cartrial.capture.state.shown.words import spaced, title
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study

MANY = 100  # records on one page of a form
ENDED = {"completed": "completed the study", "death": "died"}  # reasons of an end of study


@dataclass(frozen=True)
class Line:
    """A subject in the list."""

    subject: str
    level: str
    infused: dt.date | None
    day: int | None
    last: PlannedVisit | None
    next: PlannedVisit | None
    overdue: int
    queries: int
    ended: str


@dataclass(frozen=True)
class Card:
    """A form of a subject: how many records, and what is to be done on them."""

    form: str
    title: str
    records: int
    withdrawn: int
    queried: int
    unsigned: int
    broken: int
    held: str
    single: int  # the number of its one record, where it has one alone


@dataclass(frozen=True)
class Row:
    """A record in the list of a form."""

    number: int
    key: str
    cells: Sequence[tuple[Field, str]]
    voided: bool
    panel: Panel


# ---------------------------------------------------------------- the list of subjects
def line_of(study: Study, forms: Forms, state: State, subject: str, day: dt.date) -> Line:
    """A subject in the list, on a day."""
    own = forms.of_subject(subject)
    zero = infusion_day(own, subject)
    visits = schedule_of(study, own, subject, day)
    held = [visit for visit in visits if visit.held]
    coming = [v for v in visits if v.due and (v.is_waiting or v.status == "later")]
    return Line(
        subject,
        _level(study, own),
        zero,
        (day - zero).days if zero else None,
        max(held, key=lambda visit: visit.held or dt.date.min, default=None),
        min(coming, key=lambda visit: visit.due or dt.date.max, default=None),
        sum(visit.status == "overdue" for visit in visits),
        len(state.open_queries(Place(subject))),
        _ended(own),
    )


def _level(study: Study, own: Forms) -> str:
    """The label of the dose level: infused, else granted, else assigned."""
    for form in ("infusion", "slot_request", "demographics"):
        frame = own.tables.get(form)
        known = [] if frame is None else frame["level"].drop_nulls().to_list()
        if known and known[-1] <= len(study.doses.levels):
            return study.level_label(known[-1])
    return ""


def _ended(own: Forms) -> str:
    died = own.tables.get("death")
    if died is not None and died.height:
        return "died"
    left = own.tables.get("disposition")
    if left is not None:
        for reason in left.filter(pl.col("milestone") == "end of study")["reason"]:
            return ENDED.get(reason, f"left the study: {reason}")
    return ""


@page("read")
def listed(request: HttpRequest) -> HttpResponse:
    """The subjects of the trial."""
    study, (forms, _), state, day = deployment().study, read.forms_now(), follow(), today()
    lines = [line_of(study, forms, state, one, day) for one in read.subjects()]
    return render(request, "capture/entry/subjects.html", {"lines": lines, "today": day})


# ---------------------------------------------------------------- the forms of a subject
@page("read")
def forms_of(request: HttpRequest, subject: str) -> HttpResponse:
    """A subject's visits, and its forms with what they hold."""
    known_subject(subject)
    study, (forms, _), state, day = deployment().study, read.forms_now(), follow(), today()
    own = forms.of_subject(subject)
    cards = _cards(subject, state)
    line = line_of(study, forms, state, subject, day)
    visits = schedule_of(study, own, subject, day)
    context = {
        "subject": subject,
        "line": line,
        "coming": None if line.ended else coming(own, subject, visits),
        "visits": visits,
        "sections": [
            (heading, [cards[form] for form in listed]) for heading, listed in sections().items()
        ],
        "today": day,
        "barred": _barred(request),
        "hold": hold_of(subject),
    }
    return render(request, "capture/entry/forms.html", context)


def _barred(request: HttpRequest) -> set[str]:
    """The forms that this person does not enter, though they enter others."""
    account = account_of(request)
    return {form for form, permission in ENTERED_BY.items() if not may(account, permission)}


def _cards(subject: str, state: State) -> dict[str, Card]:
    there: dict[str, list[tuple[int, Panel]]] = {}
    withdrawn: Counter[str] = Counter()
    found = Record.objects.filter(subject=subject).values_list("pk", "form", "key", "voided")
    for number, form, key, voided in found:
        if voided:
            withdrawn[form] += 1
        else:
            panel = panel_of(state, Place(subject, form, key), record=number)
            there.setdefault(form, []).append((number, panel))
    return {
        form: _card(form, there.get(form, []), withdrawn[form])
        for form in CAPTURED
        if form not in ELSEWHERE
    }


def _card(form: str, there: list[tuple[int, Panel]], withdrawn: int) -> Card:
    panels = [panel for _, panel in there]
    holds = {panel.hold.state for panel in panels if panel.hold}
    return Card(
        form,
        title(form),
        len(there),
        withdrawn,
        sum(bool(panel.queries) for panel in panels),
        sum(not panel.is_signed for panel in panels),
        sum(panel.is_signature_broken for panel in panels),
        ", ".join(sorted(holds)),
        there[0][0] if len(there) == 1 and not withdrawn and key_free(form) else 0,
    )


def key_free(form: str) -> bool:
    """Whether a subject can have one record of a form only."""
    return s.key(CAPTURED[form]) == [SUBJECT]


@page("read")
def records_of(request: HttpRequest, subject: str, form: str) -> HttpResponse:
    """The records of one form of a subject, in columns; withdrawn ones struck through."""
    known_subject(subject)
    if form not in CAPTURED or form in ELSEWHERE:
        raise Http404
    numbers = dict(Record.objects.filter(subject=subject, form=form).values_list("key", "pk"))
    first = _first(request.GET.get("from", ""))
    held = sorted(read.records(form, subject, voided=True), key=lambda one: _order(one.row))
    part = held[first : first + MANY]
    columns = _columns(form, [one.row.cells for one in part])
    state = follow()
    rows = [
        Row(
            numbers[one.row.key],
            _key(form, one.row.key),
            [(column, spaced(one.row.cells.get(column.name, ""))) for column in columns],
            one.voided,
            panel_of(state, Place(subject, form, one.row.key), record=numbers[one.row.key]),
        )
        for one in part
    ]
    context = {
        "subject": subject,
        "form": form,
        "title": title(form),
        "columns": columns,
        "rows": rows,
        "total": len(held),
        "first": first,
        "before": max(first - MANY, 0) if first else None,
        "after": first + MANY if first + MANY < len(held) else None,
        "hold": hold_of(subject),
        "one": form in _barred(request) or (key_free(form) and bool(rows)),
    }
    return render(request, "capture/entry/records.html", context)


def _first(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _order(row: Cells) -> list[tuple[int, str]]:
    """The place of a row in the list of its form: numbers as numbers."""
    whole = {field.name: field.kind == "count" for field in fields_of(row.form)}
    cells = key_cells(row.form, row.key)
    return [(int(c), "") if whole[n] and c.isdigit() else (0, c) for n, c in cells.items()]


def _columns(form: str, rows: Sequence[Mapping[str, str]]) -> list[Field]:
    """The columns beside the key that hold anything."""
    return [
        field
        for field in fields_of(form)
        if not field.key and any(field.name in cells for cells in rows)
    ]


def _key(form: str, key: str) -> str:
    cells = [spaced(cell) for cell in key_cells(form, key).values()]
    return " · ".join(cells) or title(form)
