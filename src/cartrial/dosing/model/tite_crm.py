"""The time-to-event continual reassessment method (TITE-CRM): the CRM with patients in the window.

A patient without DLT so far counts with a weight, 0 at first and 1 after the window of T days. With
u days seen, and the z DLTs so far on days t(1) <= ... <= t(z) after treatment:

    linear      u / T
    adaptive    (k + (u - t(k)) / (t(k+1) - t(k))) / (z + 1),    t(k) <= u < t(k+1),
                with t(0) = 0 and t(z+1) = T

A patient with DLT counts whole.

Source: Cheung & Chappell 2000, Biometrics 56:1177-1182. doi:10.1111/j.0006-341X.2000.01177.x
Reading: a DLT whose day is after the window counts as of its last day. For `coherence` the DLT rate
is DLTs for each weight, so that patients hardly seen make no dose safe; the last cohort are the
last patients at the current level, at most as many as a cohort has.
Oracle: R package dfcrm 0.2-2.1 (tests/oracle/dfcrm)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartrial.dosing.counts import Advice
from cartrial.dosing.model import step, working_model
from cartrial.dosing.model.crm import check_levels, is_held, level_advice, nearest_of
from cartrial.dosing.model.working_model import Fit, Floats, Seen
from cartrial.errors import RuleError
from cartrial.protocol.model_design import TiteCrm


@dataclass(frozen=True)
class Followed:
    """The patients in the order of treatment, and where the trial is.

    `days` go to the DLT (`dlts`), or to the last day seen. `current` is the level of the last
    decision, 0 before the first; `barred` the lowest barred level, one more than `levels` for none.
    """

    level: tuple[int, ...]
    dlts: tuple[bool, ...]
    days: tuple[float, ...]
    levels: int
    current: int
    barred: int

    def __post_init__(self) -> None:
        if not len(self.level) == len(self.dlts) == len(self.days):
            raise RuleError(
                "patients: levels, DLTs and days must be equally many, "
                f"got {len(self.level)}, {len(self.dlts)} and {len(self.days)}"
            )
        for number, (level, days) in enumerate(zip(self.level, self.days, strict=True), start=1):
            if not 1 <= level <= self.levels:
                raise RuleError(f"patient {number}: level must be 1 to {self.levels}, got {level}")
            if not days >= 0:
                raise RuleError(f"patient {number}: days must be 0 or more, got {days:g}")


def advise(design: TiteCrm, patients: Followed, *, window: float) -> Advice:
    """The level of the next cohort; `window` in days."""
    check_levels(design, patients.levels)
    current, barred = patients.current, patients.barred
    if current == 0:
        return step.first(start=design.start, barred=barred, cohort=design.cohort)
    level, dlts, weight = _seen(design, patients, window)
    (rates,) = fit(design, level, dlts, weight).rates
    at = level[0] == current
    run = at & (np.arange(len(at)) >= _last_cohort(at, design.cohort))
    here, last = ([[weight[0][some].sum(), dlts[0][some].sum()]] for some in (at, run))
    (held,) = is_held(design, here, last)
    toxic, patients_seen = dlts[0][at].sum(), weight[0][at].sum()
    counted = f"{toxic} DLT in {patients_seen:.3g} weighted patients at dose level {current}"
    return level_advice(design, rates, counted, current=current, barred=barred, held=bool(held))


def fit(design: TiteCrm, level: ArrayLike, dlts: ArrayLike, weight: ArrayLike) -> Fit:
    """The model after patients at levels, with or without DLT, with weights; (S, N) each.

    A trial with fewer patients is filled up with weight 0 and no DLT, at any level.
    """
    toxic = np.asarray(dlts, np.float64)
    seen = Seen(np.asarray(level, np.int64), toxic, 1 - toxic, np.asarray(weight, np.float64))
    return working_model.fit(design, seen)


def weights(design: TiteCrm, days: ArrayLike, dlts: ArrayLike, *, window: float) -> Floats:
    """The weight of each patient, (..., N), seen for some days, with or without DLT."""
    toxic = np.asarray(dlts, np.bool_)
    seen = np.minimum(np.asarray(days, np.float64), window)
    linear = seen / window
    if design.weights == "linear":
        return np.where(toxic, 1.0, linear)
    came = np.where(toxic, seen, np.inf)[..., None, :]  # (..., 1, N): days of the DLTs
    passed = came <= seen[..., None]
    before = np.where(passed, came, 0.0).max(axis=-1, initial=0.0)
    after = np.where(passed, window, np.minimum(came, window)).min(axis=-1, initial=window)
    between = np.where(after > before, after - before, 1.0)
    part = (passed.sum(axis=-1) + (seen - before) / between) / (toxic.sum(-1)[..., None] + 1)
    return np.where(toxic | (seen >= window), 1.0, part)


def select_mtd(design: TiteCrm, patients: Followed, *, window: float) -> int | None:
    """The MTD of a finished escalation; None where no level is left, or nobody was treated."""
    check_levels(design, patients.levels)
    if design.final == "next dose":
        return advise(design, patients, window=window).level
    tried = tuple(sorted({level for level in patients.level if level < patients.barred}))
    (rates,) = fit(design, *_seen(design, patients, window)).rates
    return nearest_of(design, rates, tried, barred=patients.barred)


def _seen(
    design: TiteCrm, patients: Followed, window: float
) -> tuple[NDArray[np.int64], NDArray[np.bool_], Floats]:
    """Levels, DLTs and weights, (1, N) each."""
    level, dlts = np.array([patients.level], np.int64), np.array([patients.dlts], np.bool_)
    return level, dlts, weights(design, [patients.days], dlts, window=window)


def _last_cohort(at: NDArray[np.bool_], cohort: int) -> int:
    """The first place of the last patients at the current level, at most a cohort."""
    elsewhere = np.flatnonzero(~at)
    start = int(elsewhere[-1]) + 1 if len(elsewhere) else 0
    return max(start, len(at) - cohort)
