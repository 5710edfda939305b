"""What a recommendation rests on, in full: what was seen at each level, and how it is judged."""

from functools import partial
from typing import Any

from cartrial.dosing.design import boin, i3_3, keyboard, mtpi2, tite_boin
from cartrial.dosing.design.interval import Decide, decision_table
from cartrial.dosing.designs import DESIGNS, days_of, followed, pending_at, target_of
from cartrial.dosing.model import blrm, crm, tite_crm
from cartrial.dosing.state import State, Tally
from cartrial.protocol.design import (
    DecisionTable,
    Design,
    IntervalDesign,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    OptimalInterval,
    TiteBoin,
)
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm


def explain(design: Design, window: int | None, state: State) -> tuple[str, ...]:
    """The state level by level, then the design, its limits or its posterior, a line each."""
    seen = [
        f"dose level {level}: {_words(tally)}"
        for level, tally in enumerate(state.tallies(), start=1)
        if tally != Tally()
    ]
    if state.eliminated:
        seen.append(f"barred: dose level {min(state.eliminated)} and above")
    target = target_of(design)
    name = DESIGNS[design.kind].name + (f", target {target:g}" if target is not None else "")
    return (*seen, f"design: {name}", *_judged(design, window, state))


def _words(tally: Tally) -> str:
    parts = [f"{tally.dlts} DLT in {tally.decided}", tally.open_words]
    parts.append(f"{tally.not_evaluable} not evaluable" if tally.not_evaluable else "")
    return ", ".join(part for part in parts if part)


def _judged(design: Design, window: int | None, state: State) -> tuple[str, ...]:
    if not state.current:
        return ()
    match design:
        case OptimalInterval():
            lower, upper = boin.boundaries(design)
            limits = f"escalate at a DLT rate up to {lower:.3f}, de-escalate from {upper:.3f} on"
            if isinstance(design, TiteBoin) and state.tally(state.current).open:
                return (limits, _estimated(design, window, state))
            return (limits, *_row(partial(boin.decide, design), state))
        case IntervalDesign():
            low, high = design.interval
            limits = f"target interval: DLT rate {low:g} to {high:g}"
            return (limits, *_row(_decide(design), state))
        case DecisionTable():
            row = design.rows.get(state.tally(state.current).decided)
            return (f"row of the table: {row}",) if row else ()
        case Crm():
            (rates,) = crm.fit(design, [state.counts.treated], [state.counts.dlts]).rates
            return (f"DLT rates by the model: {_listed(rates)}",)
        case TiteCrm():
            (rates,) = _tite_rates(design, window, state)
            return (f"DLT rates by the model: {_listed(rates)}",)
        case Blrm():
            fitted = blrm.fit(design, [state.counts.treated], [state.counts.dlts])
            return (
                f"mean DLT rates: {_listed(fitted.rates[0])}",
                f"P(target interval): {_listed(fitted.target[0])}",
                f"P(over-dosing), at most {design.overdose:g}: {_listed(fitted.over[0])}",
            )
    return ()


def _decide(design: IntervalDesign) -> Decide:
    match design:
        case Keyboard():
            return partial(keyboard.decide, design)
        case Mtpi2():
            return partial(mtpi2.decide, design)
        case IThreePlusThree():
            return partial(i3_3.decide, design)
    raise AssertionError(design)


def _row(decide: Decide, state: State) -> tuple[str, ...]:
    """The row of the decision table for the settled subjects at the current level."""
    settled = state.tally(state.current).decided
    if not settled:
        return ()
    row = decision_table(decide, most=settled)[-1]
    parts = [
        f"escalate with at most {row.escalate}" if row.escalate is not None else "",
        f"de-escalate with {row.deescalate} or more" if row.deescalate is not None else "",
        f"bar with {row.eliminate} or more" if row.eliminate is not None else "",
    ]
    said = ", ".join(part for part in parts if part)
    return (f"DLTs in {settled}: {said}",) if said else ()


def _estimated(design: TiteBoin, window: int | None, state: State) -> str:
    """The DLT rate of the current level with its pending subjects."""
    tally = state.tally(state.current)
    here = pending_at(state, state.current, days_of(design, window))
    treated = tally.decided + tally.open
    rate = tite_boin.dlt_rate(design, treated=treated, dlts=tally.dlts, pending=here)
    shown = "not estimable" if rate is None else f"{rate:.3f}"
    return (
        f"DLT rate with those in the window: {shown} ({design.variant}; "
        f"{here.followed:.2f} of {here.patients} windows seen)"
    )


def _tite_rates(design: TiteCrm, window: int | None, state: State) -> Any:
    days = days_of(design, window)
    patients = followed(state, days)
    weight = tite_crm.weights(design, [patients.days], [patients.dlts], window=days)
    return tite_crm.fit(design, [patients.level], [patients.dlts], weight).rates


def _listed(numbers: Any) -> str:
    return ", ".join(f"{number:.2f}" for number in numbers)
