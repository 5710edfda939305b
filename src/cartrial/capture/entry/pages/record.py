"""The page of a row: a new one, a record to read or change, its withdrawal and its return."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from cartrial.capture.deployment import deployment
from cartrial.capture.entry.form.field import fields_of
from cartrial.capture.entry.form.layout import ELSEWHERE, ENTERED_BY
from cartrial.capture.entry.pages import page as shown
from cartrial.capture.entry.pages.page import number_of
from cartrial.capture.entry.saving import save
from cartrial.capture.entry.saving.conflict import differences
from cartrial.capture.entry.saving.save import Outcome
from cartrial.capture.entry.saving.submit import Draft, base_of, typed_cells
from cartrial.capture.ledger import read
from cartrial.capture.ledger.centre import here
from cartrial.capture.ledger.fault import Conflict, Refused
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.row import CAPTURED, SUBJECT, key_of
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import may, page, person_of
from cartrial.capture.schedule.serious import ReportClock, report_clock
from cartrial.capture.state.shown.panel import hold_of, record_panel
from cartrial.capture.state.shown.words import title

# forms whose rows are numbered one after the other
NUMBERED = (
    "bridging",
    "infusion",
    "hospital_stay",
    "adverse_event",
    "second_malignancy",
    "medication",
    "protocol_deviation",
)


@page("enter", post="enter")
def new(request: HttpRequest, form: str) -> HttpResponse:
    """A new row of a form."""
    if form in ELSEWHERE:
        return redirect(ELSEWHERE[form])
    if form not in CAPTURED:
        raise Http404
    subject = "" if form == "demographics" else known_subject(request.GET.get(SUBJECT, ""))
    account = person_of(request)
    save.check_may(account, form)
    if request.method != "POST":
        cells = {**_numbered(form, subject), **_given(form, request.GET.dict())}
        return _row(request, form, subject, cells)
    sent = request.POST.dict()
    cells, faults = typed_cells(form, sent, subject=subject, kept={})
    subject = cells.get(SUBJECT, "")
    draft = Draft(form, subject, cells, faults=faults)
    try:
        outcome = save.save(deployment().study, account, subject, [draft], sent)
    except Refused as fault:
        return _row(request, form, subject, cells, refused=fault)
    if not outcome.saved:
        return _row(request, form, subject, cells, outcome=outcome)
    return _saved(request, outcome)


@page("read", post="enter")
def record(request: HttpRequest, number: int) -> HttpResponse:
    """A record: to read, or to change."""
    held = held_of(number)
    if request.method != "POST":
        return _row(request, held.row.form, held.row.subject, held.row.cells, number, held)
    _changeable(held)
    form, subject, sent = held.row.form, held.row.subject, request.POST.dict()
    cells, faults = typed_cells(form, sent, subject=subject, kept=held.row.cells)
    draft = Draft(form, subject, cells, base_of(sent), held.row.key, faults=faults)
    try:
        outcome = save.save(deployment().study, person_of(request), subject, [draft], sent)
    except Conflict as fault:
        return _conflict(request, number, held_of(number), draft, fault)
    except Refused as fault:
        return _row(request, form, subject, cells, number, held, refused=fault)
    if not outcome.saved:
        return _row(request, form, subject, cells, number, held, outcome=outcome)
    return _saved(request, outcome)


@page("enter", post="enter", only_post=True)
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Withdraw a record: it stays to be seen, struck through."""
    held = held_of(number)
    _changeable(held)
    return _one_way(request, number, held, "withdraw")


@page("enter", post="enter", only_post=True)
def restore(request: HttpRequest, number: int) -> HttpResponse:
    """Put a withdrawn record back."""
    held = held_of(number)
    if not held.voided:
        raise Refused("record: must be withdrawn to be put back, got one that stands")
    return _one_way(request, number, held, "restore")


def _one_way(request: HttpRequest, number: int, held: Held, way: str) -> HttpResponse:
    sent, account, study = request.POST.dict(), person_of(request), deployment().study
    act = save.withdraw if way == "withdraw" else save.restore
    form, subject, cells = held.row.form, held.row.subject, held.row.cells
    try:
        outcome = act(study, account, held, base_of(sent), sent)
    except Refused as fault:
        return _row(request, form, subject, cells, number, held, refused=fault)
    if outcome.saved:
        return _saved(request, outcome)
    return _row(request, form, subject, cells, number, held, outcome=outcome, way=way)


# ---------------------------------------------------------------- what the address names
def known_subject(subject: str) -> str:
    """The subject, where it has a record; else there is no such page."""
    if not subject or "\x00" in subject or not Record.objects.filter(subject=subject).exists():
        raise Http404
    return subject


def held_of(number: int) -> Held:
    """The record of a number; else there is no such page."""
    found = Record.objects.filter(pk=number).first()
    held = read.record(found.subject, found.form, found.key) if found else None
    if held is None or held.row.form not in CAPTURED:
        raise Http404
    return held


def _changeable(held: Held) -> None:
    if held.row.form in ELSEWHERE:
        raise Refused(f"{held.row.form}: must be changed at {ELSEWHERE[held.row.form]}, not here")
    if held.voided:
        raise Refused("record: must not be withdrawn to be changed, got one that is. Restore it")


# ---------------------------------------------------------------- what is filled in
def _numbered(form: str, subject: str) -> dict[str, str]:
    """The next free number of a form whose rows are numbered; withdrawn ones keep theirs."""
    if form not in NUMBERED:
        return {}
    taken = Record.objects.filter(form=form, subject=subject).values_list("key", flat=True)
    return {"number": str(max((int(json.loads(key)[0]) for key in taken), default=0) + 1)}


def _given(form: str, asked: Mapping[str, str]) -> dict[str, str]:
    """The fields that the address fills in, as a link from another form does."""
    cells = {
        field.name: asked[field.name][: field.most]
        for field in fields_of(form)
        if field.name in asked and field.name != SUBJECT and not field.decided
    }
    return {name: cell for name, cell in cells.items() if cell.isprintable()}


# ---------------------------------------------------------------- what is shown
def _row(
    request: HttpRequest,
    form: str,
    subject: str,
    cells: Mapping[str, str],
    number: int = 0,
    held: Held | None = None,
    *,
    outcome: Outcome | None = None,
    refused: Refused | None = None,
    way: str = "",
) -> HttpResponse:
    account, sent = person_of(request), request.POST.dict()
    panel = record_panel(subject, form, held.row.key) if held else None
    context = shown.of_row(
        form,
        subject,
        cells,
        who=account.username,
        sent=sent,
        outcome=outcome,
        queries=panel.queries if panel else {},
    )
    hold, again = hold_of(subject, form, held.row.key if held else ""), bool(refused or outcome)
    context |= {
        "number": number,
        "held": held,
        "base": sent.get("_base") or (held.seq if held else 0),
        "panel": panel,
        "refused": str(refused).removeprefix(f"{form}: ") if refused else "",
        "way": way,
        "hold": hold,
        "again": again,
        # what was typed before it was held is still shown
        "editable": _is_editable(account, form, held) and (hold is None or again),
        "saved": request.GET.get("saved", "") if request.method == "GET" else "",
        "next": _next(form, subject, cells) if held else [],
        "clock": _clock(form, cells),
        "draft": request.get_full_path().split("?saved=")[0],
    }
    status = refused.status if refused else 422 if outcome else 200
    return render(request, "capture/entry/record.html", context, status=status)


def _is_editable(account: Account, form: str, held: Held | None) -> bool:
    stands = held is None or not held.voided
    decides = form not in ENTERED_BY or may(account, ENTERED_BY[form])
    return stands and form not in ELSEWHERE and may(account, "enter") and decides


def _next(form: str, subject: str, cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is usually entered after a record: its words and address."""
    number = cells.get("number", "")
    found = []
    if form == "demographics":
        found.append(("Forms of this subject, and what comes next", f"/subjects/{subject}/forms"))
    if form == "adverse_event":
        found.append(("Grade this event", _new("ae_grade", subject, number=number)))
        event = read.record(subject, form, key_of(form, cells))
        if event is not None:
            found.append(("Its grades and its report", f"/events/{number_of(event.row)}"))
        if cells.get("serious") == "yes":
            fatal = {"fatal": "yes"} if cells.get("outcome") == "fatal" else {}
            aware = f"{here():%Y-%m-%dT%H:%M}"
            report = _new("serious_event", subject, number=number, aware=aware, **fatal)
            there = read.record(subject, "serious_event", key_of("serious_event", cells))
            if there is None:
                found.append(("Report it as serious: within 24 hours of being aware", report))
            else:
                found.append(("Its report as serious", f"/records/{number_of(there.row)}"))
    if form == "serious_event":
        event = read.record(subject, "adverse_event", key_of("adverse_event", cells))
        if event is not None:
            found.append(("What changed since it was reported", f"/events/{number_of(event.row)}"))
    if form in CAPTURED and form not in ELSEWHERE and len(json.loads(key_of(form, cells))):
        found.append(("Another of this form", _new(form, subject)))
    return found


def _clock(form: str, cells: Mapping[str, str]) -> ReportClock | None:
    """How long a serious event may still wait for its report."""
    if form != "serious_event" or "aware" not in cells or "reported" in cells:
        return None
    return report_clock(cells["aware"], here(), deployment().zone)


def _new(form: str, subject: str, **cells: str) -> str:
    given = {} if form == "demographics" else {SUBJECT: subject}
    return f"/forms/{form}/new?{urlencode({**given, **cells})}"


def _saved(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    (judged,) = outcome.judged
    assert judged.row is not None
    row = judged.row
    if request.POST.get("_then") == "another":
        return redirect(_new(row.form, row.subject, _saved="1"))
    return redirect(f"/records/{number_of(row)}?saved={outcome.seq}")


def _conflict(
    request: HttpRequest, number: int, held: Held, draft: Draft, fault: Conflict
) -> HttpResponse:
    """Both values side by side: what the person typed, and what stands there now."""
    context: dict[str, Any] = {
        "title": title(draft.form),
        "form": draft.form,
        "number": number,
        "held": held,
        "fault": str(fault).removeprefix(f"{draft.form}: "),
        "differences": differences(draft, held),
        "same": {n: c for n, c in draft.cells.items() if held.row.cells.get(n) == c},
        **shown.reason_part(request.POST.dict()),
    }
    return render(request, "capture/entry/conflict.html", context, status=409)
