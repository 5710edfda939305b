"""Skeleton of the continual reassessment method: first guesses of the DLT rate of each level.

They are spaced so that between two neighbours the model changes over where one level has the rate
target - halfwidth and the next has target + halfwidth: rates in between are as good as the target
(the indifference interval). The level `middle` has the target itself.

Source: Lee & Cheung 2009, Clin Trials 6:227-238. doi:10.1177/1740774509105076
Oracle: R package dfcrm 0.2-2.1 (tests/oracle/dfcrm)
"""

from math import exp, log
from typing import Literal

from scipy.special import expit, logit

from cartrial.errors import RuleError


def skeleton(
    *,
    target: float,
    halfwidth: float,
    middle: int,
    levels: int,
    model: Literal["empiric", "logistic"] = "empiric",
    intercept: float = 3.0,
) -> tuple[float, ...]:
    """The guesses, lowest level first."""
    _check(target, halfwidth, middle, levels, intercept if model == "logistic" else None)
    if model == "empiric":
        ratio = log(target + halfwidth) / log(target - halfwidth)
        return tuple(exp(log(target) * ratio ** (k - middle)) for k in range(1, levels + 1))
    low, at, high = (float(logit(target + d)) - intercept for d in (-halfwidth, 0, halfwidth))
    return tuple(
        float(expit(intercept + at * (high / low) ** (k - middle))) for k in range(1, levels + 1)
    )


def _check(
    target: float, halfwidth: float, middle: int, levels: int, intercept: float | None
) -> None:
    top = 1.0 if intercept is None else float(expit(intercept))
    if not 0 < halfwidth < min(target, top - target):
        raise RuleError(
            "skeleton: target - halfwidth and target + halfwidth must lie between 0 and "
            f"{top:.3g}, got a target of {target:g} and a halfwidth of {halfwidth:g}"
        )
    if not 1 <= middle <= levels:
        raise RuleError(f"skeleton: the middle must be one of the {levels} levels, got {middle}")
