"""Dose proportionality: the power model, parameter = a x dose^b.

The slope b is that of a straight line through the logarithms; 1 is proportional, 0 is no dependence
on dose. With `ratio` the highest dose divided by the lowest, exposures of the two keep within a
factor of 0.80 to 1.25 of proportional where b lies within 1 +- log(1.25) / log(ratio): the
narrower the range of doses, the wider that region.

    within      the interval of b lies inside the region
    outside     it lies wholly outside
    not told    it reaches across a border of the region

Source: Gough 1995, Drug Inf J 29:1039-1048; Smith 2000, Pharm Res 17:1278-1283.
    doi:10.1023/A:1026451721686
Reading: cells divide, so that a peak need not follow the dose at all: the slope is shown against 0
as well as against 1.
Oracle: scipy.stats.linregress (tests/oracle/scipy)
"""

from dataclasses import dataclass
from math import log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from cartrial.errors import DataError

Floats = NDArray[np.float64]
Verdict = Literal["within", "outside", "not told"]

FACTOR = 1.25  # of proportional, up; down its inverse
LEVEL = 0.9  # of the interval: two one-sided tests at 5 %
FEWEST = 3  # subjects: two leave nothing to tell the spread


@dataclass(frozen=True)
class PowerModel:
    """The power model of some subjects; without two doses there is none, and why."""

    n: int
    slope: float | None
    lower: float | None = None
    upper: float | None = None
    region: tuple[float, float] | None = None
    intercept: float | None = None  # log of the parameter at a dose of 1
    ratio: float | None = None  # highest dose divided by lowest
    level: float = LEVEL
    why_missing: str | None = None

    @property
    def verdict(self) -> Verdict:
        """What the interval says of proportionality; `not told` where there is no interval."""
        if self.region is None or self.lower is None or self.upper is None:
            return "not told"
        low, high = self.region
        if low <= self.lower and self.upper <= high:
            return "within"
        return "outside" if self.upper < low or self.lower > high else "not told"


def fit_power_model(dose: ArrayLike, parameter: ArrayLike, *, level: float = LEVEL) -> PowerModel:
    """The power model of a parameter over the dose; one element for each subject, above 0."""
    given, found = np.asarray(dose, dtype=np.float64), np.asarray(parameter, dtype=np.float64)
    for name, values in (("dose", given), ("parameter", found)):
        if not (values > 0).all():
            raise DataError(f"power model: a {name} must be above 0, got {values.min():g}")
    n, doses = given.size, np.unique(given)
    if doses.size < 2:
        why = "one dose only" if n else "no subject with both"
        return PowerModel(n, None, level=level, why_missing=why)
    x, y = np.log(given), np.log(found)
    across = x - x.mean()
    slope = float(across @ y / (across @ across))
    intercept = float(y.mean() - slope * x.mean())
    ratio = float(doses[-1] / doses[0])
    wide = log(FACTOR) / log(ratio)
    region = (1 - wide, 1 + wide)
    if n < FEWEST:
        why = f"no interval: {n} subjects"
        return PowerModel(n, slope, None, None, region, intercept, ratio, level, why)
    left = y - intercept - slope * x
    spread = sqrt(float(left @ left) / (n - 2) / float(across @ across))
    away = float(stdtrit(n - 2, (1 + level) / 2)) * spread
    return PowerModel(n, slope, slope - away, slope + away, region, intercept, ratio, level)
