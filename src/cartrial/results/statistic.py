"""Summary statistics of the values of a group, and how a number is rounded for the eye.

Reading: half is rounded away from zero, and what is a half is decided on the number as it is
written in decimals (15 digits, all that a double holds), not on its binary neighbour. A number of
1,000 or more has no decimals; one that would round to zero without being zero keeps two significant
digits, so that nothing small is shown as nothing.
"""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal

import numpy as np

from cartrial.cdisc.spelling import POWERS
from cartrial.results.result import Cell

SHOWN_AS = {"geometric mean": "value"}  # the statistic that leads a cell
PERCENT_DIGITS = 1
MINUS = "−"
SUPERSCRIPT = str.maketrans({plain: raised for raised, plain in POWERS.items()})


def in_decimals(value: float, digits: int) -> str:
    """A number with so many decimals, thousands apart."""
    step = Decimal(1).scaleb(-digits)
    return f"{_written(value).quantize(step, ROUND_HALF_UP):,f}"


def in_figures(value: float, figures: int) -> Decimal:
    """A number rounded to so many significant figures, without the zeros that end it."""
    return Context(prec=figures, rounding=ROUND_HALF_UP).plus(_written(value)).normalize()


def shown_number(value: float, digits: int) -> str:
    """A number for the eye: thousands apart, no more decimals than are worth reading."""
    size = abs(value)
    sign = MINUS if value < 0 else ""
    if size >= 1e7:
        rounded = in_figures(size, 3)
        power = rounded.adjusted()
        return f"{sign}{rounded.scaleb(-power):.2f} × 10{str(power).translate(SUPERSCRIPT)}"
    if size >= 1000:
        return f"{sign}{in_decimals(size, 0)}"
    shown = in_decimals(size, digits)
    if size and float(shown) == 0:
        shown = in_decimals(size, 1 - in_figures(size, 2).adjusted())
    return f"{sign}{shown}"


def as_percent(share: float) -> str:
    """A limit or a level that the study sets, in percent: `80%`, `97.5%`."""
    return f"{in_figures(100 * share, 4):f}%"


def _written(value: float) -> Decimal:
    return Decimal(f"{value:.15g}")


def geometric_mean(values: Sequence[float]) -> float | None:
    """The geometric mean; none of nothing, or with a value that is not above 0."""
    if not values or min(values) <= 0:
        return None
    return float(np.exp(np.mean(np.log(values))))


def geometric_cv(values: Sequence[float]) -> float | None:
    """The geometric coefficient of variation in percent: 100 sqrt(exp(v) - 1), v of the logarithms.

    None of fewer than two values, or with a value that is not above 0.
    """
    if len(values) < 2 or min(values) <= 0:
        return None
    return 100 * float(np.sqrt(np.expm1(np.var(np.log(values), ddof=1))))


def statistics_of(values: Sequence[float], cell: Cell) -> list[tuple[str, float | None]]:
    """The statistics of some values that a cell of this kind shows."""
    wanted = {
        "mean (sd)": ("mean", "sd"),
        "median (min, max)": ("median", "min", "max"),
        "median [q1, q3]": ("median", "q1", "q3"),
        "value (cv)": ("geometric mean", "cv"),
    }[cell]
    return [(SHOWN_AS.get(name, name), summary(name, values)) for name in wanted]


def summary(name: str, values: Sequence[float]) -> float | None:
    """One statistic of some values; none where it does not exist."""
    if not values or (name == "sd" and len(values) == 1):
        return None
    match name:
        case "mean":
            return float(np.mean(values))
        case "sd":
            return float(np.std(values, ddof=1))
        case "min":
            return min(values)
        case "max":
            return max(values)
        case "median":
            return float(np.median(values))
        case "geometric mean":
            return geometric_mean(values)
        case "cv":
            return geometric_cv(values)
        case _:
            return float(np.percentile(values, 25 if name == "q1" else 75))
