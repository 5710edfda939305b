"""`/dose`: what the design recommends, what is proposed, and what the committee decided."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.dose import deciding
from cartrial.capture.dose.frozen import (
    FORM,
    as_known_then,
    changed_since,
    follow_up,
    recommendation,
    recommended,
    thawed,
    word,
)
from cartrial.capture.dose.known import Known, known_now
from cartrial.capture.dose.proposal import APPROVED, Proposal, read_proposals
from cartrial.capture.dose.rests import changed_records
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import records
from cartrial.capture.people.permission import account_of, page, person_of
from cartrial.capture.people.proof.reauthenticate import reauthenticate
from cartrial.capture.state.fold.follow import follow
from cartrial.capture.trail.verify_trail import sha256
from cartrial.capture.web.attachment import attachment
from cartrial.dosing.conduct.record import DecisionRecord
from cartrial.protocol.study import Study

JSON = "application/json"


@page("read")
def dose(request: HttpRequest) -> HttpResponse:
    """The recommendation, the open proposal, and every decision before."""
    return _dose(request)


@page("propose", post="propose", only_post=True)
def propose_page(request: HttpRequest) -> HttpResponse:
    """Freeze the record that was read, with a proposal."""
    given, account = request.POST, person_of(request)
    level = given.get("level", "")
    try:
        if not (level.isascii() and level.isdecimal() and len(level) < 3):
            raise Refused("proposal: must be a dose level, or the end, got nothing")
        reason = given.get("reason", "")
        entry = deciding.propose(account, given.get("sha256", ""), int(level), reason)
    except Refused as fault:
        return _dose(request, fault)
    return redirect(f"/dose/{entry.seq}")


def _dose(request: HttpRequest, fault: Refused | None = None) -> HttpResponse:
    known, every = known_now(), read_proposals()
    record, edited = known.record, follow().edited
    said = {
        "known": known,
        "paused": known.paused,
        "record": record,
        "sha256": sha256(record.as_text()) if record else "",
        "said": recommendation(known.study, record) if record else None,
        "choices": _choices(known.study, record) if record else [],
        "open": next((one for one in every if one.is_open), None),
        "lines": [(one, bool(changed_records(edited, one.data))) for one in reversed(every)],
        "before": _entered_otherwise(every),
        "fault": fault,
        "typed": request.POST,
    }
    return render(request, "capture/dose/dose.html", said, status=fault.status if fault else 200)


def _choices(study: Study, record: DecisionRecord) -> list[tuple[str, str, bool]]:
    """What can be proposed: each level and the end, in words; the recommended one is marked."""
    current, (_, wanted) = record.state.current, recommended(record)
    levels = [*range(1, record.state.levels + 1), 0]
    return [(str(n), _choice(study, current, n), n == wanted) for n in levels]


def _choice(study: Study, current: int, level: int) -> str:
    what = word(current, level)
    if not level:
        return "Stop: end the escalation"
    if not current:
        what = "start"
    return f"{what.capitalize()}: dose level {level}, {study.level_label(level)}"


def _entered_otherwise(every: tuple[Proposal, ...]) -> list[Mapping[str, str]]:
    """Decisions that came without a proposal here: imported, or made before."""
    ours = {one.outcome.place.key for one in every if one.outcome and one.status == APPROVED}
    rows = [held.row for held in records(FORM) if held.row.key not in ours]
    return [row.cells for row in sorted(rows, key=lambda row: -int(row.cells["number"]))]


# ---------------------------------------------------------------- one proposal
@page("read")
def decision(request: HttpRequest, number: int) -> HttpResponse:
    """A proposal with its frozen record, and what became of it."""
    return _decision(request, _named(number))


@page("decide", post="decide", only_post=True)
def approve_page(request: HttpRequest, number: int) -> HttpResponse:
    """Sign a proposal."""
    proposal, given, account = _named(number), request.POST, person_of(request)
    try:
        reauthenticate(request, account, given.get("password", ""), given.get("code", ""))
        deciding.approve(
            account,
            proposal,
            given.get("sha256", ""),
            given.getlist("changed"),
            given.get("confirmed") == "yes",
        )
    except Refused as fault:
        return _decision(request, _named(number), fault)
    return redirect(f"/dose/{number}")


@page("decide", post="decide", only_post=True)
def reject_page(request: HttpRequest, number: int) -> HttpResponse:
    """Reject a proposal, with the reason."""
    proposal, given, account = _named(number), request.POST, person_of(request)
    try:
        reauthenticate(request, account, given.get("password", ""), given.get("code", ""))
        deciding.reject(account, proposal, given.get("sha256", ""), given.get("reason", ""))
    except Refused as fault:
        return _decision(request, _named(number), fault)
    return redirect(f"/dose/{number}")


def _named(number: int) -> Proposal:
    found = next((one for one in read_proposals() if one.number == number), None)
    if found is None:
        raise Http404
    return found


def _decision(
    request: HttpRequest, proposal: Proposal, fault: Refused | None = None
) -> HttpResponse:
    known, kept = known_now(), thawed(proposal.record)
    outcome = proposal.outcome
    account = account_of(request)
    number = int(outcome.said("number") or 0) if outcome else 0
    said = {
        "one": proposal,
        "paused": known.paused,
        "kept": kept,
        "said": recommendation(known.study, kept),
        "choice": _choice(known.study, kept.state.current, proposal.level),
        "rows": list(follow_up(kept)),
        "same_person": bool(account and account.username == proposal.act.actor),
        "changes": deciding.changes_of(proposal, known) if proposal.is_open else (),
        "edited": changed_records(follow().edited, proposal.data) if number else (),
        "again": _again(known, kept, number) if number else None,
        "signature": _signature(outcome.said("signature")) if outcome else None,
        "fault": fault,
        "typed": request.POST,
    }
    status = fault.status if fault else 200
    return render(request, "capture/dose/decision.html", said, status=status)


def _again(known: Known, kept: DecisionRecord, number: int) -> tuple[str, ...]:
    """What today's data say otherwise of the day of a decision."""
    then = as_known_then(known, kept, number)
    if then.record is None:
        return (f"nothing can be recommended of that day now: {then.why_not}",)
    return changed_since(kept, then.record)


def _signature(number: str) -> Entry | None:
    return Entry.objects.filter(seq=int(number)).first() if number else None


@page("read")
def record_file(request: HttpRequest, number: int) -> HttpResponse:
    """The frozen decision record, as `cartrial dose next --replay` takes it."""
    content = _named(number).record
    return attachment(content, f"dose-record-{number}.json", JSON)


@page("read")
def decision_file(request: HttpRequest, number: int) -> HttpResponse:
    """Everything of a decision: the frozen record, the proposal, who decided, the signature."""
    one = _named(number)
    content = dict(one.act.content or {})
    content["record"] = json.loads(content["record"])
    told = {
        "status": one.status,
        "proposal": {**_who(one.act), "reason": one.act.reason, **content},
        "decided": {
            **_who(one.outcome),
            "reason": one.outcome.reason,
            **(one.outcome.content or {}),
        }
        if one.outcome
        else None,
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    return attachment(text, f"dose-decision-{number}.json", JSON)


def _who(act: Any) -> dict[str, str]:
    return {
        "entry": str(act.seq),
        "at": act.at,
        "by": act.actor,
        "name": act.name,
        "role": act.role,
        "organisation": act.organisation,
    }
