"""Slots: who waits for which dose, from the request to the infusion, and who may get one now.

    asked       requested, and nobody has granted it
    granted     a dose level is given, and nothing is collected yet
    collected   after leukapheresis
    made        the product is made and released
    infused     the slot is used
    ended       treatment not given, end of study, or death before the infusion

O1: a slot is granted at the dose level that is open now, and for no more subjects than it has
places: those of a cohort that is running, of the first cohort (by the protocol), or of one that the
committee's signed decision has opened. Where the design waits, or a decision is due, none is open.

Source: 21 CFR 11.10(f): operational checks enforce the sequence of steps
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial.capture.ledger.fault import Refused
from cartrial.capture.schedule import infusion_day
from cartrial.dosing.conduct.next_dose import recommend
from cartrial.dosing.state import State
from cartrial.errors import TrialError
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import Death, Disposition
from cartrial.forms.enrolment import SlotRequest
from cartrial.forms.product import Infusion, Leukapheresis, ProductRelease
from cartrial.protocol.study import Study

ASKED, GRANTED, COLLECTED, MADE = "asked", "granted", "collected", "made"
INFUSED, ENDED = "infused", "ended"
WAITING = (ASKED, GRANTED, COLLECTED, MADE)


@dataclass(frozen=True)
class Slot:
    """A subject's newest request for a slot, and how far it has come."""

    subject: str
    requested: dt.date
    granted: dt.date | None
    level: int | None
    apheresis: dt.date | None
    made: dt.date | None  # of a product that was released
    infused: dt.date | None
    given: int | None  # the dose level of the infusion
    stage: str
    ended: str = ""  # why, where it has

    @property
    def is_waiting(self) -> bool:
        """Whether the infusion is still to come."""
        return self.stage in WAITING

    @property
    def is_granted(self) -> bool:
        """Whether a dose level is given."""
        return self.granted is not None and self.level is not None


@dataclass(frozen=True)
class Opening:
    """The dose level that is open now, and for how many; null where none is, and why."""

    level: int | None
    places: int
    why: str
    opened_by: str = ""


def slots(forms: Forms) -> tuple[Slot, ...]:
    """The newest request of each subject, in the order in which they were made."""
    newest = forms.of(SlotRequest).sort("requested").group_by("subject").last()
    found = [_slot(forms, row) for row in newest.to_dicts()]
    return tuple(sorted(found, key=lambda slot: (slot.requested, slot.subject)))


def _slot(forms: Forms, row: dict[str, Any]) -> Slot:
    subject = row["subject"]
    mine = pl.col("subject") == subject
    cells = _first(forms.of(Leukapheresis).filter(mine)["on"])
    product = forms.of(ProductRelease).filter(mine, pl.col("released"))
    infused = forms.of(Infusion).filter(mine, pl.col("number") == 1).to_dicts()
    ended = _ended(forms, subject)
    granted = row["granted"] is not None and row["level"] is not None
    if infused:
        stage = INFUSED
    elif ended:
        stage = ENDED
    else:
        made = MADE if not product.is_empty() else COLLECTED if cells else GRANTED
        stage = made if granted else ASKED
    return Slot(
        subject,
        row["requested"],
        row["granted"],
        row["level"],
        cells,
        _first(product["made"]),
        infusion_day(forms, subject),
        infused[0]["level"] if infused else None,
        stage,
        ended,
    )


def _ended(forms: Forms, subject: str) -> str:
    mine = pl.col("subject") == subject
    left = forms.of(Disposition).filter(mine).sort("on", nulls_last=True).to_dicts()
    if left:
        return f"{left[0]['milestone']}: {left[0]['reason']}"
    return "died" if not forms.of(Death).filter(mine).is_empty() else ""


def _first(dates: pl.Series) -> dt.date | None:
    found = dates.drop_nulls().sort()
    return found[0] if len(found) else None


def opening(study: Study, state: State, decisions: pl.DataFrame) -> Opening:
    """The dose level that is open now, by the conduct of the trial and the committee's decisions.

    What a design recommends opens nothing before the committee has decided, whatever the study's
    own rule on it says; but the first cohort, and one that is running.
    """
    if study.design is None:
        return Opening(None, 0, "the study file names no design")
    if state.ended:
        return Opening(None, 0, "the committee has ended the escalation")
    rules = study.rules.model_copy(update={"committee": True})
    try:
        found = recommend(study.design, study.dlt, state, rules)
    except TrialError as fault:
        return Opening(None, 0, str(fault))
    if found.level is None:
        return Opening(None, 0, found.reason)
    if found.provisional:
        return Opening(None, 0, f"{found.reason.rpartition('; ')[0]}: the committee has to decide")
    return Opening(found.level, found.places, found.reason, _by(state, decisions))


def _by(state: State, decisions: pl.DataFrame) -> str:
    if state.decided is None or decisions.is_empty():
        return "the protocol" if not state.patients else "the cohort that is running"
    last = decisions.sort("decided", "number").row(-1, named=True)
    return f"decision {last['number']} of {last['decided']}"


def taken(every: Iterable[Slot], level: int) -> int:
    """How many places of a dose level are granted and not infused yet."""
    return sum(slot.is_waiting and slot.is_granted and slot.level == level for slot in every)


def check_grant(every: Iterable[Slot], subject: str, level: int, open_: Opening) -> Slot:
    """The slot that may be granted at a dose level; anything that must come first refuses it."""
    known = {slot.subject: slot for slot in every}
    slot = known.get(subject)
    if slot is None:
        raise Refused("slot: must be requested before it is granted, got no request")
    if not slot.is_waiting:
        raise Refused(f"slot: must be of a subject who waits, got one who is {slot.stage}")
    if open_.level is None:
        raise Refused(f"slot: must be at a dose level that is open, got none: {open_.why}")
    if level != open_.level:
        raise Refused(
            f"slot: must be at dose level {open_.level}, which is open now, got {level}. "
            "Another level opens by a signed decision"
        )
    if slot.is_granted and slot.level == level:
        raise Refused(f"slot: must not be granted twice, got one at dose level {level} already")
    used = taken(known.values(), level)
    if used >= open_.places:
        raise Refused(
            f"slot: must be one of {open_.places} open at dose level {level}, "
            f"got all of them granted. The next cohort opens by a signed decision"
        )
    return slot
