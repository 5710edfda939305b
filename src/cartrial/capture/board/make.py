"""Making the board: what is known of the dose, the slots, the work that waits."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cartrial.capture.board import escalation
from cartrial.capture.board.accrual import accrual
from cartrial.capture.board.board import Board, Pending, Queue, Waiting
from cartrial.capture.dose.known import Known
from cartrial.capture.dose.proposal import Proposal
from cartrial.capture.dose.slot import Opening, Slot, slots, taken
from cartrial.capture.ledger.read import Head
from cartrial.capture.work.item import Item
from cartrial.schema import Finding

SHOWN = 3  # findings that are told


@dataclass(frozen=True)
class Around:
    """What the board shows beside the escalation."""

    head: Head
    at: str  # the centre's time, with its offset
    opening: Opening
    proposals: Sequence[Proposal]
    items: Sequence[Item]
    access: str


def board_of(known: Known, around: Around) -> Board:
    """The board of what is known."""
    every, asked = escalation.windows(known), slots(known.forms)
    levels, unplaced = escalation.levels(known, every, asked)
    return Board(
        day=known.day,
        at=around.at,
        entry=around.head.seq,
        head=around.head.short,
        data=known.entry.seq,
        advice=escalation.advice(known, every),
        why_not=known.why_not,
        levels=levels,
        unplaced=unplaced,
        window=known.study.dlt.window if known.study.dlt else None,
        interim=known.study.dlt.interim if known.study.dlt else None,
        table=escalation.table(known),
        bounds=escalation.BOUNDS,
        outlook=escalation.outlook(known),
        pauses=escalation.pauses(known),
        monitoring=escalation.monitoring(known),
        queue=_queue(known, asked, around.opening),
        open_places=_places(asked, around.opening),
        accrual=accrual(known.study, known.forms, known.day),
        work=_work(around.items),
        access=around.access,
        proposal=_proposal(around.proposals),
        findings=_findings(known),
    )


def _queue(known: Known, every: tuple[Slot, ...], open_: Opening) -> tuple[Queue, ...]:
    """Who waits for an infusion, at which dose, and why."""
    left = max(open_.places - taken(every, open_.level), 0) if open_.level else 0
    made = []
    for slot in every:
        if not slot.is_waiting:
            continue
        if slot.is_granted and slot.level:
            dose = f"Dose level {slot.level}, {known.study.level_label(slot.level)}"
            why = f"granted on {slot.granted}"
            if open_.level and open_.level != slot.level:
                why += f"; dose level {open_.level} is open now"
        elif left and open_.level:
            dose = f"Dose level {open_.level}, {known.study.level_label(open_.level)}"
            why, left = f"a place is free, opened by {open_.opened_by}", left - 1
        else:
            dose, why = "Not known yet", open_.why or "every place is granted"
            if open_.level:
                why = "every open place is granted"
        dates = (slot.requested, slot.granted, slot.apheresis, slot.made)
        made.append(Queue(slot.subject, slot.stage, *dates, dose, why))
    return tuple(made)


def _places(every: tuple[Slot, ...], open_: Opening) -> str:
    if not open_.level:
        return f"No slot can be granted: {open_.why}"
    left = max(open_.places - taken(every, open_.level), 0)
    return (
        f"Dose level {open_.level} is open by {open_.opened_by}: "
        f"{left} of {open_.places} {'place' if open_.places == 1 else 'places'} left"
    )


def _work(items: Sequence[Item]) -> tuple[Waiting, ...]:
    counts = Counter(item.kind for item in items)
    urgent = {item.kind for item in items if item.urgent}
    return tuple(Waiting(kind, count, kind in urgent) for kind, count in counts.items())


def _proposal(proposals: Sequence[Proposal]) -> Pending | None:
    one = next((one for one in proposals if one.is_open), None)
    if one is None:
        return None
    what = one.decision.capitalize() + (f": dose level {one.level}" if one.level else "")
    return Pending(one.number, what, one.act.name, one.act.at)


def _findings(known: Known) -> tuple[str, ...]:
    """What was found in the data on the way, the first of them and how many more."""
    found: list[Finding] = list(known.analysis.findings) if known.analysis else []
    told = [f"{one}" for one in found if "data cut" not in one.table][:SHOWN]
    more = len([one for one in found if "data cut" not in one.table]) - len(told)
    return (*told, f"and {more} more") if more > 0 else tuple(told)


def local_time(moment: dt.datetime) -> str:
    """A moment in the centre's time, with its offset."""
    offset = f"{moment:%z}"
    return f"{moment:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:]}"
