"""Survival: the Kaplan-Meier curve, its landmarks, quantiles, restricted mean and reverse.

At each distinct time S is multiplied by (at risk - events) / at risk; who is censored at a time is
still at risk at it. The interval stands on Greenwood's variance, on one of three scales:
log(-log S), log S, or S itself (plain).

Source: Kaplan & Meier 1958, J Am Stat Assoc 53:457-481. doi:10.1080/01621459.1958.10501452
    Brookmeyer & Crowley 1982, Biometrics 38:29-41 (limits of a quantile). doi:10.2307/2530286
    Schemper & Smith 1996, Control Clin Trials 17:343-346 (reverse).
    doi:10.1016/0197-2456(96)00075-X
Reading: as R `survfit` where the sources are silent. Times that differ by rounding only are one
    time, the earliest. Where S is 0 there is neither standard error nor interval; where S is 1
    there is no log-log interval. Limits stay within 0 and 1. Where S is flat at exactly 1 - p,
    quantile p is the middle of the flat, which at the end of the curve reaches to the last time;
    a limit of quantile p is quantile p of that limit's curve. The reverse flips the status and
    nothing else: at one time, who had the event is still at risk of being censored.
    Stricter than R: where nobody is at risk nothing is estimated, even after S has reached 0.
Oracle: R 4.2.2, survival 3.5.3 (tests/oracle/r_survival)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from cartrial.errors import DataError

Interval = Literal["log-log", "log", "plain"]
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

ROUNDING = float(np.sqrt(np.finfo(np.float64).eps))  # differences up to this are none, as in R


@dataclass(frozen=True, eq=False)
class Survival:
    """The curve, one element for each distinct time, rising; S is 1 before the first.

    `std_err` is of S, `std_err_cumhaz` of the cumulative hazard. NaN is a number that does not
    exist: errors and limits where S is 0, log-log limits where S is 1.
    """

    times: Floats
    n_risk: Counts
    n_event: Counts
    n_censor: Counts
    surv: Floats
    std_err: Floats
    std_err_cumhaz: Floats
    lower: Floats
    upper: Floats
    level: float
    interval: Interval


@dataclass(frozen=True)
class Landmark:
    """S just after `time`; `n_risk` are those at risk at it."""

    time: float
    n_risk: int
    surv: float | None
    std_err: float | None
    lower: float | None
    upper: float | None
    why_missing: str | None


@dataclass(frozen=True)
class Quantile:
    """The time by which a share `p` has had the event."""

    p: float
    time: float | None
    lower: float | None
    upper: float | None
    why_missing: str | None


@dataclass(frozen=True)
class RestrictedMean:
    """The mean time without the event, counted up to `until`: the area under the curve."""

    until: float
    mean: float | None
    why_missing: str | None


def estimate_survival(
    time: ArrayLike, status: ArrayLike, *, level: float = 0.95, interval: Interval = "log-log"
) -> Survival:
    """The Kaplan-Meier curve of one group; `status` is 1 for the event and 0 for censored.

    One element per subject, in any order. No subjects give an empty curve.
    """
    followed, event = np.asarray(time, dtype=np.float64), np.asarray(status)
    check_subjects(followed, event)
    times, row = np.unique(same_times(followed), return_inverse=True)
    leaving = np.bincount(row, minlength=times.size)
    n_event = np.bincount(row, event, minlength=times.size).astype(np.int64)
    n_risk = leaving[::-1].cumsum()[::-1]
    surv = np.cumprod((n_risk - n_event) / n_risk)
    error = hazard_error(n_risk=n_risk, n_event=n_event)
    lower, upper = limits(surv, error, level=level, interval=interval)
    return Survival(
        times=times,
        n_risk=n_risk,
        n_event=n_event,
        n_censor=leaving - n_event,
        surv=surv,
        std_err=surv * error,
        std_err_cumhaz=error,
        lower=lower,
        upper=upper,
        level=level,
        interval=interval,
    )


def reverse(
    time: ArrayLike, status: ArrayLike, *, level: float = 0.95, interval: Interval = "log-log"
) -> Survival:
    """The curve of follow-up (reverse Kaplan-Meier); its median is the median follow-up."""
    return estimate_survival(time, 1 - np.asarray(status), level=level, interval=interval)


def at(curve: Survival, times: Iterable[float]) -> tuple[Landmark, ...]:
    """The estimate at each of `times`, in the order given."""
    return tuple(_landmark(curve, float(time)) for time in times)


def at_risk(curve: Survival, times: ArrayLike) -> Counts:
    """How many are at risk at each of `times`: neither event nor censored before it."""
    return np.append(curve.n_risk, 0)[np.searchsorted(curve.times, np.asarray(times))]


def quantile(curve: Survival, p: float = 0.5) -> Quantile:
    """The time by which a share `p` (above 0, up to 1) has had the event; the median by default."""
    if not curve.times.size:
        return Quantile(p, None, None, None, "not estimable: no subjects")
    time = _crossing(curve.times, curve.surv, p)
    lower = _crossing(curve.times, curve.lower, p)
    upper = _crossing(curve.times, curve.upper, p)
    named = {"quantile": time, "lower limit": lower, "upper limit": upper}
    missing = ", ".join(name for name, value in named.items() if value is None)
    why = f"not reached: {missing}; survival ends at {curve.surv[-1]:.3g}" if missing else None
    return Quantile(p, time, lower, upper, why)


def restricted_mean(curve: Survival, *, until: float | None = None) -> RestrictedMean:
    """The area under the curve up to `until`, by default the last time."""
    last = float(curve.times[-1]) if curve.times.size else 0.0
    end = last if until is None else float(until)
    if at_risk(curve, [end])[0] == 0:
        return RestrictedMean(end, None, _nobody_at_risk(curve, end))
    edges = np.minimum(np.concatenate(([0.0], curve.times, [end])), end)
    return RestrictedMean(end, float(np.diff(edges) @ np.append(1.0, curve.surv)), None)


def check_subjects(time: Floats, status: NDArray[np.generic]) -> None:
    """Raise where a time is missing or below 0, or a status neither 0 nor 1."""
    for name, values, good, rule in (
        ("time", time, np.isfinite(time) & (time >= 0), "0 or more"),
        ("status", status, np.isin(status, (0, 1)), "1 (event) or 0 (censored)"),
    ):
        if not good.all():
            row = int(np.argmin(good))
            raise DataError(f"survival: {name} {row + 1} must be {rule}, got {values[row]}")


def same_times(time: Floats) -> Floats:
    """The times, each run of those that differ by rounding only set to its earliest."""
    distinct = np.unique(time)
    rounding = ROUNDING * max(1.0, distinct.sum() / max(distinct.size, 1))
    earliest: Floats = distinct[np.diff(distinct, prepend=-np.inf) > rounding]
    return earliest[np.searchsorted(earliest, time, side="right") - 1]


def hazard_error(*, n_risk: Counts, n_event: Counts) -> Floats:
    """Greenwood's standard error of the cumulative hazard; NaN once nobody is left."""
    left = n_risk - n_event
    no_error = np.full(n_risk.size, np.nan)
    terms = np.divide(n_event, n_risk * left, out=no_error, where=left > 0)
    error: Floats = np.sqrt(np.cumsum(terms))
    return error


def limits(
    surv: Floats, error: Floats, *, level: float, interval: Interval
) -> tuple[Floats, Floats]:
    """The pointwise limits, lower and upper, on the scale of `interval`."""
    away = float(ndtri((1 + level) / 2)) * error
    match interval:
        case "plain":
            lower, upper = surv - surv * away, surv + surv * away
        case "log":
            lower, upper = surv * np.exp(-away), surv * np.exp(away)
        case "log-log":
            log = np.log(surv, out=np.full_like(surv, np.nan), where=(surv > 0) & (surv < 1))
            lower, upper = np.exp(log * np.exp(-away / log)), np.exp(log * np.exp(away / log))
    return np.clip(lower, 0, 1), np.clip(upper, 0, 1)


def _landmark(curve: Survival, time: float) -> Landmark:
    n_risk = int(at_risk(curve, [time])[0])
    if n_risk == 0:
        return Landmark(time, 0, None, None, None, None, _nobody_at_risk(curve, time))
    row = np.searchsorted(curve.times, time, side="right")
    surv, error = np.append(1.0, curve.surv)[[row]], np.append(0.0, curve.std_err_cumhaz)[[row]]
    numbers = (surv * error, *limits(surv, error, level=curve.level, interval=curve.interval))
    std_err, lower, upper = (None if np.isnan(n[0]) else float(n[0]) for n in numbers)
    why = None if lower is not None else f"no interval: survival is {surv[0]:g}"
    return Landmark(time, n_risk, float(surv[0]), std_err, lower, upper, why)


def _nobody_at_risk(curve: Survival, time: float) -> str:
    if not curve.times.size:
        return "not estimable: no subjects"
    end = "the last event was" if curve.surv[-1] == 0 else "follow-up ends"
    return f"not estimable: nobody at risk at {time:g}; {end} at {curve.times[-1]:g}"


def _crossing(times: Floats, levels: Floats, p: float) -> float | None:
    """Where a curve that starts at 1 comes down to 1 - p; None where it does not."""
    known = ~np.isnan(levels)
    fallen, first = np.unique(np.append(0.0, 1 - levels[known]), return_index=True)
    reached = np.append(0.0, times[known])[first]
    start, end = np.searchsorted(fallen, (p - ROUNDING, p + ROUNDING))
    if start == fallen.size:
        return None
    if end < fallen.size:
        return float(reached[start] + reached[end]) / 2
    return float(reached[start] + times[-1]) / 2 if known[-1] else None
