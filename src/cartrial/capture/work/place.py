"""Which record, or which scope, a page is about; what is unknown is 404."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.number import sent_number
from cartrial.capture.ledger.read import subjects
from cartrial.capture.state.act import Place


def record_named(text: str) -> tuple[Record, Place]:
    """The record of a number in a URL."""
    number = sent_number(text)
    if number is None:
        raise Http404
    record = get_object_or_404(Record, pk=number)
    return record, place_of(record)


def place_of(record: Record) -> Place:
    """The place of a record."""
    return Place(record.subject, record.form, record.key)


def scope_named(request: HttpRequest) -> Place:
    """The record, the subject or the trial that a page names by `record`, `subject` or neither."""
    asked = request.POST if request.method == "POST" else request.GET
    if asked.get("record"):
        return record_named(asked["record"])[1]
    return Place(subject_named(asked["subject"])) if asked.get("subject") else Place()


def subject_named(subject: str) -> str:
    """A subject that is there."""
    if subject not in subjects():
        raise Http404
    return subject


def name_of(place: Place) -> dict[str, str]:
    """How a URL names a scope: what `scope_named` reads."""
    if place.form:
        return {"record": str(_number(place))}
    return {"subject": place.subject} if place.subject else {}


def address(place: Place) -> str:
    """The page of a place."""
    if place.form:
        return f"/records/{_number(place)}"
    return f"/subjects/{place.subject}/forms" if place.subject else "/work"


def _number(place: Place) -> int:
    """The number of a record in URLs; 0 where there is no such record."""
    found = Record.objects.filter(subject=place.subject, form=place.form, key=place.key)
    return found.values_list("pk", flat=True).first() or 0
