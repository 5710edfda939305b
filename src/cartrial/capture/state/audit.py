"""What a planned review of the audit trail looks at, in the entries of data since the last one.

    after a signature   a change of a record that somebody had signed
    late                a first entry that came many days after what it tells of
    critical            a change of a field on which the dose or a dose-limiting toxicity stands
    by role             how many entries of data each role made

Reading: an entry is late more than a week after the day in its row; entries by the software
(imports of a whole trial) are not judged.

Source: ICH E6(R3) 4.2.3; EMA 2023 6.2.2
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cartrial import schema as s
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.read import Step
from cartrial.capture.ledger.row import CAPTURED
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.signature import Signature

LATE = dt.timedelta(days=7)
EVERY = ("*",)
CRITICAL: Mapping[str, tuple[str, ...]] = {
    "adverse_event": ("dlt", "dlt_met", "started", "ended", "syndrome", "car_t"),
    "ae_grade": EVERY,
    "crs_assessment": EVERY,
    "icans_assessment": EVERY,
    "demographics": ("level",),
    "dlt_adjudication": EVERY,
    "dose_decision": EVERY,
    "infusion": ("at", "level", "planned", "given"),
    "slot_request": ("level",),
}
DATED = ("date", "moment", "partial")
CHANGED = (action.CHANGE, action.VOID, action.RESTORE)


@dataclass(frozen=True)
class Audited:
    """What was found."""

    entries: int
    after_signature: tuple[Step, ...]
    late: tuple[Step, ...]
    critical: tuple[Step, ...]
    by_role: tuple[tuple[str, str, int], ...]  # role, action, how many

    @property
    def tally(self) -> dict[str, str]:
        """The numbers, as the entry of the review holds them."""
        return {
            "entries": str(self.entries),
            "after a signature": str(len(self.after_signature)),
            "late": str(len(self.late)),
            "critical": str(len(self.critical)),
        }


def audit(steps: Iterable[Step], signatures: Iterable[Signature]) -> Audited:
    """What the entries of data hold that a reviewer should see."""
    signed = list(signatures)
    after, late, critical = [], [], []
    by_role: Counter[tuple[str, str]] = Counter()
    entries = 0
    for step in steps:
        entries += 1
        entry = step.entry
        by_role[entry.role, entry.action] += 1
        if entry.action in CHANGED:
            if _was_signed(step, signed):
                after.append(step)
            if _is_critical(step):
                critical.append(step)
        elif entry.role != "system" and _is_late(step):
            late.append(step)
    counted = tuple((role, what, n) for (role, what), n in sorted(by_role.items()))
    return Audited(entries, tuple(after), tuple(late), tuple(critical), counted)


def _was_signed(step: Step, signatures: Iterable[Signature]) -> bool:
    place = Place(step.entry.subject, step.entry.form, step.entry.key)
    return any(one.number < step.entry.seq and one.covers(place) for one in signatures)


def _is_critical(step: Step) -> bool:
    columns = CRITICAL.get(step.entry.form, ())
    if step.entry.action != action.CHANGE or step.changes is None:
        return bool(columns)
    return columns == EVERY or any(name in columns for name in step.changes)


def _is_late(step: Step) -> bool:
    """Whether the day in a new row lies long before its entry."""
    table = CAPTURED.get(step.entry.form)
    if table is None or not step.changes:
        return False
    named = [c.name for c in s.columns(table) if c.kind in DATED and c.name in step.changes]
    days = [day for name in named if (day := _day(step.changes[name][1] or ""))]
    return bool(days) and clock.moment(step.entry.at).date() - max(days) > LATE


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None
