"""Grades while a form is typed: laboratory values, and the grades that a CTCAE term has.

Parts of pages: they read what was typed so far, and write nothing.
"""

from collections.abc import Iterator, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cartrial.capture.deployment import deployment
from cartrial.capture.entry.pages.record import known_subject
from cartrial.capture.entry.pages.sheet import ANALYTES, SPECIMENS
from cartrial.capture.entry.saving.submit import typed_cells
from cartrial.capture.graded.laboratory import laboratory_grades
from cartrial.capture.graded.term import terms_like
from cartrial.capture.graded.typed import readable
from cartrial.capture.ledger import read
from cartrial.capture.ledger.centre import here
from cartrial.capture.ledger.row import Row, key_of
from cartrial.capture.people.permission import page
from cartrial.grading.ctcae.terms import known_term
from cartrial.units import ANALYTES as KNOWN

FORM = "laboratory"
Sent = Mapping[str, str]


@page("enter", post="enter", only_post=True)
def laboratory(request: HttpRequest, subject: str) -> HttpResponse:
    """The CTCAE grades of the laboratory values that are typed, on their form or the flowsheet."""
    known_subject(subject)
    rows, unread = _rows(subject, request.POST.dict())
    own, _ = read.forms_of(subject)
    found, without = laboratory_grades(deployment().study, own, rows) if rows else ([], [])
    said = {"grades": found, "without": without, "unread": unread}
    return render(request, "capture/bedside/laboratory.html", said)


def _rows(subject: str, sent: Sent) -> tuple[list[Row], list[str]]:
    """The typed values that can be read, and the labels of what cannot."""
    rows, unread = list[Row](), list[str]()
    for cells in _typed(subject, sent):
        row, refused = readable(FORM, cells)
        unread += refused
        if row is not None and "value" in row.cells:
            rows.append(row)
    return rows, unread


def _typed(subject: str, sent: Sent) -> Iterator[dict[str, str]]:
    """The cells of the form's one value, or of each new value on the flowsheet."""
    now = f"{here():%Y-%m-%dT%H:%M}"
    if "analyte" in sent:
        cells, _ = typed_cells(FORM, sent, subject=subject, kept={})
        known = KNOWN.get(cells.get("analyte", ""))
        usual = SPECIMENS.get(known.specimen, "blood") if known else "blood"
        yield {"at": now, "specimen": usual, **cells}
    for analyte in ANALYTES:
        prefix = f"{FORM}.{analyte}."
        if sent.get(f"{prefix}value", "").strip():
            cells, _ = typed_cells(FORM, sent, subject=subject, kept={}, prefix=prefix)
            fixed = {"analyte": analyte, "specimen": SPECIMENS[KNOWN[analyte].specimen]}
            yield {"at": now, **cells, **fixed}


@page("enter", post="enter", only_post=True)
def term(request: HttpRequest, subject: str) -> HttpResponse:
    """The grades that exist for the CTCAE term of an event, and terms like what is typed."""
    known_subject(subject)
    sent = request.POST
    typed, event = sent.get("ctcae_term", "")[:200], ""
    if "ctcae_term" not in sent:
        event = sent.get("number", "").strip()[:9]
        typed = _term_of(subject, event)
    exact, like = terms_like(typed)
    said = {"exact": exact, "like": [] if event else like, "typed": typed, "event": event}
    return render(request, "capture/bedside/term.html", said)


def _term_of(subject: str, number: str) -> str:
    """The CTCAE term of a subject's event; empty where it has none."""
    held = read.record(subject, "adverse_event", key_of("adverse_event", {"number": number}))
    cells = held.row.cells if held and not held.voided else {}
    found = known_term(cells.get("ctcae_term"), cells.get("preferred"))
    return found.term if found and cells.get("scale") == "CTCAE" else ""
