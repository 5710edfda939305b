"""The page of access: who may work here, who might, and its review each quarter."""

import datetime as dt

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.number import sent_number
from cartrial.capture.ledger.read import head
from cartrial.capture.ledger.write import writing
from cartrial.capture.people import access
from cartrial.capture.people.account import read_day
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import page, person_of
from cartrial.capture.people.proof.reauthenticate import reauthenticate
from cartrial.capture.web.attachment import attachment
from cartrial.capture.web.spreadsheet import CSV, spreadsheet_csv


@page("access", post="review_access")
def shown(request: HttpRequest) -> HttpResponse:
    """Who has, and had, access on a day; a POST is a signed review."""
    if request.method != "POST":
        return _access(request)
    reviewer = person_of(request)
    found = " ".join(request.POST.get("found", "").split())
    try:
        if not found:
            raise Refused("review: must say what was found, got nothing")
        reauthenticate(
            request, reviewer, request.POST.get("password", ""), request.POST.get("code", "")
        )
    except Refused as fault:
        return _access(request, fault)
    seen = [period for period in _periods() if period.end is None]
    content = {
        "found": found,
        "meaning": "I have reviewed who has access to this trial",
        "head": head().short,
        "accounts": [f"{period.username}: {period.role}" for period in seen],
    }
    with writing(reviewer.actor) as ledger:
        if not _reviewed_since(reviewer, sent_number(request.POST.get("seen", ""))):
            ledger.add(action.ACCESS_REVIEW, content=content)
    return redirect("/access")


def _reviewed_since(reviewer: Account, seen: int | None) -> bool:
    """Whether the person has signed a review from this very page, which was sent twice."""
    mine = Entry.objects.filter(action=action.ACCESS_REVIEW, actor=reviewer.username)
    return seen is not None and mine.filter(seq__gt=seen).exists()


@page("access")
def listed(request: HttpRequest) -> HttpResponse:
    """Every period of access, as a spreadsheet opens it."""
    found = _periods()
    columns = {
        "user name": [p.username for p in found],
        "name": [p.name for p in found],
        "role": [p.role for p in found],
        "organisation": [p.organisation for p in found],
        "identity verified": [p.identity_verified for p in found],
        "from (UTC)": [p.begin for p in found],
        "given by": [p.given_by for p in found],
        "last day": [p.expires for p in found],
        "until (UTC)": [p.end for p in found],
        "ended by": [p.ended_by for p in found],
    }
    moments = {"from (UTC)": pl.Datetime, "until (UTC)": pl.Datetime}
    frame = pl.DataFrame(columns, schema_overrides=moments)
    return attachment(spreadsheet_csv(frame), "access.csv", CSV)


def _access(request: HttpRequest, fault: Refused | None = None) -> HttpResponse:
    every, on = _periods(), _on(request)
    now = clock.now()
    moment = min(now, dt.datetime.combine(on, dt.time.max, deployment().zone)) if on else now
    said = {
        "on": on.isoformat() if on else "",
        "now": [period for period in every if period.covers(moment)],
        "before": [period for period in every if period.end is not None and period.end <= moment],
        "last": access.last_review(),
        "due": access.review_due(),
        "overdue": (access.review_due() or now.date()) < now.date(),
        "differences": access.differences(),
        "said": str(fault) if fault else "",
        "typed": request.POST,
    }
    status = fault.status if fault else 200
    return render(request, "capture/accounts/access.html", said, status=status)


def _on(request: HttpRequest) -> dt.date | None:
    try:
        return read_day(request.GET.get("on", ""), "day")
    except Refused:
        return None


def _periods() -> list[access.Period]:
    return access.periods(access.read_steps(), clock.now())
