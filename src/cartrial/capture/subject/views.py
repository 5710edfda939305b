"""The page of a subject."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cartrial.capture.dose.known import known_now
from cartrial.capture.entry.pages.record import known_subject
from cartrial.capture.entry.pages.subjects import line_of
from cartrial.capture.people.permission import page
from cartrial.capture.schedule import PlannedVisit, schedule_of
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.subject import head
from cartrial.capture.subject.course import Asked, course
from cartrial.capture.subject.drawing.axis import ZOOMS, usual_zoom
from cartrial.capture.subject.panel import response


@page("read")
def subject_page(request: HttpRequest, subject: str) -> HttpResponse:
    """Everything that happened to a subject, on one axis of time."""
    known_subject(subject)
    known, state = known_now(), follow()
    line = line_of(known.study, known.forms, state, subject, known.day)
    zoom = request.GET.get("days", "")
    if line.infused is None or zoom not in ZOOMS:
        zoom = usual_zoom(line.day)
    found = course(known, Asked(subject, zoom, line.infused, bool(line.ended)))
    window = known.study.dlt.window if known.study.dlt else None
    visits = schedule_of(known.study, known.forms.of_subject(subject), subject, known.day)
    context: dict[str, Any] = {
        "subject": subject,
        "line": line,
        "facts": list(head.facts(line, found.derived, state, window)),
        "course": found,
        "newest": response.newest(found.derived.course),
        "zooms": [(key, label) for key, (label, _) in ZOOMS.items()] if line.infused else [],
        "zoom": zoom,
        "today": known.day,
        "visits": [visit for visit in visits if line.infused or _is_early(visit)],
    }
    return render(request, "capture/subject/page.html", context)


def _is_early(visit: PlannedVisit) -> bool:
    """Whether a visit is held, or comes before the infusion: all others wait for its day."""
    return visit.held is not None or (visit.day is not None and visit.day < 0)
