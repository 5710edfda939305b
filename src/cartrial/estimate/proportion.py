"""Proportion: how many of how many, with the exact interval of Clopper and Pearson.

The lower limit is the rate at which `x` or more of `n` would happen with probability
(1 - level) / 2, the upper limit the rate at which `x` or fewer would; both are quantiles of a beta
distribution. With `x` = 0 the lower limit is 0, with `x` = `n` the upper limit is 1, and the other
limit stays as it is.

Source: Clopper & Pearson 1934, Biometrika 26:404-413. doi:10.1093/biomet/26.4.404
Oracle: R 4.2.2 (tests/oracle/r_survival)
"""

from dataclasses import dataclass

from scipy.special import betaincinv

from cartrial.errors import DataError


@dataclass(frozen=True)
class Proportion:
    """`x` of `n`, with its exact interval. Without anybody, the numbers are missing."""

    x: int
    n: int
    rate: float | None
    lower: float | None
    upper: float | None
    level: float
    why_missing: str | None = None


def estimate_proportion(*, x: int, n: int, level: float = 0.95) -> Proportion:
    """The rate of `x` among `n` with its exact two-sided interval."""
    if not 0 <= x <= n:
        raise DataError(f"proportion: x must be 0 to {n}, the number of subjects, got {x}")
    if n == 0:
        return Proportion(x, n, None, None, None, level, "not estimable: nobody to count")
    upper = 1 - lower_limit(x=n - x, n=n, level=level)
    return Proportion(x, n, x / n, lower_limit(x=x, n=n, level=level), upper, level)


def lower_limit(*, x: int, n: int, level: float) -> float:
    """The lower limit; the upper one is that of the `n - x` others, mirrored."""
    return 0.0 if x == 0 else float(betaincinv(x, n - x + 1, (1 - level) / 2))
