"""Freezing and locking: the state of the data, and one step with its reason."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.read import subjects
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.permission import page, person_of
from cartrial.capture.people.proof.reauthenticate import reauthenticate
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold import hold
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.verb.holding import change_hold, left_to_do
from cartrial.capture.state.verb.meaning import UNLOCKED
from cartrial.capture.work.place import name_of, scope_named

EXPLAINED = {
    action.FREEZE: "No data can be changed. Signing, queries and verification go on.",
    action.THAW: "The data can be changed again.",
    action.LOCK: "Nothing can be done on these data until they are unlocked.",
    action.UNLOCK: UNLOCKED,
}


@page("read")
def holds(request: HttpRequest) -> HttpResponse:
    """What is frozen or locked, and the way to each step."""
    state, scope = follow(), scope_named(request)
    places = [Place(), *(Place(subject) for subject in subjects())]
    places += sorted(p for p in state.holds if p.form and state.holds[p].state != hold.OPEN)
    if scope not in places:
        places.append(scope)
    lines = [(place, state.holds.get(place), _verbs(place)) for place in places]
    said = {"lines": lines, "scope": scope, "record": request.GET.get("record", "")}
    return render(request, "capture/work/holds.html", said)


def _verbs(place: Place) -> list[tuple[str, str]]:
    """Each possible step with its address."""
    held = follow().holds.get(place)
    now = held.state if held else hold.OPEN
    return [
        (verb, f"/holds/{verb}?{urlencode(name_of(place))}") for s, verb in hold.EDGES if s == now
    ]


@page("freeze", post="freeze")
def freeze(request: HttpRequest) -> HttpResponse:
    """Freeze a scope."""
    return _step(request, action.FREEZE)


@page("freeze", post="freeze")
def thaw(request: HttpRequest) -> HttpResponse:
    """Thaw a scope."""
    return _step(request, action.THAW)


@page("lock", post="lock")
def lock(request: HttpRequest) -> HttpResponse:
    """Lock a scope."""
    return _step(request, action.LOCK)


@page("unlock", post="unlock")
def unlock(request: HttpRequest) -> HttpResponse:
    """Unlock a scope; the person signs it."""
    return _step(request, action.UNLOCK)


def _step(request: HttpRequest, verb: str) -> HttpResponse:
    place = scope_named(request)
    if request.method != "POST":
        return _page(request, verb, place)
    try:
        _change(request, verb, place)
    except Refused as fault:
        return _page(request, verb, place, fault)
    return redirect("/holds")


def _change(request: HttpRequest, verb: str, place: Place) -> None:
    account, given = person_of(request), request.POST
    if verb == action.UNLOCK:
        reauthenticate(request, account, given.get("password", ""), given.get("code", ""))
    with writing(account.actor) as ledger:
        change_hold(ledger, verb, place, given.get("reason", ""))


def _page(
    request: HttpRequest, verb: str, place: Place, fault: Refused | None = None
) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    said = {
        "title": f"{verb.capitalize()} these data",
        "place": place,
        "verb": verb.capitalize(),
        "explained": EXPLAINED[verb],
        "left": list(left_to_do(follow(), place)) if verb == action.LOCK else (),
        "proof": verb == action.UNLOCK,
        "record": asked.get("record", ""),
        "typed": asked.get("reason", ""),
        "fault": fault,
    }
    return render(request, "capture/work/reason.html", said, status=fault.status if fault else 200)
