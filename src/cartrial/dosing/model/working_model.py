"""The one-parameter model of the continual reassessment methods, fitted to S trials at once.

    empiric     rate = guess ^ exp(b)
    logistic    rate = expit(intercept + x exp(b)),    x = logit(guess) - intercept

The guesses are the skeleton. A patient with DLT contributes the rate to the likelihood, a patient
without 1 - weight x rate; the weight is 1 after the whole window. b has a normal prior; its
posterior is summed over 101 evenly spaced points, twice as many where it is narrower than their
step.

Source: O'Quigley 1990, Biometrics 46:33-48 (doi:10.2307/2531628); Cheung & Chappell 2000,
Biometrics 56:1177-1182 (doi:10.1111/j.0006-341X.2000.01177.x, the weights); Cheung 2011, Dose
Finding by the Continual Reassessment Method (the working models)
Reading: without any DLT the likelihood rises for ever: the rates of the maximum are its limit, 0,
and with nothing but DLTs the highest that the model has; with no patient they are the skeleton. The
variance of a maximum is the inverse of the observed information. Of levels equally near to the
target, the higher below it and the lower above it.
Oracle: R package dfcrm 0.2-2.1 (tests/oracle/dfcrm)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit, logit, ndtri

from cartrial.protocol.model_design import WorkingModel

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REACH = 8.0  # prior standard deviations to both sides: the posterior is nil beyond
NODES = 101
SAME = 1e-12  # distances to the target that are apart by less are equal
WIDEST = 10.0  # of b, where a maximum is searched for
HALVINGS = 60  # of an interval of b: to the last bit
STEP = 1e-4  # of b, for the information


@dataclass(frozen=True)
class Seen:
    """What S trials saw, in M groups of patients: arrays of (S, M), `level` and `weight` or (1, M).

    `level` counts from 1; `toxic` are the patients with DLT, `free` those without, each of whom
    counts with `weight`, 0 to 1.
    """

    level: Ints
    toxic: Floats
    free: Floats
    weight: Floats

    def take(self, rows: NDArray[np.bool_]) -> "Seen":
        """Some of the trials."""
        level = self.level if len(self.level) == 1 else self.level[rows]
        weight = self.weight if len(self.weight) == 1 else self.weight[rows]
        return Seen(level, self.toxic[rows], self.free[rows], weight)


@dataclass(frozen=True)
class Fit:
    """The estimate of b and its standard deviation, (S,) each, and the DLT rates, (S, J)."""

    estimate: Floats
    sd: Floats
    rates: Floats


def fit(design: WorkingModel, seen: Seen) -> Fit:
    """The model after what was seen."""
    return _maximum(design, seen) if design.method == "mle" else _posterior(design, seen)


def nearest(design: WorkingModel, rates: Floats) -> Ints:
    """The level whose rate is nearest to the target, (S,), of rates (S, J) that rise."""
    apart = np.abs(rates - design.target)
    same = apart - apart.min(axis=1, keepdims=True) < SAME
    below = (same & (rates < design.target)).sum(axis=1)
    first = same.argmax(axis=1) + 1
    return np.asarray(np.where(below > 0, first + below - 1, first))


def limits(design: WorkingModel, fitted: Fit, *, confidence: float = 0.9) -> tuple[Floats, Floats]:
    """The lowest and the highest rates, (S, J) each; 0 and 1 where there is no maximum."""
    known = np.isfinite(fitted.estimate)[:, None]
    middle = np.where(known, fitted.estimate[:, None], 0.0)
    width = float(ndtri((1 + confidence) / 2)) * fitted.sd[:, None]
    low, high = (rates_at(design, end) for end in (middle + width, middle - width))
    return np.where(known, low, 0.0), np.where(known, high, 1.0)


def _posterior(design: WorkingModel, seen: Seen, nodes: int = NODES) -> Fit:
    at = np.linspace(-REACH, REACH, nodes) * design.scale
    density = _log_likelihood(design, seen, at[None]) - (at / design.scale) ** 2 / 2
    share = np.exp(density - density.max(axis=1, keepdims=True))
    share /= share.sum(axis=1, keepdims=True)
    mean = (share * at).sum(axis=1)
    sd = np.sqrt((share * (at - mean[:, None]) ** 2).sum(axis=1))
    if design.rates == "mean":
        drawn = rates_at(design, at[:, None])
        rates = np.stack([(share * one).sum(axis=1) for one in drawn.T], axis=1)
    else:
        rates = rates_at(design, mean[:, None])
    coarse = sd < at[1] - at[0]
    if coarse.any():
        finer = _posterior(design, seen.take(coarse), 2 * nodes - 1)
        mean[coarse], sd[coarse], rates[coarse] = finer.estimate, finer.sd, finer.rates
    return Fit(mean, sd, rates)


def _maximum(design: WorkingModel, seen: Seen) -> Fit:
    """Maximum likelihood; the estimate is infinite where the likelihood rises for ever."""
    at = np.linspace(-WIDEST, WIDEST, 2 * NODES - 1)
    best = _log_likelihood(design, seen, at[None]).argmax(axis=1).clip(1, len(at) - 2)
    low, high = at[best - 1][:, None], at[best + 1][:, None]
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        rising = _score(design, seen, middle) > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    estimate = (low + high)[:, 0] / 2
    toxic, free = seen.toxic.sum(axis=1) > 0, (seen.free * seen.weight).sum(axis=1) > 0
    lowest = _score(design, seen, np.full((1, 1), -WIDEST))[:, 0] <= 0
    estimate = np.select(
        [~toxic & ~free, ~toxic, ~free | lowest], [0.0, np.inf, -np.inf], default=estimate
    )
    change = [_score(design, seen, middle + step)[:, 0] for step in (-STEP, STEP)]
    known = np.isfinite(estimate) & (toxic | free)
    information = np.where(known, (change[0] - change[1]) / (2 * STEP), 1.0)
    sd = np.where(known, 1 / np.sqrt(information), np.inf)
    return Fit(estimate, sd, rates_at(design, estimate[:, None]))


def _log_likelihood(design: WorkingModel, seen: Seen, at: Floats) -> Floats:
    """Of b at some points, (S or 1, P): (S, P)."""
    total = np.zeros((len(seen.toxic), at.shape[1]))
    for x, toxic, free, weight in _groups(design, seen):
        log_rate, _, complement = _curve(design, x, at)
        total += toxic * log_rate + free * np.log(1 - weight + weight * complement)
    return total


def _score(design: WorkingModel, seen: Seen, at: Floats) -> Floats:
    """The derivative of the log likelihood by b, (S, P)."""
    total = np.zeros((len(seen.toxic), at.shape[1]))
    for x, toxic, free, weight in _groups(design, seen):
        _, rate, complement = _curve(design, x, at)
        change = np.exp(at) * x * (complement if design.model == "logistic" else 1.0)
        total += change * (toxic - free * weight * rate / (1 - weight + weight * complement))
    return total


def _groups(design: WorkingModel, seen: Seen) -> list[tuple[Floats, Floats, Floats, Floats]]:
    """Of each group the dose, the patients with and without DLT, and the weight, (S or 1, 1)."""
    dose = doses(design)[seen.level - 1]
    toxic, free, weight = seen.toxic, seen.free, seen.weight
    return [
        (dose[:, m, None], toxic[:, m, None], free[:, m, None], weight[:, m, None])
        for m in range(dose.shape[1])
    ]


def rates_at(design: WorkingModel, at: Floats) -> Floats:
    """The rates of the levels, (S, J), at b, (S, 1)."""
    return _curve(design, doses(design), at)[1]


def doses(design: WorkingModel) -> Floats:
    """What stands for the dose of each level, below 0; with it b = 0 gives the skeleton."""
    guesses = np.array(design.skeleton)
    return np.log(guesses) if design.model == "empiric" else logit(guesses) - design.intercept


def _curve(design: WorkingModel, dose: Floats, at: Floats) -> tuple[Floats, Floats, Floats]:
    """The log rate, the rate, and 1 - rate."""
    steep = np.exp(at) * dose
    if design.model == "empiric":
        return steep, np.exp(steep), -np.expm1(steep)
    steep = steep + design.intercept
    return log_expit(steep), expit(steep), expit(-steep)
