"""The flowsheet: one page for a subject's day in hospital, saved in one transaction.

Vital signs, CRS and ICE assessments stand in columns by their time, as on the chart at the bed; the
main laboratory values of the day stand below, a line each. An empty column takes a new assessment.
"""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial import units
from cartrial.capture.deployment import deployment
from cartrial.capture.entry.form.field import labels_of
from cartrial.capture.entry.pages import page as shown
from cartrial.capture.entry.pages.record import known_subject
from cartrial.capture.entry.pages.sheet import (
    ANALYTES,
    ASSESSMENTS,
    NEW,
    SPECIMENS,
    columns_of,
    laboratory_of,
    prefix_of,
    rows_of,
    standing_of,
)
from cartrial.capture.entry.saving import save
from cartrial.capture.entry.saving.save import Outcome
from cartrial.capture.entry.saving.submit import Draft, Said, Sent, base_of, signed, typed_cells
from cartrial.capture.ledger import read
from cartrial.capture.ledger.centre import today
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.row import SUBJECT
from cartrial.capture.people.permission import may, page, person_of
from cartrial.capture.schedule import infusion_day
from cartrial.capture.state.shown.panel import hold_of
from cartrial.capture.state.shown.words import title


@page("read", post="enter")
def day(request: HttpRequest, subject: str, date: str) -> HttpResponse:
    """The flowsheet of a subject's day."""
    known_subject(subject)
    on = _date(date)
    if request.method != "POST":
        return _page(request, subject, on, {}, None)
    account = person_of(request)
    sent = request.POST.dict()
    drafts = _drafts(subject, on, sent)
    try:
        outcome = save.save(deployment().study, account, subject, drafts, sent)
    except Refused as fault:
        return _page(request, subject, on, sent, None, refused=fault)
    if outcome.saved:
        saved = len(outcome.entries)
        return redirect(f"/subjects/{subject}/day/{on}?saved={saved}")
    return _page(request, subject, on, sent, outcome)


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else _no_such_day()
    except ValueError:
        return _no_such_day()


def _no_such_day() -> dt.date:
    raise Http404


def _drafts(subject: str, on: dt.date, sent: Sent) -> list[Draft]:
    """The rows of the day that were changed or begun."""
    drafts = []
    for form, there in standing_of(subject, on).items():
        for number, held in there:
            prefix = prefix_of(form, number)
            kept = held.row.cells
            cells, faults = typed_cells(form, sent, subject=subject, kept=kept, prefix=prefix)
            base = base_of(sent, prefix)
            if base and (cells != kept or faults):
                drafts.append(Draft(form, subject, cells, base, held.row.key, prefix, faults))
    drafts += [draft for form in ASSESSMENTS for draft in _begun(form, subject, on, sent)]
    return drafts + _laboratory_begun(subject, on, sent)


def _begun(form: str, subject: str, on: dt.date, sent: Sent) -> list[Draft]:
    prefix = prefix_of(form, NEW)
    cells, faults = typed_cells(
        form, _timed(sent, prefix, on), subject=subject, kept={}, prefix=prefix
    )
    filled = cells.keys() - {SUBJECT, "at"}
    return [Draft(form, subject, cells, prefix=prefix, faults=faults)] if filled else []


def _timed(sent: Sent, prefix: str, on: dt.date) -> dict[str, str]:
    """What was sent, with the day put before a time that stands alone."""
    at = sent.get(f"{prefix}at", "").strip()
    whole = f"{on} {at}" if at and ":" in at and len(at) <= 8 else at
    return {**sent, f"{prefix}at": whole}


def _laboratory_begun(subject: str, on: dt.date, sent: Sent) -> list[Draft]:
    drafts = []
    at = _timed(sent, "laboratory.", on)["laboratory.at"] or str(on)
    for analyte in ANALYTES:
        prefix = prefix_of("laboratory", analyte)
        if not sent.get(f"{prefix}value", "").strip():
            continue
        specimen = SPECIMENS[units.ANALYTES[analyte].specimen]
        whole = {f"{prefix}at": at, f"{prefix}analyte": analyte, f"{prefix}specimen": specimen}
        cells, faults = typed_cells(
            "laboratory", {**sent, **whole}, subject=subject, kept={}, prefix=prefix
        )
        drafts.append(Draft("laboratory", subject, cells, prefix=prefix, faults=faults))
    return drafts


# ---------------------------------------------------------------- what is shown
def _page(
    request: HttpRequest,
    subject: str,
    on: dt.date,
    sent: Sent,
    outcome: Outcome | None,
    *,
    refused: Refused | None = None,
) -> HttpResponse:
    account = person_of(request)
    forms, _ = read.forms_now()
    zero = infusion_day(forms, subject)
    there = standing_of(subject, on)
    asked = shown.asked_of(outcome, sent) if outcome else ()
    hold, again = hold_of(subject), bool(refused or outcome)
    faults = _faults(outcome)
    context: dict[str, Any] = {
        "subject": subject,
        "on": on,
        "day": (on - zero).days if zero else None,
        "before": on - dt.timedelta(1) if on > dt.date.min else None,
        "after": on + dt.timedelta(1) if on < dt.date.max else None,
        "today": today(),
        "tables": [
            (
                title(form),
                form,
                rows_of(form),
                columns_of(form, there[form], sent, faults),
            )
            for form in ASSESSMENTS
        ],
        "laboratory": laboratory_of(subject, on, there["laboratory"], sent, faults),
        "laboratory_at": sent.get("laboratory.at", ""),
        "asked": asked,
        "open": [one for one in asked if one.is_open],
        "faults": _summary(outcome),
        "fired": signed(outcome.fired, account.username) if outcome and outcome.fired else "",
        "refused": refused,
        "again": again,
        "saved": request.GET.get("saved", ""),
        "hold": hold,
        "editable": may(account, "enter") and (hold is None or again),
        "draft": request.path,
        "answers": shown.ANSWERS,
        **shown.reason_part(sent, outcome.reason_faults if outcome else ()),
        "needs_reason": outcome is not None and any(one.is_change for one in outcome.judged),
    }
    status = refused.status if refused else 422 if outcome else 200
    return render(request, "capture/entry/flowsheet.html", context, status=status)


def _faults(outcome: Outcome | None) -> dict[str, tuple[Said, ...]]:
    return {one.draft.prefix: one.errors for one in outcome.judged} if outcome else {}


def _summary(outcome: Outcome | None) -> list[tuple[str, str, str]]:
    """Each fault with the id of its field and its label."""
    return [
        (
            f"{one.draft.prefix}{fault.column}",
            labels_of(one.draft.form).get(fault.column, ""),
            fault.words,
        )
        for one in (outcome.judged if outcome else ())
        for fault in one.errors
    ]
