"""An adverse event with its grades, and its report where it is serious: one page."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from cartrial.capture.bedside.since_report import changed_since, grades_of
from cartrial.capture.deployment import deployment
from cartrial.capture.entry.pages import page as shown
from cartrial.capture.entry.pages.record import held_of
from cartrial.capture.entry.saving import save
from cartrial.capture.entry.saving.save import Outcome
from cartrial.capture.entry.saving.submit import Draft, typed_cells
from cartrial.capture.ledger.centre import here
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.row import key_of
from cartrial.capture.people.permission import may, page, person_of
from cartrial.capture.schedule.serious import moment_here, report_clock
from cartrial.capture.state.shown.panel import hold_of
from cartrial.capture.state.shown.words import spaced
from cartrial.grading.ctcae.terms import known_term

EVENT, GRADE, REPORT = "adverse_event", "ae_grade", "serious_event"


@page("read", post="enter")
def event(request: HttpRequest, number: int) -> HttpResponse:
    """An event; posting adds a grade to it."""
    held = _event(number)
    if request.method != "POST":
        return _page(request, number, held, {"since": f"{here():%Y-%m-%d}"})
    if held.voided:
        raise Refused("event: must not be withdrawn to be graded, got one that is. Restore it")
    account, sent, subject = person_of(request), request.POST.dict(), held.row.subject
    cells, faults = typed_cells(GRADE, sent, subject=subject, kept={})
    cells["number"] = held.row.cells["number"]
    draft = Draft(GRADE, subject, cells, faults=faults)
    try:
        outcome = save.save(deployment().study, account, subject, [draft], sent)
    except Refused as fault:
        return _page(request, number, held, cells, refused=fault)
    if not outcome.saved:
        return _page(request, number, held, cells, outcome=outcome)
    return redirect(f"{request.path}?saved={outcome.seq}")


@page("enter")
def report(request: HttpRequest, number: int) -> HttpResponse:
    """The report of an event as serious: the one that is there, or a new one, aware at now."""
    held = _event(number)
    there = _record(held, REPORT)
    if there:
        return redirect(f"/records/{there}")
    cells = held.row.cells
    given = {
        "subject": held.row.subject,
        "number": cells["number"],
        "aware": f"{here():%Y-%m-%dT%H:%M}",
        **({"fatal": "yes"} if cells.get("outcome") == "fatal" else {}),
    }
    return redirect(f"/forms/{REPORT}/new?{urlencode(given)}")


def _event(number: int) -> Held:
    held = held_of(number)
    if held.row.form != EVENT:
        raise Http404
    return held


def _record(held: Held, form: str) -> int:
    key = key_of(form, held.row.cells)
    found = Record.objects.filter(subject=held.row.subject, form=form, key=key).first()
    return found.pk if found else 0


def _page(
    request: HttpRequest,
    number: int,
    held: Held,
    cells: dict[str, str],
    *,
    outcome: Outcome | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    account = person_of(request)
    subject, of_event = held.row.subject, held.row.cells
    known = known_term(of_event.get("ctcae_term"), of_event.get("preferred"))
    context: dict[str, Any] = shown.of_row(
        GRADE, subject, cells, who=account.username, sent=request.POST.dict(), outcome=outcome
    )
    fields = [one for _, listed in context["groups"] for one in listed if one.name != "number"]
    hold, again = hold_of(subject), bool(refused or outcome)
    context |= {
        "number": number,
        "event": of_event,
        "held": None,
        "voided": held.voided,
        "fields": fields,
        "grades": grades_of(subject, of_event["number"]),
        "known": known if of_event.get("scale") == "CTCAE" else None,
        "hold": hold,
        "editable": may(account, "enter") and not held.voided and (hold is None or again),
        "refused": refused,
        "saved": request.GET.get("saved", "") if request.method == "GET" else "",
        "draft": request.path,
        **_report(held),
    }
    status = refused.status if refused else 422 if outcome else 200
    return render(request, "capture/bedside/event.html", context, status=status)


def _report(held: Held) -> dict[str, Any]:
    """How the report of the event stands: its record, its clock, what changed since."""
    number = _record(held, REPORT)
    report = held_of(number) if number else None
    if report is None or report.voided:
        return {"report": None}
    cells, zone = report.row.cells, deployment().zone
    said: dict[str, Any] = {"report": number, "reported": spaced(cells.get("reported", ""))}
    if "reported" in cells:
        moment = moment_here(cells["reported"], zone)
        said["changed"] = changed_since(held, report, moment) if moment else []
    elif "aware" in cells:
        said["clock"] = report_clock(cells["aware"], here(), zone)
    return said
