"""What the draws of the subjects say about the population: the score, and how much is known.

With the subjects' parameters known, the log-likelihood of population and samples has simple
derivatives. Their mean over conditional draws is the score of the samples alone (Fisher's
identity). Louis' formula gives the information in the samples: the mean information of the complete
data, less the variance of the complete score over the draws, which is what not knowing the subjects
costs. Subjects are independent given the population, so that their variances add up.

Source: Louis 1982, J R Stat Soc B 44:226-233
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.between import centre, spread
from cartrial.kinetics.population.model.grid import Grid
from cartrial.kinetics.population.model.likelihood import Slopes, expected, slopes
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.unknown import Population, split

Floats = NDArray[np.float64]
STEP = 1e-4  # of a log factor, for its derivative


@dataclass(frozen=True)
class Complete:
    """Score of each subject and chain (unknowns, chains, subjects), and the mean information."""

    score: Floats
    information: Floats


def complete(model: Model, grid: Grid, assays: int, vector: Floats, phi: Floats) -> Complete:
    """The complete-data score and information at a population vector; `phi` of the subjects."""
    population = split(model, assays, vector)
    derivatives = slopes(model, grid, population, phi)
    between = _between(model, grid, population, phi)
    residual = _residual(model, grid, assays, population, phi, derivatives)
    order = np.argsort(_places(model, assays), kind="stable")
    score = np.concatenate([between.score, residual.score])[order]
    p, q = len(between.information), len(residual.information)
    information = np.zeros((p + q, p + q))
    information[:p, :p], information[p:, p:] = between.information, residual.information
    return Complete(score, information[np.ix_(order, order)])


def _places(model: Model, assays: int) -> list[int]:
    """Where in the vector stand: typical, effects, between; then factors, scales, residual."""
    p, e, k = len(model.parameters), len(model.effects), len(model.treatments)
    first = p + e
    scales = first + k
    between = scales + assays - 1
    return [
        *range(first),
        *range(between, between + p),
        *range(first, between),
        *range(between + p, between + p + assays),
    ]


def _between(model: Model, grid: Grid, population: Population, phi: Floats) -> Complete:
    """By the typical values, the effects and the spread between subjects."""
    sd = spread(population)
    z = (phi - centre(model, grid, population)) / sd
    p, e = len(model.parameters), len(model.effects)
    acts_on = [model.parameters.index(one.parameter) for one in model.effects]
    pull = z / sd
    by_effect = pull[acts_on] * grid.effects[:, None, :]
    score = np.concatenate([pull, by_effect, z * z - 1])
    design = np.zeros((p + e, p, grid.subjects))
    design[range(p), range(p)] = 1.0
    for place, parameter in enumerate(acts_on):
        design[p + place, parameter] = grid.effects[place]
    information = np.zeros((2 * p + e, 2 * p + e))
    weight = 1 / sd[:, 0, 0] ** 2
    information[: p + e, : p + e] = np.einsum("aps,bps,p->ab", design, design, weight)
    information[range(p + e, 2 * p + e), range(p + e, 2 * p + e)] = 2.0 * grid.subjects
    return Complete(score, information)


def _residual(
    model: Model, grid: Grid, assays: int, population: Population, phi: Floats, by: Slopes
) -> Complete:
    """By the treatments' factors, the assays' scales and the residual errors."""
    lifts = [*_factor_lifts(model, grid, population, phi)]
    lifts += [np.broadcast_to(grid.assay == a, by.level.shape) for a in range(1, assays)]
    of_assay = [grid.assay == a for a in range(assays)]
    score = [(by.level * lift).sum(axis=-1) for lift in lifts]
    score += [(by.spread * of).sum(axis=-1) for of in of_assay]
    chains, q = phi.shape[1], len(lifts)
    information = np.zeros((q + assays, q + assays))
    for a, lift in enumerate(lifts):
        for b in range(a, q):
            information[a, b] = (by.level_level * lift * lifts[b]).sum()
        for b, of in enumerate(of_assay):
            information[a, q + b] = (by.level_spread * lift * of).sum()
    for b, of in enumerate(of_assay):
        information[q + b, q + b] = (by.spread_spread * of).sum()
    information = (information + np.triu(information, 1).T) / chains
    return Complete(np.array(score), information)


def _factor_lifts(model: Model, grid: Grid, population: Population, phi: Floats) -> list[Floats]:
    """How each treatment's log factor lifts the expected log value of every sample."""
    lifts = []
    for place in range(len(model.treatments)):
        ends = []
        for step in (-STEP, STEP):
            moved = np.array(population.log_factors)
            moved[place] += step
            other = Population(
                population.typical,
                population.effects,
                moved,
                population.log_scales,
                population.log_between,
                population.log_residual,
            )
            ends.append(expected(model, grid, other, phi))
        lifts.append((ends[1] - ends[0]) / (2 * STEP))
    return lifts
