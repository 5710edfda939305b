"""On which side of a limit a value lies, decided by decimals.

Limits are multiples such as 3 x 1.1, which a binary fraction cannot hold: 3 * 1.1 > 3.3 in floating
point. A number is read as the decimal of 15 significant digits that it was written with, and the
comparison is exact. Floating point decides only where value and limit are so far apart that
no rounding could turn the comparison.

Reading: a 64-bit number holds any decimal of 15 significant digits; what comes after them is noise
    of an earlier calculation.
Oracle: `decimal.Decimal`, on every pair (tests/property/test_laboratory.py)
"""

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from cartrial.grading.ctcae.criteria import Comparison

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CLOSE = 1e-12  # relative; reading at 15 digits and two roundings stay below 2e-14
ONE = Decimal(1)


def meets(comparison: Comparison, value: Floats, reference: Floats, factor: Decimal) -> Flags:
    """Whether each value meets the comparison; an unknown number meets none.

    `factor` brings values and references into the unit of the comparison.
    """
    scale = factor if comparison.plus else ONE
    times, plus = comparison.times * scale, comparison.plus
    if comparison.reference is None:
        limit = np.full(len(value), float(plus))
    else:
        limit = reference * float(times) + float(plus)
    scaled = value * float(scale)
    met = scaled > limit if comparison.above else scaled < limit
    with np.errstate(invalid="ignore"):
        close = np.abs(scaled - limit) <= CLOSE * np.abs(limit)
    where = np.flatnonzero(close & np.isfinite(limit))
    if where.size:
        sides = _sides(comparison, value[where], reference[where], scale)
        wanted = 1 if comparison.above else -1
        met[where] = (sides == wanted) | ((sides == 0) & comparison.included)
    return met


def _sides(comparison: Comparison, value: Floats, reference: Floats, scale: Decimal) -> Floats:
    """-1, 0 or 1 for values below, at and above the limit; each distinct pair once."""
    known: dict[tuple[float, float], int] = {}
    pairs = list(zip(value.tolist(), reference.tolist(), strict=True))
    for pair in pairs:
        if pair not in known:
            known[pair] = _side(comparison, *pair, scale)
    return np.array([known[pair] for pair in pairs])


def _side(comparison: Comparison, value: float, reference: float, scale: Decimal) -> int:
    limit = comparison.plus
    if comparison.reference is not None:
        limit += comparison.times * scale * decimal(reference)
    return int((decimal(value) * scale).compare(limit))


def decimal(number: float) -> Decimal:
    """The decimal that a number was written as."""
    return Decimal(f"{number:.15g}")
