"""Competing risks: the share of subjects who have had each kind of event first (Aalen-Johansen).

At each distinct time, of those at risk a part has an event of each cause; the incidence of a cause
rises by that part of S, the share of subjects without any event just before. The incidences and S
add up to 1 at every time. One minus Kaplan-Meier with the other cause censored would be higher.

The variance is the delta method over the steps: with S and n at risk just before a step, it adds
S^2 / n times the variance of what a subject's outcome at this step says of the incidence at t: 1
with the event of the cause, 0 with another, and without an event what is still to come.

Source: Aalen & Johansen 1978, Scand J Stat 5:141-150 (the estimate).
    Marubini & Valsecchi 1995, Analysing Survival Data from Clinical Trials, section 10 (variance).
Reading: ties, times that differ by rounding, who is at risk, and where nothing is estimated: as in
    estimate.survival. The log-log limits are those of the share without this cause, 1 - incidence,
    mirrored, so that a single cause has exactly the estimate, the standard error and the limits
    of 1 - S. There is neither standard error nor interval where the incidence is 1, and no interval
    where it is 0.
Oracle: lifelines 0.30.3 (tests/oracle/lifelines)
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cartrial.errors import DataError
from cartrial.estimate.survival import Counts, Floats, limits, same_times


@dataclass(frozen=True, eq=False)
class Incidence:
    """The incidence of each cause, one element for each distinct time, rising; 0 before the first.

    `n_event`, `incidence`, `std_err`, `lower` and `upper` have a row for each cause, the first
    being cause 1. NaN is a number that does not exist.
    """

    times: Floats
    n_risk: Counts
    n_event: Counts
    free: Floats  # share without any event
    incidence: Floats
    std_err: Floats
    lower: Floats
    upper: Floats
    level: float


@dataclass(frozen=True)
class IncidenceAt:
    """The incidence of one cause just after `time`; `n_risk` are those at risk at it."""

    time: float
    n_risk: int
    incidence: float | None
    std_err: float | None
    lower: float | None
    upper: float | None
    why_missing: str | None


def estimate_incidence(
    time: ArrayLike, cause: ArrayLike, *, causes: int = 2, level: float = 0.95
) -> Incidence:
    """The incidence of each cause; `cause` is 0 for censored, else 1 up to `causes`.

    One element per subject, in any order. No subjects give an empty curve.
    """
    followed, ended = np.asarray(time, dtype=np.float64), np.asarray(cause)
    check_subjects(followed, ended, causes)
    times, row = np.unique(same_times(followed), return_inverse=True)
    n_risk = np.bincount(row, minlength=times.size)[::-1].cumsum()[::-1]
    n_event = np.array(
        [np.bincount(row, ended == k, minlength=times.size) for k in range(1, causes + 1)]
    ).astype(np.int64)
    free = np.cumprod((n_risk - n_event.sum(axis=0)) / n_risk)
    before = np.append(1.0, free)[:-1]
    found = np.cumsum(before * n_event / n_risk, axis=1)
    others = np.array([free + np.delete(found, k, axis=0).sum(axis=0) for k in range(causes)])
    without = np.where(found > 0, others, 1.0)
    incidence = np.where(without > 0, found, 1.0)
    error = step_error(n_event / n_risk, incidence, before=before, after=free, n_risk=n_risk)
    missing = np.full_like(error, np.nan)
    hazard = np.divide(error, without, out=missing, where=without > 0)
    low, high = limits(without, hazard, level=level, interval="log-log")
    return Incidence(
        times=times,
        n_risk=n_risk,
        n_event=n_event,
        free=free,
        incidence=incidence,
        std_err=hazard * without,
        lower=1 - high,
        upper=1 - low,
        level=level,
    )


def incidence_at(curve: Incidence, cause: int, times: Iterable[float]) -> tuple[IncidenceAt, ...]:
    """The incidence of a cause at each of `times`, in the order given."""
    return tuple(_at(curve, cause - 1, float(time)) for time in times)


def check_subjects(time: Floats, cause: NDArray[np.generic], causes: int) -> None:
    """Raise where a time is missing or below 0, or a cause is none of the causes."""
    for name, values, good, rule in (
        ("time", time, np.isfinite(time) & (time >= 0), "0 or more"),
        ("cause", cause, np.isin(cause, range(causes + 1)), f"0 (censored) to {causes}"),
    ):
        if not good.all():
            row = int(np.argmin(good))
            raise DataError(f"incidence: {name} {row + 1} must be {rule}, got {values[row]}")


def step_error(
    parts: Floats, incidence: Floats, *, before: Floats, after: Floats, n_risk: Counts
) -> Floats:
    """The standard error of each incidence at each time; a row for each cause.

    `parts` of those at risk had the event of the cause at a step; `before` and `after` it is the
    share without any event.
    """
    stay = np.divide(after, before, out=np.zeros_like(after), where=before > 0)
    to_come = incidence[:, :, None] - incidence[:, None, :]  # cause, time, step before it
    later = np.divide(to_come, after, out=np.zeros_like(to_come), where=after > 0)
    part = parts[:, None, :]
    spread = part + stay * later**2 - (part + stay * later) ** 2
    variance = np.tril(before**2 / n_risk * spread).sum(axis=2)
    error: Floats = np.sqrt(np.clip(variance, 0, None))
    return error


def _at(curve: Incidence, row: int, time: float) -> IncidenceAt:
    n_risk = int(np.append(curve.n_risk, 0)[np.searchsorted(curve.times, time)])
    if n_risk == 0:
        end = f"; follow-up ends at {curve.times[-1]:g}" if curve.times.size else ""
        why = f"not estimable: nobody at risk at {time:g}{end}"
        return IncidenceAt(time, 0, None, None, None, None, why)
    step = int(np.searchsorted(curve.times, time, side="right"))
    start = {"incidence": 0.0, "std_err": 0.0, "lower": np.nan, "upper": np.nan}
    found = {
        name: float(np.append(first, getattr(curve, name)[row])[step])
        for name, first in start.items()
    }
    known = {name: None if np.isnan(value) else value for name, value in found.items()}
    why_not = f"no interval: incidence is {found['incidence']:g}"
    return IncidenceAt(
        time=time, n_risk=n_risk, **known, why_missing=why_not if known["lower"] is None else None
    )
