"""What a recommendation rests on, in full: what was seen at each level, and how it is judged."""

from collections.abc import Iterable

from cartrial.dosing.decision_table.rule import limits, ranges, rule_of
from cartrial.dosing.design import boin, tite_boin
from cartrial.dosing.designs import DESIGNS, days_of, followed, pending_at, target_of
from cartrial.dosing.model import blrm, crm, tite_crm, working_model
from cartrial.dosing.state import State, Tally
from cartrial.protocol.design import (
    DecisionTable,
    Design,
    IntervalDesign,
    OptimalInterval,
    TiteBoin,
)
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm, WorkingModel


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
    return (*seen, f"design: {name}", *judged(design, window, state))


def _words(tally: Tally) -> str:
    parts = [f"{tally.dlts} DLT in {tally.decided}", tally.open_words]
    parts.append(f"{tally.not_evaluable} not evaluable" if tally.not_evaluable else "")
    return ", ".join(part for part in parts if part)


def judged(design: Design, window: int | None, state: State) -> tuple[str, ...]:
    """The limits of the design with its row of the table, or its posterior, a line each."""
    if not state.current:
        return ()
    match design:
        case OptimalInterval():
            lower, upper = boin.boundaries(design)
            said = f"escalate at a DLT rate up to {lower:.3f}, de-escalate from {upper:.3f} on"
            if isinstance(design, TiteBoin) and state.tally(state.current).open:
                return (said, _estimated(design, window, state))
            return (said, *_row(design, state))
        case IntervalDesign():
            low, high = design.interval
            return (f"target interval: DLT rate {low:g} to {high:g}", *_row(design, state))
        case DecisionTable():
            row = design.rows.get(state.tally(state.current).decided)
            return (f"row of the table: {row}",) if row else ()
        case Crm():
            fitted = crm.fit(design, [state.counts.treated], [state.counts.dlts])
            return (_by_model(design, fitted),)
        case TiteCrm():
            return (_by_model(design, _weighted(design, window, state)),)
        case Blrm():
            return _overdose(design, state)
    return ()


def _row(design: Design, state: State) -> tuple[str, ...]:
    """The row of the decision table for the settled subjects at the current level."""
    settled, rule = state.tally(state.current).decided, rule_of(design)
    if not settled or rule is None:
        return ()
    row = limits(ranges(rule, treated=settled))
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


def _weighted(design: TiteCrm, window: int | None, state: State) -> working_model.Fit:
    """The model after all subjects, those in the window by their weight."""
    days = days_of(design, window)
    patients = followed(state, days)
    weight = tite_crm.weights(design, [patients.days], [patients.dlts], window=days)
    return tite_crm.fit(design, [patients.level], [patients.dlts], weight)


def _by_model(design: WorkingModel, fitted: working_model.Fit) -> str:
    low, high = working_model.limits(design, fitted)
    each = zip(fitted.rates[0], low[0], high[0], strict=True)
    told = ", ".join(f"{rate:.2f} ({a:.2f} to {b:.2f})" for rate, a, b in each)
    return f"DLT rates by the model, with 90 % limits: {told}"


def _overdose(design: Blrm, state: State) -> tuple[str, ...]:
    fitted = blrm.fit(design, [state.counts.treated], [state.counts.dlts])
    return (
        f"mean DLT rates: {_listed(fitted.rates[0])}",
        f"P(under-dosing): {_listed(fitted.under[0])}",
        f"P(target interval): {_listed(fitted.target[0])}",
        f"P(over-dosing), at most {design.overdose:g}: {_listed(fitted.over[0])}",
    )


def _listed(numbers: Iterable[float]) -> str:
    return ", ".join(f"{number:.2f}" for number in numbers)
