"""The planned review of the audit trail: what to look at, and the signature of who did."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.number import sent_number
from cartrial.capture.ledger.read import head, step
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import page, person_of
from cartrial.capture.people.proof.reauthenticate import reauthenticate
from cartrial.capture.state.audit import Audited, audit
from cartrial.capture.state.fold.follow import State, follow
from cartrial.capture.state.verb.meaning import REVIEWED
from cartrial.capture.work.shown import changes

LISTED = 200  # of a kind, on the page; the trail has them all


def last_reviewed(state: State) -> int:
    """The last entry that somebody has reviewed."""
    return max((int(act.said("to") or 0) for act in state.reviews), default=0)


@page("review", post="review")
def review(request: HttpRequest) -> HttpResponse:
    """The entries since the last review, sorted by what a reviewer looks at."""
    state, now = follow(), head().seq
    since = last_reviewed(state)
    fault = None
    if request.method == "POST":
        account = person_of(request)
        try:
            _reviewed(request, account, state, since)
        except Refused as refused:
            fault = refused
        else:
            return redirect("/trail/review")
    return _page(request, state, since, now, fault)


def _page(
    request: HttpRequest, state: State, since: int, now: int, fault: Refused | None
) -> HttpResponse:
    found = _audited(state, since, now)
    kinds = (
        ("Changes after a signature", found.after_signature),
        ("Changes of fields on which the dose or a DLT stands", found.critical),
        ("Entered more than a week late", found.late),
    )
    said = {
        "since": since + 1,
        "upto": now,
        "found": found,
        "kinds": [(title, changes(steps[:LISTED]), len(steps)) for title, steps in kinds],
        "reviews": list(reversed(state.reviews)),
        "words": REVIEWED,
        "fault": fault,
    }
    return render(request, "capture/work/review.html", said, status=fault.status if fault else 200)


def _reviewed(request: HttpRequest, account: Account, state: State, since: int) -> None:
    given = request.POST
    upto = sent_number(given.get("upto", ""))
    if upto is None or not since < upto <= head().seq:
        raise Refused("review: must be of the entries that were read, got others")
    reauthenticate(request, account, given.get("password", ""), given.get("code", ""))
    with writing(account.actor) as ledger:
        if last_reviewed(follow()) != since:
            raise Refused("review: must be of entries that wait for it, got some reviewed since")
        ledger.add(
            action.REVIEW,
            content={
                "from": str(since + 1),
                "to": str(upto),
                "found": _audited(state, since, upto).tally,
                "note": given.get("note", "").strip(),
                "words": REVIEWED,
                "head": f"{ledger.seq}:{ledger.head}",
            },
        )


def _audited(state: State, since: int, upto: int) -> Audited:
    some = Entry.objects.filter(seq__gt=since, seq__lte=upto, action__in=action.CLINICAL)
    steps = (step(e) for e in some.select_related("content").order_by("seq").iterator(5_000))
    return audit(steps, state.signatures)
