"""Signing: what awaits a signature, the page that shows what is signed, and signatures given."""

import json
from dataclasses import dataclass

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.number import sent_number
from cartrial.capture.ledger.read import head, subjects
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import View, account_of, may, page, person_of
from cartrial.capture.people.proof.reauthenticate import reauthenticate
from cartrial.capture.state.act import Place
from cartrial.capture.state.changes import changes_since
from cartrial.capture.state.fold.follow import State, follow
from cartrial.capture.state.fold.signature import BROKEN, Standing
from cartrial.capture.state.shown.manifestation import lines
from cartrial.capture.state.shown.words import place_words
from cartrial.capture.state.verb.meaning import MEANINGS, SUBJECT
from cartrial.capture.state.verb.sign import covered, given_since, sign
from cartrial.capture.web.attachment import attachment
from cartrial.capture.web.spreadsheet import CSV, spreadsheet_csv
from cartrial.capture.work.place import name_of, scope_named
from cartrial.capture.work.shown import changes, sheets

SIGNED_HERE = ("record", "subject", "casebook", "dlt")
BY_SUBJECT = [name for name, meaning in MEANINGS.items() if meaning.scope == SUBJECT]


@dataclass(frozen=True)
class Waiting:
    """A subject and a meaning, and how its last signature stands."""

    subject: str
    meaning: str
    title: str
    last: Standing | None

    @property
    def is_due(self) -> bool:
        """Whether it is not signed as it stands."""
        return self.last is None or not self.last.is_whole


@page("read")
def to_sign(request: HttpRequest) -> HttpResponse:
    """What the person may sign, by subject, and how it stands."""
    account, state = account_of(request), follow()
    mine = [n for n in BY_SUBJECT if may(account, MEANINGS[n].permission)]
    waiting = [waits(state, subject, name) for subject in subjects() for name in mine]
    said = {"waiting": [one for one in waiting if one], "may_sign": bool(mine)}
    return render(request, "capture/work/to_sign.html", said)


def waits(state: State, subject: str, meaning: str) -> Waiting | None:
    """How the signature of a meaning stands for a subject; null where there is nothing to sign."""
    what = MEANINGS[meaning]
    tracks = state.tracks.get(subject, {})
    if what.forms and not any(place.form == what.forms[0] for place in tracks):
        return None
    return Waiting(subject, meaning, what.title, state.last_signed(Place(subject), meaning))


def _signing(meaning: str) -> View:
    permission = MEANINGS[meaning].permission

    @page(permission, post=permission)
    def signing(request: HttpRequest) -> HttpResponse:
        place = scope_named(request)
        if place.kind != MEANINGS[meaning].scope:
            raise Http404
        account = person_of(request)
        if request.method == "GET":
            return _page(request, meaning, place)
        try:
            number = _signed(request, account, meaning, place)
        except Refused as fault:
            return _page(request, meaning, place, fault)
        return redirect(f"/signatures/{number}")

    return signing


def _signed(request: HttpRequest, account: Account, meaning: str, place: Place) -> int:
    given = request.POST
    seen = sent_number(given.get("seen", ""))
    if seen is None:
        raise Refused("signature: must be of what was read, got nothing that says what that was")
    there = given_since(account.username, meaning, place, seen)
    if there:
        return there  # before the code, which is used up
    reauthenticate(request, account, given.get("password", ""), given.get("code", ""))
    with writing(account.actor) as ledger:
        there = given_since(account.username, meaning, place, seen)
        return there or sign(ledger, meaning, place, seen=seen).seq


def _page(
    request: HttpRequest, meaning: str, place: Place, fault: Refused | None = None
) -> HttpResponse:
    what, state, seen = MEANINGS[meaning], follow(), head().seq
    rows = covered(place, what.forms)
    last = state.last_signed(place, meaning)
    asked = state.open_queries(place)
    since = changes(changes_since(place, last.signature.number, what.forms)) if last else []
    said = {
        "meaning": what,
        "place": place,
        "named": name_of(place),
        "sheets": sheets(rows),
        "count": len(rows),
        "last": last,
        "since": since,
        "queries": [q for q in asked if not what.forms or q.place.form in what.forms],
        "seen": seen,
        "fault": fault,
    }
    return render(request, "capture/work/sign.html", said, status=fault.status if fault else 200)


sign_record = _signing("record")
sign_subject = _signing("subject")
sign_casebook = _signing("casebook")
sign_dlt = _signing("dlt")


@page("read")
def signatures(request: HttpRequest) -> HttpResponse:
    """Every signature that was given, newest first."""
    said = {"standings": list(reversed(follow().standings))}
    return render(request, "capture/work/signatures.html", said)


@page("read")
def signature(request: HttpRequest, number: int) -> HttpResponse:
    """One signature: who, when, what it means, what it covers, and what changed since."""
    one = next((s for s in follow().standings if s.signature.number == number), None)
    if one is None:
        raise Http404
    place, forms = one.signature.place, one.signature.forms
    since = [
        change
        for change in changes(changes_since(place, number, forms))
        if change.place in one.changed
    ]
    said = {"one": one, "lines": lines(one), "since": since, "again": _again(request, one)}
    return render(request, "capture/work/signature.html", said)


def _again(request: HttpRequest, one: Standing) -> str:
    """Where a broken signature is given again; empty where the person may not."""
    name, place = one.signature.meaning, one.signature.place
    mine = name in SIGNED_HERE and may(account_of(request), MEANINGS[name].permission)
    return f"/sign/{name}?{urlencode(name_of(place))}" if mine and one.state == BROKEN else ""


@page("trail")
def signatures_csv(request: HttpRequest) -> HttpResponse:
    """Every signature, for a spreadsheet."""
    rows = [
        {
            "Entry": one.signature.number,
            "Signed by": one.signature.act.name,
            "Role": one.signature.act.role,
            "Organisation": one.signature.act.organisation,
            "Signed at (UTC)": one.signature.act.at,
            "Meaning": one.signature.words,
            "Of": place_words(one.signature.place),
            "State": one.state,
            "Changed since": json.dumps([place_words(p) for p in one.changed], ensure_ascii=False),
        }
        for one in follow().standings
    ]
    return attachment(spreadsheet_csv(pl.DataFrame(rows)), "signatures.csv", CSV)
