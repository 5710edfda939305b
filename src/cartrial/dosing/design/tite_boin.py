"""The time-to-event Bayesian optimal interval (TITE-BOIN) design: BOIN with patients in the window.

A patient still in the window at the current dose has been followed for a part of it, 0 to 1. The
DLT rate that is held against the boundaries of BOIN is, with n patients, y DLTs, c pending and
their parts added up to t:

    imputation               (y + p / (1 - p) x (c - t)) / n,  p = (target / 2 + y) / (1 + n - c)
    effective sample size    y / (n - c + t)

A dose that goes down even if none of the pending has a DLT goes down at once. Else nobody is
enrolled while more than half of the patients at the dose are pending, nor is the dose raised with
somebody pending before two have completed the window.

Source: Yuan 2018, Clin Cancer Res 24:4921-4933, doi:10.1158/1078-0432.CCR-18-0246 (imputation);
Lin & Yuan 2020, Biostatistics 21:807-824, doi:10.1093/biostatistics/kxz007 (effective sample size)
Reading: by imputation the pending alone never lower the dose: where y / n is below the target, the
published tables have no follow-up, however short, with which it goes down. A level is barred as if
none of its pending had a DLT; an option bars it by the others alone. Where dose 1 calls for
de-escalation but is not barred, the next cohort is at dose 1. A DLT counts at once: its patient has
completed the window.
Oracle: the tables of Yuan 2018 (tests/oracle/yuan_2018); R package TITEgBOIN 0.4.0
(tests/oracle/titegboin)
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import boin, interval
from cartrial.errors import RuleError
from cartrial.protocol.design import TiteBoin

SAME = 1e-9  # patients: numbers that are apart by less are equal


@dataclass(frozen=True)
class Pending:
    """How many patients of a level are in the window, and the parts of it behind them, added up."""

    patients: int = 0
    followed: float = 0.0

    def __post_init__(self) -> None:
        if self.patients < 0:
            raise RuleError(f"pending patients must be 0 or more, got {self.patients}")
        if not 0 <= self.followed <= self.patients:
            raise RuleError(
                f"follow-up of the pending must be 0 to {self.patients} windows, "
                f"got {self.followed:g}"
            )


def advise(design: TiteBoin, counts: Counts, pending: Sequence[Pending] = ()) -> Advice:
    """The level of the next cohort; it waits where accrual is suspended.

    `counts` are the settled patients, `pending` are the others of each level, lowest first.
    """
    waiting = tuple(pending) or (Pending(),) * counts.levels
    barred, current = _lowest_barred(design, counts, waiting), counts.current
    if current == 0:
        return interval.first(counts, barred, design.start, design.cohort)
    (settled, dlts), here = counts.here, waiting[current - 1]
    counted = counts.words + (f", {here.patients} pending" if here.patients else "")
    if current >= barred:
        return interval.below(barred, f"{counted}: barred", design.cohort)
    treated = settled + here.patients
    if treated == 0:
        return interval.move(Decision.STAY, counts, barred, counted, design.cohort)
    decision = decide(design, treated=treated, dlts=dlts, pending=here)
    if decision is None:
        said = f"{counted}: wait until {_wake(design)}"
        return Advice(None, Decision.STAY, said, barred, wait=True)
    return interval.move(decision, counts, barred, counted, design.cohort)


def decide(
    design: TiteBoin, *, treated: int, dlts: int, pending: Pending = Pending()
) -> Decision | None:
    """What the patients of a dose, at least one, say about it; None: nobody is to be enrolled.

    `treated` are all of them, with those in the window.
    """
    settled = treated - pending.patients
    if not 0 <= dlts <= settled:
        raise RuleError(f"DLTs must be 0 to {settled} settled patients, got {dlts}")
    if _is_barred(design, treated=treated, dlts=dlts, pending=pending):
        return Decision.ELIMINATE
    without = boin.decide(design, treated=treated, dlts=dlts)
    if without == Decision.DEESCALATE or not pending.patients:
        return without
    rate = dlt_rate(design, treated=treated, dlts=dlts, pending=pending)
    if rate is None or pending.patients > design.suspend_above * treated:
        return None
    lower, upper = boin.boundaries(design)
    if rate <= lower:
        return None if settled < design.complete else Decision.ESCALATE
    imputed = design.variant == "imputation" and dlts < design.target * treated - SAME
    return Decision.DEESCALATE if rate >= upper and not imputed else Decision.STAY


def dlt_rate(
    design: TiteBoin, *, treated: int, dlts: int, pending: Pending = Pending()
) -> float | None:
    """The DLT rate at a dose with its pending patients; None where nothing was seen yet."""
    settled = treated - pending.patients
    if design.variant == "imputation":
        expected = (design.target / 2 + dlts) / (1 + settled)
        odds = expected / (1 - expected)
        return (dlts + odds * (pending.patients - pending.followed)) / treated
    seen = settled + pending.followed
    return dlts / seen if seen else None


def select_mtd(design: TiteBoin, counts: Counts) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is left."""
    if design.final == "next dose":
        return advise(design, counts).level
    return boin.nearest_to_target(design, counts)


def _is_barred(design: TiteBoin, *, treated: int, dlts: int, pending: Pending) -> bool:
    counted = treated if design.bar_by == "everybody" else treated - pending.patients
    return boin.is_barred(design, treated=counted, dlts=dlts)


def _lowest_barred(design: TiteBoin, counts: Counts, pending: Sequence[Pending]) -> int:
    """The lowest level barred so far or now; one more than there are levels where none is."""
    everybody = [n + p.patients for n, p in zip(counts.treated, pending, strict=True)]
    if boin.ends_early(design, treated=everybody[0], dlts=counts.dlts[0]):
        return 1
    now = (
        level
        for level, (n, y, p) in enumerate(zip(everybody, counts.dlts, pending, strict=True), 1)
        if _is_barred(design, treated=n, dlts=y, pending=p)
    )
    return min((counts.barred, *now))


def _wake(design: TiteBoin) -> str:
    return "one of them completes" if design.wakes == "completion" else "the next patient arrives"
