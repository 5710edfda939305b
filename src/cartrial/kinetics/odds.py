"""Odds of a yes/no outcome by exposure: logistic regression with Firth's penalty.

The odds ratio is for each doubling of the exposure, so no cut-point is looked for. The penalty
(Jeffreys' prior) takes away the first-order bias of few subjects, and the estimate stays finite
where the exposures of the two outcomes do not overlap. The interval holds what the penalised
likelihood ratio does not refuse, the intercept refitted at each slope.

Source: Firth 1993, Biometrika 80:27-38. doi:10.1093/biomet/80.1.27
    Heinze & Schemper 2002, Stat Med 21:2409-2419 (profile interval). doi:10.1002/sim.1047
Oracle: hand-worked; with a covariate of two values it is the table with 1/2 added to each cell
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, log_expit, ndtri

from cartrial.errors import DataError

Floats = NDArray[np.float64]

STEPS = 100  # of Newton's method, at most
LONGEST = 4.0  # step on the log scale, in standard deviations of the exposure
CLOSE = 1e-10
NEAR = 1e-7  # of a limit
LEAST = 1e-150  # weight of a subject, so that logarithms exist
FARTHEST = 60.0  # slope for each standard deviation: beyond, a limit is none


@dataclass(frozen=True)
class OddsRatio:
    """The odds ratio for each doubling, with its interval, or why there is none."""

    n: int
    yes: int
    ratio: float | None
    lower: float | None = None
    upper: float | None = None
    why_missing: str | None = None


def odds_by_doubling(exposure: ArrayLike, outcome: ArrayLike, *, level: float = 0.95) -> OddsRatio:
    """The odds ratio of `outcome` (true or false) for each doubling of `exposure`, above 0."""
    x, y = np.asarray(exposure, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    if not (x > 0).all():
        raise DataError(f"odds: an exposure must be above 0, got {x.min():g}")
    yes = int(y.sum())
    if not 0 < yes < y.size:
        return OddsRatio(y.size, yes, None, why_missing="all have the same outcome")
    doublings = np.log2(x)
    spread = float(doublings.std())
    if spread <= CLOSE:
        return OddsRatio(y.size, yes, None, why_missing="all have the same exposure")
    scaled = (doublings - doublings.mean()) / spread
    best = _fit(scaled, y, np.zeros(2), free=2)
    least = _penalised(scaled, y, best) - float(ndtri((1 + level) / 2)) ** 2 / 2

    def refused(slope: float) -> bool:
        start = np.array([best[0], slope])
        return _penalised(scaled, y, _fit(scaled, y, start, free=1)) < least

    ends = [_limit(refused, best[1], side) for side in (-1.0, 1.0)]
    lower, upper = (None if end is None else float(np.exp(end / spread)) for end in ends)
    why = "a limit is beyond what can be told" if None in ends else None
    return OddsRatio(y.size, yes, float(np.exp(best[1] / spread)), lower, upper, why)


def _fit(x: Floats, y: Floats, start: Floats, *, free: int) -> Floats:
    """The maximum of the penalised likelihood: of both coefficients, or of the intercept alone."""
    at, height = start, _penalised(x, y, start)
    for _ in range(STEPS):
        step = _newton(x, y, at, free)
        size = float(np.abs(step).max())
        step = step * min(1.0, LONGEST / max(size, CLOSE))
        while (above := _penalised(x, y, at + step)) < height and size > CLOSE:
            step, size = step / 2, size / 2
        if size <= CLOSE:
            break
        at, height = at + step, above
    return at


def _newton(x: Floats, y: Floats, at: Floats, free: int) -> Floats:
    """The step of Newton's method on the penalised score."""
    line = at[0] + at[1] * x
    weight, total, middle, spread = _information(x, line)
    leverage = weight * (1 / total + (x - middle) ** 2 / spread)
    left = y - expit(line) + leverage * (0.5 - expit(line))
    if free == 1:
        return np.array([left.sum() / total, 0.0])
    slope = float(left @ (x - middle)) / spread
    return np.array([left.sum() / total - middle * slope, slope])


def _information(x: Floats, line: Floats) -> tuple[Floats, float, float, float]:
    """The weight of each subject, their sum, the weighted mean of x and its sum of squares."""
    weight = np.maximum(expit(line) * expit(-line), LEAST)
    total = float(weight.sum())
    middle = float(weight @ x) / total
    return weight, total, middle, float(weight @ (x - middle) ** 2)


def _penalised(x: Floats, y: Floats, at: Floats) -> float:
    """The log likelihood with half the log determinant of the information."""
    line = at[0] + at[1] * x
    _, total, _, spread = _information(x, line)
    likelihood = float(log_expit(np.where(y == 1, line, -line)).sum())
    return likelihood + (log(total) + log(spread)) / 2


def _limit(refused: Callable[[float], bool], inside: float, side: float) -> float | None:
    """Where slopes on one side begin to be refused; None where none is."""
    step = side
    outside = inside + step
    while not refused(outside):
        if abs(outside) > FARTHEST:
            return None
        inside, step = outside, 2 * step
        outside = inside + step
    while abs(outside - inside) > NEAR:
        middle = (inside + outside) / 2
        inside, outside = (inside, middle) if refused(middle) else (middle, outside)
    return inside
