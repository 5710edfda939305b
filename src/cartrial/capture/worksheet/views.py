"""Worksheets to print, as PDF: of a form, of a visit of a subject, of the next weeks."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse

from cartrial.capture.deployment import deployment
from cartrial.capture.entry.pages.record import known_subject
from cartrial.capture.ledger.centre import today
from cartrial.capture.ledger.row import CAPTURED
from cartrial.capture.people.permission import page
from cartrial.capture.web.attachment import attachment
from cartrial.capture.worksheet.binder import printed_now, visits_of
from cartrial.capture.worksheet.sheet import Sheet, blank, coming, near
from cartrial.capture.worksheet.worksheet import worksheets

PDF = "application/pdf"


@page("read")
def of_trial(request: HttpRequest) -> HttpResponse:
    """Blank worksheets: of every form, or of the one that is asked for."""
    return _answer(_asked(request), "worksheets")


@page("read")
def of_subject(request: HttpRequest, subject: str) -> HttpResponse:
    """A subject's worksheets: of one visit or form, or of the visits of the next weeks."""
    known_subject(subject)
    study, visit = deployment().study, request.GET.get("visit", "")
    if "form" in request.GET:
        return _answer(_asked(request, subject), f"{subject}-worksheets")
    visits = visits_of(study, subject)
    asked = [one for one in visits if one.name == visit] if visit else near(visits, today())
    sheets = coming(study, subject, asked)
    if not sheets and visit:
        raise Http404
    return _answer(sheets or blank(subject=subject), f"{subject}-worksheets")


def _asked(request: HttpRequest, subject: str = "") -> tuple[Sheet, ...]:
    form = request.GET.get("form", "")
    if form and form not in CAPTURED:
        raise Http404
    return blank([form], subject) if form else blank(subject=subject)


def _answer(sheets: Iterable[Sheet], name: str) -> HttpResponse:
    here = deployment()
    content = worksheets(here.study, sheets, printed_now(here))
    return attachment(content, f"{here.study.id}-{name}.pdf", PDF)
