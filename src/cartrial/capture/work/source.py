"""Source data verification of a record: set and withdrawn."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.ledger.number import sent_number
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.permission import page, person_of
from cartrial.capture.state.verb.marking import verify_source, withdraw
from cartrial.capture.work.place import record_named


@page("sdv", post="sdv", only_post=True)
def verify(request: HttpRequest, record: str) -> HttpResponse:
    """Mark a record as held against its source, as it was read."""
    there, place = record_named(record)
    account = person_of(request)
    seen = sent_number(request.POST.get("seen", ""))
    with writing(account.actor) as ledger:
        verify_source(ledger, place, seen=there.seq if seen is None else seen)
    return redirect(f"/records/{there.pk}")


@page("sdv", post="sdv")
def withdraw_mark(request: HttpRequest, record: str) -> HttpResponse:
    """Withdraw the mark of a record, with a reason."""
    there, place = record_named(record)
    if request.method == "POST":
        account = person_of(request)
        with writing(account.actor) as ledger:
            withdraw(ledger, place, request.POST.get("reason", ""))
        return redirect(f"/records/{there.pk}")
    said = {
        "title": "Withdraw the source verification",
        "place": place,
        "verb": "Withdraw",
        "record": record,
    }
    return render(request, "capture/work/reason.html", said)
