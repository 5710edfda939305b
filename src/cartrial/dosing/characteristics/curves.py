"""Probability of correct selection over a grid of true dose-toxicity curves.

A curve is logistic over the dose levels: at the place `position`, counted in levels, the DLT rate
is the target; `slope` is how much the log odds rise from one level to the next.

    log odds of the rate of level j  =  log odds of the target + slope x (j - position)

Reading: the correct level is the one whose true rate is nearest to the target, the lower of two;
where even the lowest level has a rate above `highest`, it is correct to select none.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from cartrial.dosing.exact.enumeration import Ends, evaluate
from cartrial.dosing.operating import SAME, Floats


@dataclass(frozen=True)
class CorrectSelection:
    """Over (A,) positions and (B,) slopes: the true rates (A, B, J), and two arrays (A, B).

    `correct` is the level that it is correct to select, 0 for none; `probability` that it is.
    """

    position: Floats
    slope: Floats
    truth: Floats
    correct: NDArray[np.int64]
    probability: Floats


def correct_selection(
    ends: Ends, *, target: float, position: ArrayLike, slope: ArrayLike, highest: float = 1.0
) -> CorrectSelection:
    """How probably the correct level is selected under the curve of each position and slope."""
    places, slopes = np.asarray(position, np.float64), np.asarray(slope, np.float64)
    truth = curves(target=target, position=places, slope=slopes, levels=ends.levels)
    correct = correct_level(truth, target=target, highest=highest)
    selection = evaluate(ends, truth, target=target).selection
    probability = np.take_along_axis(selection, correct[..., None], axis=-1)[..., 0]
    return CorrectSelection(places, slopes, truth, correct, probability)


def curves(*, target: float, position: Floats, slope: Floats, levels: int) -> Floats:
    """The true rates (A, B, J) of every position and slope."""
    away = np.arange(1, levels + 1) - position[:, None, None]
    return np.asarray(expit(logit(target) + slope[None, :, None] * away))


def correct_level(truth: Floats, *, target: float, highest: float = 1.0) -> NDArray[np.int64]:
    """The level that it is correct to select, of rates (..., J); 0 for none."""
    distance = np.abs(truth - target)
    near = distance < distance.min(axis=-1, keepdims=True) + SAME
    return np.where(truth.min(axis=-1) > highest + SAME, 0, near.argmax(axis=-1) + 1)
