"""The maximum of the likelihood of a working model, in compiled code; as `working_model`."""

import numpy as np

from cartrial.dosing.simulation.kernel.draw import step
from cartrial.dosing.simulation.kernel.plan import Floats, Model
from cartrial.dosing.simulation.kernel.trial import COMPLETE, CURRENT, DLT, INFUSED, OPEN, Trial

HALVINGS = 60  # of an interval of b: to the last bit


@step
def maximum(trial: Trial, model: Model, weights: Floats, share: Floats, more: int) -> float:
    """The estimate of b; infinite where the likelihood rises for ever.

    `share` is the likelihood over the coarse grid, and `more` as in `posterior.rates_of`.
    """
    toxic, free = 0, float(more)
    for i in range(trial.tally[INFUSED]):
        if trial.settled[i]:
            toxic += trial.what[i] == DLT
            free += trial.what[i] == COMPLETE
    for k in range(trial.tally[OPEN]):
        free += weights[k]
    at = model.coarse.at
    if toxic == 0:
        return np.inf if free > 0.0 else 0.0
    if free == 0.0 or score(trial, model, weights, at[0], more) <= 0.0:
        return -np.inf
    best = 0
    for point in range(share.shape[0]):
        if share[point] > share[best]:
            best = point
    best = min(max(best, 1), share.shape[0] - 2)
    low, high = at[best - 1], at[best + 1]
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        if score(trial, model, weights, middle, more) > 0.0:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


@step
def score(trial: Trial, model: Model, weights: Floats, b: float, more: int) -> float:
    """The derivative of the log likelihood by b."""
    total = more * slope(model, trial.tally[CURRENT], b, False, 1.0)
    for i in range(trial.tally[INFUSED]):
        if trial.settled[i] and trial.what[i] in (DLT, COMPLETE):
            total += slope(model, trial.level[i], b, trial.what[i] == DLT, 1.0)
    for k in range(trial.tally[OPEN]):
        total += slope(model, trial.level[trial.open[k]], b, False, weights[k])
    return total


@step
def slope(model: Model, level: int, b: float, toxic: bool, weight: float) -> float:
    """What a patient adds to the derivative."""
    steep = np.exp(b) * model.doses[level]
    if model.logistic:
        complement = 1.0 / (1.0 + np.exp(model.intercept + steep))
        rate, change = 1.0 - complement, steep * complement
    else:
        complement = -np.expm1(steep)
        rate, change = np.exp(steep), steep
    if toxic:
        return change
    if weight == 0.0:
        return 0.0
    return -change * weight * rate / (1.0 - weight + weight * complement)
