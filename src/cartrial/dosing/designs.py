"""What each design is called, and what it answers about the state of a trial.

    advise(design, state, window) -> Advice         the level of the next cohort
    select_mtd(design, state, window) -> level      the MTD of a finished escalation

A design that decides on counts is asked about the settled subjects alone. A time-to-event design,
and rolling six, are asked about those in the window too. `window` is that of the DLT, in days.

Reading: a maturing subject has no follow-up in the window, whatever has been seen of it. A table of
the study's own has no say on another level than the current where it has no row for it. In a 3+3 or
a rolling six a DLT that comes to somebody who has been replaced counts among the six of the level.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.design import (
    bf_boin,
    boin,
    i3_3,
    keyboard,
    mtpi2,
    rolling_six,
    table,
    three_plus_three,
    tite_boin,
)
from cartrial.dosing.design.three_plus_three import FULL
from cartrial.dosing.design.tite_boin import Pending
from cartrial.dosing.model import blrm, crm, tite_crm
from cartrial.dosing.model.tite_crm import Followed
from cartrial.dosing.state import Patient, State
from cartrial.errors import StudyError
from cartrial.protocol.design import (
    Boin,
    DecisionTable,
    Design,
    RollingSix,
    ThreePlusThree,
    TiteBoin,
)
from cartrial.protocol.model_design import Crm, TiteCrm

Window = int | None
Ask = Callable[[Any, State, Window], Advice]
Select = Callable[[Any, State, Window], int | None]


class CountModule(Protocol):
    """The module of a design that decides on counts."""

    def advise(self, design: Any, counts: Counts, /) -> Advice:
        """The level of the next cohort."""

    def select_mtd(self, design: Any, counts: Counts, /) -> int | None:
        """The MTD of a finished escalation."""


@dataclass(frozen=True)
class Kind:
    """A kind of design; `late`: it decides with subjects in the window."""

    name: str
    advise: Ask
    select_mtd: Select
    late: bool = False


def advise(design: Design, state: State, window: Window) -> Advice:
    """The level of the next cohort by the design alone."""
    return DESIGNS[design.kind].advise(design, state, window)


def lowest_barred(design: Design, state: State, window: Window) -> int:
    """The lowest level barred so far or now; nobody in the window is taken to have a DLT."""
    if DESIGNS[design.kind].late:
        return advise(design, state, window).barred
    free = state.settled("complete")
    if isinstance(design, DecisionTable):
        return table.advise(design, _with_rows(design, free.counts, keep=0)).barred
    return advise(design, free, window).barred


def cohort_size(design: Design, state: State) -> int:
    """How many subjects a cohort has now; 0 for a design without cohorts."""
    match design:
        case Boin():
            return boin.cohort_size(design, state.counts)
        case ThreePlusThree():
            return three_plus_three.HALF
        case RollingSix():
            return 0
    return design.cohort


def target_of(design: Design) -> float | None:
    """The DLT rate that a design aims at, where it names one."""
    return getattr(design, "target", None)


def _counting(name: str, module: CountModule) -> Kind:
    return Kind(
        name,
        lambda design, state, _: module.advise(design, _counts(design, state)),
        lambda design, state, _: module.select_mtd(design, _counts(design, state)),
    )


def _counts(design: Design, state: State) -> Counts:
    """The settled subjects, with what a design asks for beside them."""
    if isinstance(design, DecisionTable):
        return _with_rows(design, state.counts, keep=state.current)
    if isinstance(design, ThreePlusThree | RollingSix):
        return _among_six(state)
    if isinstance(design, Crm):
        here = [p for p in state.run if p.level == state.current]
        cohort = [p for p in here if p.evaluable and not p.open][-design.cohort :]
        toxic = [p for p in cohort if p.status == "DLT"]
        return replace(state.counts, last=(len(cohort), len(toxic)))
    return state.counts


def _among_six(state: State) -> Counts:
    """The counts, with no more than six at a level where the others are replaced patients' DLTs."""
    treated = [
        max(FULL - tally.open, tally.dlts)
        if FULL < tally.decided + tally.open <= FULL + tally.dlts
        else tally.decided
        for tally in state.tallies()
    ]
    return replace(state.counts, treated=tuple(treated))


def _with_rows(design: DecisionTable, counts: Counts, *, keep: int) -> Counts:
    """The counts of the levels that the table has a row for, and of one level in any case."""
    known = [
        level == keep or treated in design.rows
        for level, treated in enumerate(counts.treated, start=1)
    ]
    treated, dlts = (
        tuple(n if has else 0 for n, has in zip(numbers, known, strict=True))
        for numbers in (counts.treated, counts.dlts)
    )
    return replace(counts, treated=treated, dlts=dlts)


def _rolling_six(design: RollingSix, state: State, _: Window) -> Advice:
    pending = state.tally(state.current).open if state.current else 0
    return rolling_six.advise(design, _counts(design, state), pending=pending)


def _tite_boin(design: TiteBoin, state: State, window: Window) -> Advice:
    days, levels = days_of(design, window), range(1, state.levels + 1)
    return tite_boin.advise(design, state.counts, [pending_at(state, n, days) for n in levels])


def _tite_crm(design: TiteCrm, state: State, window: Window) -> Advice:
    days = days_of(design, window)
    return tite_crm.advise(design, followed(state, days), window=days)


def pending_at(state: State, level: int, window: int) -> Pending:
    """The subjects in the window at a level, and the parts of it behind them."""
    open_ = [patient for patient in state.at(level) if patient.open]
    return Pending(len(open_), sum(min(_seen(p, window) / window, 1.0) for p in open_))


def followed(state: State, window: int) -> Followed:
    """The evaluable subjects, with the days in which each was seen."""
    patients = [patient for patient in state.patients if patient.evaluable]
    return Followed(
        level=tuple(p.level for p in patients),
        dlts=tuple(p.status == "DLT" for p in patients),
        days=tuple(float(_seen(p, window)) for p in patients),
        levels=state.levels,
        current=state.current,
        barred=state.counts.barred,
    )


def _seen(patient: Patient, window: int) -> int:
    """The days to the DLT, or those in which there was none."""
    match patient.status:
        case "DLT":
            return patient.followed if patient.met is None else max(patient.met, 0)
        case "complete":
            return window
        case "pending":
            return patient.followed
    return 0


def days_of(design: Design, window: Window) -> int:
    """The window of a design that cannot do without."""
    if window is None:
        raise StudyError(
            "study.yaml: dlt: must be given with a design that weighs follow-up "
            f"({design.kind}), got nothing"
        )
    return window


DESIGNS: Mapping[str, Kind] = {
    "boin": _counting("BOIN", boin),
    "tite-boin": Kind(
        "TITE-BOIN",
        _tite_boin,
        lambda design, state, _: tite_boin.select_mtd(design, state.counts),
        late=True,
    ),
    "bf-boin": _counting("BF-BOIN", bf_boin),
    "3+3": _counting("3+3", three_plus_three),
    "rolling-6": Kind(
        "rolling six",
        _rolling_six,
        lambda design, state, _: rolling_six.select_mtd(design, _counts(design, state)),
        late=True,
    ),
    "i3+3": _counting("i3+3", i3_3),
    "mtpi-2": _counting("mTPI-2", mtpi2),
    "keyboard": _counting("keyboard", keyboard),
    "table": _counting("the study's decision table", table),
    "crm": _counting("CRM", crm),
    "tite-crm": Kind(
        "TITE-CRM",
        _tite_crm,
        lambda design, state, window: tite_crm.select_mtd(
            design, followed(state, days_of(design, window)), window=days_of(design, window)
        ),
        late=True,
    ),
    "blrm": _counting("BLRM", blrm),
}
