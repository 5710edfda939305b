"""The bedside pages of CRS and ICANS: one assessment, graded as it is typed, saved like any row."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.bedside.before import assessed
from cartrial.capture.bedside.preview import preview
from cartrial.capture.bedside.target import targets
from cartrial.capture.deployment import deployment
from cartrial.capture.entry.pages import page as shown
from cartrial.capture.entry.pages.record import known_subject
from cartrial.capture.entry.saving import save
from cartrial.capture.entry.saving.save import Outcome
from cartrial.capture.entry.saving.submit import Draft, typed_cells
from cartrial.capture.graded.syndrome import RULE, SYNDROMES
from cartrial.capture.ledger import read
from cartrial.capture.ledger.centre import local_now
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.people.permission import page, person_of
from cartrial.capture.schedule import infusion_day
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.shown.panel import hold_of

CRS, ICANS = "crs_assessment", "icans_assessment"
RUNNING = dt.timedelta(hours=48)  # since the last assessment: after it, no next one is told
OTHER = {CRS: ("icans", "ICE and ICANS"), ICANS: ("crs", "CRS")}


@page("enter", post="enter")
def crs(request: HttpRequest, subject: str) -> HttpResponse:
    """An assessment of CRS."""
    return _assessment(request, CRS, known_subject(subject))


@page("enter", post="enter")
def icans(request: HttpRequest, subject: str) -> HttpResponse:
    """An assessment of ICE and ICANS."""
    return _assessment(request, ICANS, known_subject(subject))


@page("enter", post="enter", only_post=True)
def crs_grade(request: HttpRequest, subject: str) -> HttpResponse:
    """The grade of CRS as it is typed; nothing is written."""
    return _grade(request, CRS, known_subject(subject))


@page("enter", post="enter", only_post=True)
def icans_grade(request: HttpRequest, subject: str) -> HttpResponse:
    """The grade of ICANS as it is typed; nothing is written."""
    return _grade(request, ICANS, known_subject(subject))


def _grade(request: HttpRequest, form: str, subject: str) -> HttpResponse:
    cells, _ = typed_cells(form, request.POST.dict(), subject=subject, kept={})
    found = preview(form, subject, cells, local_now())
    bar = request.headers.get("HX-Target") == "grade"  # the bedside page shows it in its bar too
    return render(request, "capture/bedside/grade.html", {"grade": found, "part": bar})


def _assessment(request: HttpRequest, form: str, subject: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, form, subject, {"at": f"{local_now():%Y-%m-%dT%H:%M}"})
    account, sent = person_of(request), request.POST.dict()
    cells, faults = typed_cells(form, sent, subject=subject, kept={})
    draft = Draft(form, subject, cells, faults=faults)
    try:
        outcome = save.save(deployment().study, account, subject, [draft], sent)
    except Refused as fault:
        return _page(request, form, subject, cells, refused=fault)
    if not outcome.saved:
        return _page(request, form, subject, cells, outcome=outcome)
    return redirect(f"{request.path}?saved={outcome.seq}")


def _page(
    request: HttpRequest,
    form: str,
    subject: str,
    cells: dict[str, str],
    *,
    outcome: Outcome | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    account, sent, now = person_of(request), request.POST.dict(), local_now()
    context: dict[str, Any] = shown.of_row(
        form, subject, cells, who=account.username, sent=sent, outcome=outcome
    )
    forms, _ = read.forms_now()
    zero = infusion_day(forms, subject)
    before = assessed(form, subject, now)
    context |= {
        "targets": targets(form, context["groups"]),
        "syndrome": SYNDROMES[form],
        "short": SYNDROMES[form].lower(),
        "other": OTHER[form],
        "grade": preview(form, subject, cells, now),
        "before": before,
        "ago": _ago(now - before[0].at) if before else "",
        "is_running": bool(before) and now - before[0].at < RUNNING,
        "is_due": bool(before) and before[0].next_due <= now,
        "queries": _queries(form, subject),
        "day": (now.date() - zero).days if zero else None,
        "hold": hold_of(subject),
        "refused": refused,
        "saved": request.GET.get("saved", "") if request.method == "GET" else "",
        "draft": request.path,
    }
    status = refused.status if refused else 422 if outcome else 200
    return render(request, "capture/bedside/assessment.html", context, status=status)


def _queries(form: str, subject: str) -> list[Any]:
    """The open queries of the software on grades of this form."""
    asked = follow().open_queries(Place(subject))
    return [one for one in asked if one.rule == RULE and one.place.form == form]


def _ago(span: dt.timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min ago"
    return f"{minutes // 60} h ago" if minutes < 48 * 60 else f"{minutes // 1440} days ago"
