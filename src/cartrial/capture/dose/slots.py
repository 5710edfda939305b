"""`/slots`: who waits for which dose, and the granting of a slot."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.dose.known import Known, known_now
from cartrial.capture.dose.slot import Opening, Slot, check_grant, opening, slots, taken
from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Held, records
from cartrial.capture.ledger.row import read_row
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import page, person_of
from cartrial.forms.conduct import DoseDecision

FORM = "slot_request"


@page("read", post="assign")
def slots_page(request: HttpRequest) -> HttpResponse:
    """The slots; a POST grants one."""
    known = known_now()
    if request.method != "POST":
        return _page(request, known)
    account = person_of(request)
    try:
        grant(account, request.POST.get("subject", ""), request.POST.get("level", ""))
    except Refused as fault:
        return _page(request, known_now(), fault)
    return redirect("/slots")


def grant(account: Account, subject: str, level: str) -> Entry:
    """Grant a slot at a dose level: a change of the request, and the entry that says why."""
    if not (level.isascii() and level.isdecimal() and len(level) < 3):
        raise Refused("slot: must be at a dose level, got none")
    known_now()  # so that the others need not wait for it
    with writing(account.actor) as ledger:
        known = known_now()
        open_ = opening_of(known)
        every = slots(known.forms)
        slot = check_grant(every, subject, int(level), open_)
        held = _request_of(slot)
        given = {"granted": known.day.isoformat(), "level": level}
        row, findings = read_row(FORM, {**held.row.cells, **given})
        if row is None:
            raise Refused(f"slot: {findings[0]}")
        why = f"slot granted at dose level {level}: opened by {open_.opened_by}"
        ledger.enter(row, base=held.seq, reason=why)
        place = taken(every, int(level)) + 1
        said = {
            "level": level,
            "place": f"{place} of {open_.places}",
            "opened_by": open_.opened_by,
            "why": open_.why,
            "data": f"{known.entry.seq}:{known.entry.hash}",
        }
        return ledger.add(action.SLOT, subject=subject, form=FORM, key=row.key, content=said)


def opening_of(known: Known) -> Opening:
    """The dose level that is open by what is known."""
    if known.record is None:
        return Opening(None, 0, known.why_not)
    return opening(known.study, known.record.state, known.forms.of(DoseDecision))


def _request_of(slot: Slot) -> Held:
    key = slot.requested.isoformat()
    return next(one for one in records(FORM, slot.subject) if one.row.cells["requested"] == key)


def _page(request: HttpRequest, known: Known, fault: Refused | None = None) -> HttpResponse:
    every, open_ = slots(known.forms), opening_of(known)
    left = max(open_.places - taken(every, open_.level), 0) if open_.level else 0
    study = known.study
    said = {
        "waiting": [slot for slot in every if slot.is_waiting],
        "others": [slot for slot in reversed(every) if not slot.is_waiting],
        "open": open_,
        "label": study.level_label(open_.level) if open_.level else "",
        "left": left,
        "granted": open_.places - left,
        "paused": known.paused,
        "fault": fault,
    }
    status = fault.status if fault else 200
    return render(request, "capture/dose/slots.html", said, status=status)
