"""Area under the curve (AUC) and under its first moment (AUMC), step by step.

    linear            every step is a straight line
    lin-up-log-down   a falling step is exponential, any other straight
    lin-log           a step after the peak is exponential, any other straight

An exponential step needs two positive ends. Between two samples the concentration is that of the
step: the areas of two adjoining windows add up to that of both. The moment of a straight step is
that of a straight line of time x concentration, as all programs take it.

Source: CDISC controlled terminology, PK Analytical Method (C172330); PKNCA 0.12.1, `auc.method`.
Oracle: PKNCA 0.12.1 (tests/oracle/pknca)
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from cartrial.kinetics.nca.blq import Curve
from cartrial.kinetics.nca.profile import Bools, Floats

Method = Literal["linear", "lin-up-log-down", "lin-log"]
METHODS: tuple[Method, ...] = ("linear", "lin-up-log-down", "lin-log")
NARROW = 1e-2  # a logarithmic fall below this has its moment by series


@dataclass(frozen=True)
class Steps:
    """The steps between the points of a curve, indexed [subject, step]; past the end NaN."""

    start: Floats
    end: Floats
    left: Floats
    right: Floats
    exponential: Bools

    @cached_property
    def fall(self) -> Floats:
        """ln(left / right) of the exponential steps; else 0."""
        return _fall(self.left, self.right, self.exponential)

    @cached_property
    def areas(self) -> Floats:
        """The area of each step."""
        return _area(self.end - self.start, self.left, self.right, self.exponential)

    @cached_property
    def moments(self) -> Floats:
        """The area of time x concentration of each step."""
        width = self.end - self.start
        straight = width * (self.start * self.left + self.end * self.right) / 2
        bent = self.start * self.areas + self.left * width**2 * _first_moment(self.fall)
        return np.where(self.exponential, bent, straight)


def steps_of(curve: Curve, method: Method, tmax: Floats) -> Steps:
    """The steps of a curve; `tmax` is the time of each subject's peak."""
    start, end = curve.time[:, :-1], curve.time[:, 1:]
    left, right = curve.level[:, :-1], curve.level[:, 1:]
    positive = (left > 0) & (right > 0)
    match method:
        case "linear":
            exponential = np.zeros_like(positive)
        case "lin-up-log-down":
            exponential = positive & (right < left)
        case "lin-log":
            exponential = positive & (start >= tmax[:, None])
    return Steps(start, end, left, right, exponential)


def area_until(steps: Steps, counted: Bools, at: float) -> Floats:
    """The area of the counted steps up to a time; a step across it counts in part."""
    if not (counted & (steps.start < at)).any():
        return np.zeros(len(counted))
    whole = total(np.where(counted & (steps.end <= at), steps.areas, 0.0))
    across = counted & (steps.start < at) & (at < steps.end)
    part = np.where(across, (at - steps.start) / (steps.end - steps.start), 0.0)
    straight = steps.left + part * (steps.right - steps.left)
    at_end = np.where(steps.exponential, steps.left * np.exp(-part * steps.fall), straight)
    cut = _area(at - steps.start, steps.left, at_end, steps.exponential)
    return np.asarray(whole + total(np.where(across, cut, 0.0)))


def total(cells: Floats) -> Floats:
    """The sum of each row, step by step, so that more columns of 0 change no bit of it."""
    summed = np.add.accumulate(cells, axis=1)
    return np.asarray(summed[:, -1]) if cells.shape[1] else np.zeros(len(cells))


def _area(width: Floats, left: Floats, right: Floats, exponential: Bools) -> Floats:
    fall = _fall(left, right, exponential)
    level = exponential & (fall != 0)
    mean = np.divide(left - right, fall, out=(left + right) / 2, where=level)
    return width * mean


def _fall(left: Floats, right: Floats, exponential: Bools) -> Floats:
    """ln(left / right) of the exponential steps, exact where the two are close; else 0."""
    change = np.divide(right - left, left, out=np.zeros_like(left), where=exponential)
    return -np.log1p(change)


def _first_moment(fall: Floats) -> Floats:
    """The integral of s exp(-fall s) over s from 0 to 1."""
    small = np.abs(fall) < NARROW
    series = 1 / 2 - fall / 3 + fall**2 / 8 - fall**3 / 30 + fall**4 / 144 - fall**5 / 840
    safe = np.where(small, 1.0, fall)
    return np.where(small, series, (1 - np.exp(-safe) * (1 + safe)) / safe**2)
