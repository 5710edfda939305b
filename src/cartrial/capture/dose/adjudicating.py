"""`/dose/dlt`: what is proposed as dose-limiting toxicity, by whom, and the committee's verdict.

The clauses of the study stand beside the investigator's word; a verdict is entered and signed in
one transaction, through the same checks as every other row.
"""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.dose.known import Known, known_now
from cartrial.capture.entry.pages import page as shown
from cartrial.capture.entry.saving.save import Outcome, save
from cartrial.capture.entry.saving.submit import Draft, base_of, typed_cells
from cartrial.capture.ledger.fault import Conflict, Refused
from cartrial.capture.ledger.number import sent_number
from cartrial.capture.ledger.read import Held, head, record
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import account_of, may, page, person_of
from cartrial.capture.people.proof.reauthenticate import reauthenticate
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.state.verb.meaning import MEANINGS
from cartrial.capture.state.verb.sign import covered, given_since, sign

FORM, MEANING, KEY = "dlt_adjudication", "dlt", "[]"
Sent = Mapping[str, str]


@page("read")
def every(request: HttpRequest) -> HttpResponse:
    """Each infused subject: its status, what is proposed, and the verdict."""
    known = known_now()
    lines = [_line(known, row) for row in _statuses(known)]
    said = {
        "known": known,
        "lines": lines,
        "apart": known.review.apart if known.review else (),
        "unjudged": known.review.unjudged if known.review else (),
    }
    return render(request, "capture/dose/dlt.html", said)


def _statuses(known: Known) -> list[dict[str, Any]]:
    return known.review.statuses.to_dicts() if known.review else []


def _line(known: Known, row: dict[str, Any]) -> Mapping[str, Any]:
    subject = str(row["subject"])
    assert known.review is not None
    events = [event for event in known.review.events if event.subject == subject]
    return {
        "subject": subject,
        "level": row["EVALLVL"] or row["DOSELVL"],
        "status": row["DLTSTAT"],
        "reason": row["DLTREAS"],
        "day": row["DLTDAY"],
        "term": row["DLTTERM"],
        "events": events,
        "verdict": row["DLTADJ"],
        "signed": follow().last_signed(Place(subject), MEANING),
    }


@page("read", post="adjudicate")
def one(request: HttpRequest, subject: str) -> HttpResponse:
    """A subject's toxicities against the clauses; a POST enters the verdict and signs it."""
    known = known_now()
    row = next((row for row in _statuses(known) if row["subject"] == subject), None)
    if row is None:
        raise Http404
    held = record(subject, FORM, KEY)
    cells = dict(held.row.cells) if held else {"decided": known.day.isoformat()}
    if request.method != "POST":
        return _page(request, known, row, held, cells)
    sent, account = request.POST.dict(), person_of(request)
    cells, faults = typed_cells(FORM, sent, subject=subject, kept=cells if held else {})
    draft = Draft(FORM, subject, cells, base_of(sent), KEY if held else "", faults=faults)
    try:
        reauthenticate(request, account, sent.get("password", ""), sent.get("code", ""))
        outcome = adjudicate(account, known, draft, sent)
    except Refused as fault:
        return _page(request, known, row, held, cells, sent, fault=fault)
    if not outcome.saved:
        return _page(request, known, row, held, cells, sent, outcome=outcome)
    return redirect(f"/dose/dlt/{subject}")


def adjudicate(account: Account, known: Known, draft: Draft, sent: Sent) -> Outcome:
    """Enter a verdict and sign it, or nothing of both; what was read must stand as it did."""
    place, seen = Place(draft.subject), sent_number(sent.get("seen", ""))
    if seen is None:
        raise Refused("signature: must be of what was read, got nothing that says what that was")
    with writing(account.actor):
        rows = covered(place, MEANINGS[MEANING].forms)
        if seen > head().seq or any(row[3] > seen for row in rows):
            raise Conflict("signature: must be of what was read, got data that changed since")
        outcome = save(known.study, account, draft.subject, [draft], sent)
        if outcome.saved and not given_since(account.username, MEANING, place, seen):
            with writing(account.actor) as ledger:
                sign(ledger, MEANING, place)
    return outcome


def _page(
    request: HttpRequest,
    known: Known,
    row: dict[str, Any],
    held: Held | None,
    cells: Mapping[str, str],
    sent: Sent | None = None,
    *,
    outcome: Outcome | None = None,
    fault: Refused | None = None,
) -> HttpResponse:
    account, subject = account_of(request), str(row["subject"])
    who = account.username if account else ""
    assert known.review is not None
    said = {
        **shown.of_row(FORM, subject, cells, who=who, sent=sent, outcome=outcome),
        "line": _line(known, row),
        "events": [event for event in known.review.events if event.subject == subject],
        "others": [what for event, what in known.review.apart if event.subject == subject],
        "held": held,
        "base": held.seq if held else 0,
        "seen": head().seq,
        "editable": may(account, "adjudicate"),
        "meaning": MEANINGS[MEANING],
        "fault": fault,
    }
    status = fault.status if fault else 422 if outcome else 200
    return render(request, "capture/dose/adjudicate.html", said, status=status)
