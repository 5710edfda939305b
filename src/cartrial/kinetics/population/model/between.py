"""How subjects differ: the mean and the spread of their log parameters, given the population.

Source: shrinkage: Savic & Karlsson 2009, AAPS J 11:558-569, with the mean of a subject's draws as
    its value
"""

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.grid import Grid
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.unknown import Population

Floats = NDArray[np.float64]


def centre(model: Model, grid: Grid, population: Population) -> Floats:
    """The mean of each subject's log parameters, (parameters, chains or 1, subjects)."""
    typical = np.atleast_2d(population.typical).T[:, :, None]
    mean = np.repeat(typical, grid.subjects, axis=2)
    for place, effect in enumerate(model.effects):
        slope = np.atleast_1d(population.effects[..., place])[:, None]
        mean[model.parameters.index(effect.parameter)] += slope * grid.effects[place]
    return mean


def spread(population: Population) -> Floats:
    """The standard deviation of the log parameters, (parameters, chains or 1, 1)."""
    return np.asarray(np.exp(np.atleast_2d(population.log_between).T[:, :, None]))


def shrinkage(deviations: Floats, log_between: Floats) -> Floats:
    """Of each parameter: 1 - SD of the subjects' deviations from their mean / SD between subjects.

    0 where the samples decide, 1 where they say nothing; `deviations` are (parameters, subjects).
    """
    return np.asarray(1 - deviations.std(axis=1) / np.exp(log_between))
