"""The work list: what is to be done, by kind, for one's own role or for all."""

import datetime as dt
from collections import Counter

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.http import urlencode

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.centre import at_centre, local_now
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Head, forms_now, head
from cartrial.capture.people.access import review_due
from cartrial.capture.people.permission import account_of, may, page
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.trail.verify_trail import sha256
from cartrial.capture.work.item import Item, Known, items
from cartrial.capture.work.reviewing import last_reviewed

PART = "capture/work/list_part.html"


@page("read")
def work(request: HttpRequest) -> HttpResponse:
    """The list; a page that polls gets 304 until something changed, or ten minutes are over."""
    now, account = local_now(), account_of(request)
    mine, kind = request.GET.get("whose") != "all", request.GET.get("kind", "")
    here = _url(mine, kind)
    tag = _tag(account.role if account else "", here, head(), now)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    shown = [item for item in known_items(now) if not mine or may(account, item.permission)]
    counts = Counter(item.kind for item in shown)
    said = {
        "items": [item for item in shown if kind in ("", item.kind)],
        "tally": [(name, count, _url(mine, name)) for name, count in counts.items()],
        "total": len(shown),
        "kind": kind,
        "mine": mine,
        "here": here,
        "tag": tag,
    }
    is_part = request.headers.get("HX-Request") == "true"
    answer = render(request, PART if is_part else "capture/work/list.html", said)
    answer["ETag"] = tag
    return answer


def known_items(now: dt.datetime) -> list[Item]:
    """Everything that is to be done at a moment of the centre's time."""
    state, (forms, _) = follow(), forms_now()
    data = Entry.objects.filter(action__in=action.CLINICAL, seq__gt=last_reviewed(state))
    oldest = data.order_by("seq").values_list("at", flat=True).first()
    since = at_centre(clock.moment(oldest)).date() if oldest else None
    trial = deployment()
    return items(
        Known(trial.study, forms, state, now, trial.zone, data.count(), since, review_due())
    )


def _tag(role: str, here: str, at: Head, now: dt.datetime) -> str:
    while_it_holds = f"{now:%Y-%m-%dT%H:%M}"[:-1]  # hours that are left count down
    return f'"{sha256("|".join((at.hash, while_it_holds, role, here)))[:32]}"'


def _url(mine: bool, kind: str) -> str:
    asked = {"whose": "mine" if mine else "all"} | ({"kind": kind} if kind else {})
    return f"/work?{urlencode(asked)}"
