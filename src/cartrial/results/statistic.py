"""Summary statistics of the values of a group."""

from collections.abc import Sequence

import numpy as np

from cartrial.results.result import Cell


def geometric_mean(values: Sequence[float]) -> float | None:
    """The geometric mean; none of nothing, or with a value that is not above 0."""
    if not values or min(values) <= 0:
        return None
    return float(np.exp(np.mean(np.log(values))))


def statistics_of(values: Sequence[float], cell: Cell) -> list[tuple[str, float | None]]:
    """The statistics of some values that a cell of this kind shows."""
    wanted = {
        "mean (sd)": ("mean", "sd"),
        "median (min, max)": ("median", "min", "max"),
        "median [q1, q3]": ("median", "q1", "q3"),
    }[cell]
    return [(name, summary(name, values)) for name in wanted]


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
        case _:
            return float(np.percentile(values, 25 if name == "q1" else 75))
