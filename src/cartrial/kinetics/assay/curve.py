"""Standard curve of a qPCR assay: the cycle at which known copies cross the threshold.

    Ct = slope x log10(copies) + intercept        by least squares over the wells of the standards
    efficiency = 10^(-1/slope) - 1                1 where every cycle doubles
    copies = 10^((Ct - intercept) / slope)        of any other well

Source: Bustin 2009, Clin Chem 55:611-622 (MIQE). doi:10.1373/clinchem.2008.112797
Reading: each well is a point, not the mean of a standard. A standard well that did not cross the
    threshold is no point; it is counted. The range of the curve is that of the standards with a
    point.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
FLATTEST = -1.0  # slope at which each cycle would multiply by ten


@dataclass(frozen=True)
class Standard:
    """The wells of one standard; `recovery` is read by the curve, as a share of what is known."""

    copies: float
    wells: int
    undetermined: int
    mean: float | None  # cycles
    sd: float | None  # cycles; none of one well
    residual: float | None  # cycles, of the mean
    recovery: float | None


@dataclass(frozen=True)
class Curve:
    """A line through the standards, and how well it fits."""

    slope: float
    intercept: float
    r2: float
    residual_sd: float | None  # cycles; none through two points
    lowest: float  # copies, of the standards with a point
    highest: float

    @property
    def efficiency(self) -> float:
        """How much a cycle multiplies, less 1."""
        return float(10.0 ** (-1 / self.slope)) - 1

    def copies(self, ct: float) -> float:
        """The copies in a well that crosses the threshold at this cycle."""
        return float(10.0 ** ((ct - self.intercept) / self.slope))

    def ct(self, copies: float) -> float:
        """The cycle at which so many copies cross the threshold."""
        return self.slope * float(np.log10(copies)) + self.intercept


def fit_curve(copies: Sequence[float], ct: Sequence[float]) -> Curve | str:
    """The curve through the wells of the standards; in words why there is none."""
    x, y = np.log10(np.asarray(copies, dtype=np.float64)), np.asarray(ct, dtype=np.float64)
    if not x.size:
        return "no standard crossed the threshold"
    if np.unique(x).size == 1:
        return f"all standards have {copies[0]:g} copies: one point makes no line"
    across, along = x - x.mean(), y - y.mean()
    slope = float(across @ along) / float(across @ across)
    if slope > FLATTEST:
        return f"more copies hardly cross the threshold earlier, slope {slope:.3g}"
    intercept = float(y.mean()) - slope * float(x.mean())
    apart = y - slope * x - intercept
    return Curve(
        slope=slope,
        intercept=intercept,
        r2=1 - float(apart @ apart) / float(along @ along),
        residual_sd=float(np.sqrt(apart @ apart / (x.size - 2))) if x.size > 2 else None,
        lowest=min(copies),
        highest=max(copies),
    )


def standards(
    copies: Sequence[float], ct: Sequence[float | None], curve: Curve | None
) -> tuple[Standard, ...]:
    """The standards from few to many copies; a well that did not cross has None."""
    return tuple(
        _standard(known, [one for n, one in zip(copies, ct, strict=True) if n == known], curve)
        for known in sorted(set(copies))
    )


def _standard(copies: float, ct: Sequence[float | None], curve: Curve | None) -> Standard:
    read = [one for one in ct if one is not None]
    mean = float(np.mean(read)) if read else None
    return Standard(
        copies=copies,
        wells=len(ct),
        undetermined=len(ct) - len(read),
        mean=mean,
        sd=float(np.std(read, ddof=1)) if len(read) > 1 else None,
        residual=None if curve is None or mean is None else mean - curve.ct(copies),
        recovery=None if curve is None or mean is None else curve.copies(mean) / copies,
    )
