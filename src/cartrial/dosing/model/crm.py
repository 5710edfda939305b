"""The continual reassessment method (CRM).

A model of the DLT rate of every level is fitted to all patients; the next cohort gets the level
whose rate is nearest to the target. The dose rises by one level at most (`skip` off), and not while
the DLT rate of the last cohort is at or above the target (`coherence`).

Source: O'Quigley 1990, Biometrics 46:33-48 (doi:10.2307/2531628); O'Quigley & Shen 1996, Biometrics
52:673-684 (doi:10.2307/2532905, maximum likelihood); Cheung 2005, Biometrika 92:863-873
(doi:10.1093/biomet/92.4.863, coherence)
Reading: a restriction that keeps the model's level out gives the nearest level below it. The
maximum tolerated dose (MTD) is the model's level without the restrictions, though nobody may have
been treated at it (`final` for others).
Oracle: R package dfcrm 0.2-2.1 (tests/oracle/dfcrm)
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.model import step, working_model
from cartrial.dosing.model.working_model import Fit, Floats, Ints, Seen, nearest
from cartrial.errors import RuleError
from cartrial.protocol.model_design import Crm, WorkingModel

SAME = 1e-9  # 3 of 10 is at a target of 0.3, whatever the last bit says


def advise(design: Crm, counts: Counts) -> Advice:
    """The level of the next cohort."""
    check_levels(design, counts.levels)
    current, barred = counts.current, counts.barred
    if current == 0:
        return step.first(start=design.start, barred=barred, cohort=design.cohort)
    (rates,) = fit(design, [counts.treated], [counts.dlts]).rates
    (held,) = is_held(design, [counts.here], None if counts.last is None else [counts.last])
    return level_advice(
        design, rates, counts.words, current=current, barred=barred, held=bool(held)
    )


def fit(design: Crm, treated: ArrayLike, dlts: ArrayLike) -> Fit:
    """The model after patients and DLTs of each level, (S, J) each."""
    n, y = np.asarray(treated, np.float64), np.asarray(dlts, np.float64)
    level = np.arange(1, n.shape[1] + 1)[None]
    return working_model.fit(design, Seen(level, y, n - y, np.ones(level.shape)))


def next_levels(
    design: WorkingModel,
    rates: Floats,
    *,
    current: Ints,
    barred: Ints,
    held: NDArray[np.bool_],
) -> Ints:
    """The level of the next cohort of each trial, (S,), by rates (S, J); 0 where none is left."""
    top = step.highest_open(
        start=design.start,
        levels=len(design.skeleton),
        skip=design.skip,
        current=current,
        barred=barred,
        held=held,
    )
    wanted = np.where(current == 0, top, nearest(design, rates))
    return np.minimum(wanted, top)


def is_held(design: WorkingModel, here: ArrayLike, last: ArrayLike | None) -> NDArray[np.bool_]:
    """Whether the dose may not rise, (S,).

    `here` and `last` are patients and DLTs at the current level and in the last cohort, (S, 2).
    """
    if design.coherence == "last cohort" and last is None:
        raise RuleError(
            "design: the last cohort must be given where coherence looks at it, got none. "
            "Give it, or set coherence to current dose or none"
        )
    patients, dlts = np.asarray(last if design.coherence == "last cohort" else here).T
    if design.coherence == "none":
        return np.zeros(len(dlts), dtype=np.bool_)
    return np.asarray((dlts > 0) & (dlts >= design.target * patients - SAME))


def select_mtd(design: Crm, counts: Counts) -> int | None:
    """The MTD of a finished escalation; None where no level is left, or nobody was treated."""
    check_levels(design, counts.levels)
    if design.final == "next dose":
        return advise(design, counts).level
    tried = counts.tried(counts.barred)
    (rates,) = fit(design, [counts.treated], [counts.dlts]).rates
    return nearest_of(design, rates, tried, barred=counts.barred)


def level_advice(
    design: WorkingModel, rates: Floats, counted: str, *, current: int, barred: int, held: bool
) -> Advice:
    """The advice by the rates (J,) of the model, where a cohort has been treated."""
    (wanted,) = nearest(design, rates[None]).tolist()
    (level,) = next_levels(
        design,
        rates[None],
        current=np.array([current]),
        barred=np.array([barred]),
        held=np.array([held]),
    ).tolist()
    rate = rates[wanted - 1]
    reason = f"{counted}; the model's level is {wanted} (DLT rate {rate:.2f})"
    if level == 0:
        return step.none_left(f"{reason}, dose level 1 is barred", barred, 0, design.cohort)
    return step.advice(
        level, wanted, reason, current=current, barred=barred, held=held, cohort=design.cohort
    )


def nearest_of(
    design: WorkingModel, rates: Floats, tried: tuple[int, ...], *, barred: int
) -> int | None:
    """The level for the MTD, below the barred ones, by rates (J,); None where none was tried."""
    if not tried:
        return None
    if design.final == "tried":
        among = np.array(tried)
        return tried[int(nearest(design, rates[among - 1][None])[0]) - 1]
    return min(int(nearest(design, rates[None])[0]), barred - 1)


def check_levels(design: WorkingModel, levels: int) -> None:
    """Refuse a number of levels that the skeleton does not have."""
    if levels != len(design.skeleton):
        raise RuleError(
            f"design.skeleton: must have one rate for each of the {levels} dose levels, "
            f"got {len(design.skeleton)}"
        )
