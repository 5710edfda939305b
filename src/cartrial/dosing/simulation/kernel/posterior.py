"""A working model in compiled code: its posterior over a grid, and the level that it prefers.

The likelihood of the settled patients is kept as a product over the coarse grid; those in the
window are multiplied in at each decision. A posterior narrower than the step of that grid is taken
over the fine one. The numbers are those of `dosing.working_model`.
"""

import numpy as np

from cartrial.dosing.simulation.kernel.draw import step
from cartrial.dosing.simulation.kernel.likelihood import maximum
from cartrial.dosing.simulation.kernel.plan import Floats, Grid, Model
from cartrial.dosing.simulation.kernel.trial import (
    COMPLETE,
    CURRENT,
    DLT,
    INFUSED,
    OPEN,
    Scratch,
    Trial,
)

SAME = 1e-12  # distances to the target that are apart by less are equal


@step
def copy(given: Floats, into: Floats) -> None:
    """The numbers of one array into another."""
    for point in range(given.shape[0]):
        into[point] = given[point]


@step
def join(likelihood: Floats, grid: Grid, level: int, what: int) -> None:
    """A settled patient joins the likelihood."""
    rates = grid.rates[level]
    if what == DLT:
        for point in range(likelihood.shape[0]):
            likelihood[point] *= rates[point]
    elif what == COMPLETE:
        for point in range(likelihood.shape[0]):
            likelihood[point] *= 1.0 - rates[point]


@step
def weight_of(trial: Trial, i: int, time: float, window: float, adaptive: bool) -> float:
    """The weight of an open patient, without DLT so far; as `tite_crm.weights`."""
    seen = min(max(0.0, time - trial.since[i]), window)
    if not adaptive or seen >= window:
        return seen / window
    before, after, passed, toxic = 0.0, window, 0, 0
    for k in range(trial.tally[INFUSED]):
        if trial.what[k] == DLT and trial.end[k] <= time:
            came = trial.end[k] - trial.entry[k]
            toxic += 1
            if came <= seen:
                passed += 1
                before = max(before, came)
            else:
                after = min(after, came)
    between = after - before if after > before else 1.0
    return (passed + (seen - before) / between) / (toxic + 1)


@step
def weigh(trial: Trial, time: float, window: float, adaptive: bool, weights: Floats) -> None:
    """The weights of the open patients, in the order of `Trial.open`."""
    for k in range(trial.tally[OPEN]):
        weights[k] = weight_of(trial, trial.open[k], time, window, adaptive)


@step
def rates_of(trial: Trial, model: Model, scratch: Scratch, more: int) -> None:
    """The DLT rates of the levels, with the open patients at their weights.

    `more` are further patients at the current level, without DLT.
    """
    grid, share = model.coarse, scratch.share[: model.coarse.at.shape[0]]
    copy(scratch.likelihood, share)
    mean, sd, total = _moments(trial, grid, scratch.weights, share, more)
    if model.likeliest:
        mean = maximum(trial, model, scratch.weights, share, more)
    elif sd < grid.at[1] - grid.at[0]:
        grid, share = model.fine, scratch.share
        copy(grid.prior, share)
        for i in range(trial.tally[INFUSED]):
            if trial.settled[i]:
                join(share, grid, trial.level[i], trial.what[i])
        mean, sd, total = _moments(trial, grid, scratch.weights, share, more)
    for level in range(scratch.rates.shape[0]):
        if model.mean_rates:
            rate = 0.0
            for point in range(grid.at.shape[0]):
                rate += share[point] / total * grid.rates[level, point]
        elif model.logistic:
            rate = 1.0 / (1.0 + np.exp(-model.intercept - np.exp(mean) * model.doses[level]))
        else:
            rate = np.exp(np.exp(mean) * model.doses[level])
        scratch.rates[level] = rate


@step
def _moments(
    trial: Trial, grid: Grid, weights: Floats, share: Floats, more: int
) -> tuple[float, float, float]:
    """The mean, the standard deviation and the sum of a density, once the open have joined it."""
    for k in range(trial.tally[OPEN]):
        rates, weight = grid.rates[trial.level[trial.open[k]]], weights[k]
        for point in range(share.shape[0]):
            share[point] *= 1.0 - weight * rates[point]
    for _ in range(more):
        join(share, grid, trial.tally[CURRENT], COMPLETE)
    total, first, second = 0.0, 0.0, 0.0
    for point in range(share.shape[0]):
        at = grid.at[point]
        total += share[point]
        first += share[point] * at
        second += share[point] * at * at
    mean = first / total
    return mean, np.sqrt(max(second / total - mean * mean, 0.0)), total


@step
def nearest(rates: Floats, target: float, below: int) -> int:
    """The level nearest to the target of the first `below`; of two, the higher below it."""
    best = np.inf
    for level in range(below):
        best = min(best, abs(rates[level] - target))
    found = -1
    for level in range(below):
        if abs(rates[level] - target) - best < SAME and (found < 0 or rates[level] < target):
            found = level
    return found
