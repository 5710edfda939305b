"""The history of a record and of each of its fields, as people read it."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cartrial.capture.entry.form.field import labels_of
from cartrial.capture.entry.pages.record import held_of
from cartrial.capture.ledger import action, read
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.row import SUBJECT
from cartrial.capture.people.permission import ROLES, page
from cartrial.capture.state.shown.words import local, spaced, title

DONE = {
    action.CREATE: "entered",
    action.CHANGE: "changed",
    action.VOID: "withdrawn",
    action.RESTORE: "restored",
}


@dataclass(frozen=True)
class Line:
    """One thing that was done: what, by whom, when, with which old and new value."""

    seq: int
    when: str
    who: str
    role: str
    did: str
    field: str
    old: str
    new: str
    reason: str
    redacted: bool


def lines(held: Held, column: str = "") -> list[Line]:
    """What was done to a record, or to one field of it; newest first."""
    steps = read.history(held.row.subject, held.row.form, held.row.key)
    return [line for step in reversed(steps) for line in _of_step(step, held.row.form, column)]


def _of_step(step: read.Step, form: str, column: str) -> list[Line]:
    entry, labels = step.entry, labels_of(form)
    if entry.action not in action.CLINICAL:
        return _of_work(entry, labels.get(column, ""), column)
    did = DONE[entry.action]
    if step.changes is None:
        return [_line(entry, did, "", "", "", redacted=True)]
    made = [
        _line(entry, did, labels[name], *(spaced(cell or "") for cell in step.changes[name]))
        for name in labels
        if name in step.changes and name != SUBJECT and column in ("", name)
    ]
    return made or ([_line(entry, did, "", "", "")] if entry.action != action.CHANGE else [])


def _of_work(entry: Entry, label: str, column: str) -> list[Line]:
    """An entry of work on the record: a soft check with its answer, a query, a signature."""
    said = read.content(entry) or {}
    about = str(said.get("column") or said.get("field") or "")
    if column and about != column:
        return []
    if entry.action != action.CHECK_FIRED:
        return [] if column else [_line(entry, entry.action, "", "", "")]
    answer = str(said.get("answer", ""))
    new = str(said.get("new") or said.get("reason") or "")
    labels = labels_of(entry.form)
    did = f"asked: {said.get('prompt', '')}"
    return [
        _line(entry, did, labels.get(about, ""), str(said.get("value", "")), f"{answer}: {new}")
    ]


def _line(
    entry: Entry, did: str, field: str, old: str, new: str, *, redacted: bool = False
) -> Line:
    return Line(
        entry.seq,
        local(entry.at),
        entry.name,
        ROLES.get(entry.role, entry.role),
        did,
        field,
        old,
        new,
        entry.reason,
        redacted,
    )


@page("read")
def of_record(request: HttpRequest, number: int) -> HttpResponse:
    """The whole history of a record."""
    return _shown(request, number, "")


@page("read")
def of_field(request: HttpRequest, number: int, column: str) -> HttpResponse:
    """The history of one field: a part of the record's page, or a page of its own."""
    return _shown(request, number, column)


def _shown(request: HttpRequest, number: int, column: str) -> HttpResponse:
    held = held_of(number)
    labels = labels_of(held.row.form)
    if column and column not in labels:
        raise Http404
    context = {
        "number": number,
        "held": held,
        "title": title(held.row.form),
        "label": labels.get(column, ""),
        "column": column,
        "lines": lines(held, column),
    }
    part = column and request.headers.get("HX-Request")
    name = "history_part.html" if part else "history.html"
    return render(request, f"capture/entry/{name}", context)
