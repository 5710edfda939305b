"""How likely the samples are, given the parameters of their subjects.

A quantified value is normal on the log scale around the curve times the assay's scale. Of a value
below quantification only that is known: it counts with the probability of lying below its LLOQ
(method M3).

Source: Beal 2001, J Pharmacokinet Pharmacodyn 28:481-504 (M3)
"""

from dataclasses import dataclass
from math import log, pi

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

from cartrial.kinetics.population.model.curve import log_concentration
from cartrial.kinetics.population.model.grid import Grid
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.unknown import Population

Floats = NDArray[np.float64]
LOG_ROOT_2PI = log(2 * pi) / 2


def log_likelihood(model: Model, grid: Grid, population: Population, phi: Floats) -> Floats:
    """The log-likelihood of each subject's samples, (chains, subjects).

    `phi` are log parameters, (parameters, chains, subjects); the population is one vector, or one
    for each chain.
    """
    sigma = per_sample(grid, population.log_residual)
    miss = (grid.log_value - expected(model, grid, population, phi)) / np.exp(sigma)
    terms = np.where(grid.quantified, -0.5 * miss * miss - sigma - LOG_ROOT_2PI, 0.0)
    row, column = np.nonzero(grid.censored)
    terms[:, row, column] = log_ndtr(miss[:, row, column])
    return np.asarray(terms.sum(axis=-1))


def expected(model: Model, grid: Grid, population: Population, phi: Floats) -> Floats:
    """The expected log value of each sample, (chains, subjects, samples)."""
    factors = [
        np.asarray(one)[..., None, None] for one in np.moveaxis(population.log_factors, -1, 0)
    ]
    curve = log_concentration(
        np,
        model,
        phi[..., None],
        grid.time,
        starts=list(grid.starts[..., None]),
        log_factors=factors,
    )
    if population.log_scales.shape[-1]:
        first = np.zeros((*population.log_scales.shape[:-1], 1))
        scales = np.concatenate([first, population.log_scales], axis=-1)
        curve = curve + per_sample(grid, scales)
    return np.asarray(curve)


def per_sample(grid: Grid, of_assay: Floats) -> Floats:
    """A number of each assay, (assays) or (chains, assays), at every sample of the grid."""
    if of_assay.shape[-1] == 1:
        return of_assay[..., None]
    return np.asarray(of_assay[..., grid.assay])


@dataclass(frozen=True)
class Slopes:
    """First and second derivatives of each sample's log-likelihood, signs of the second turned.

    By the expected log value (`level`) and by the log of the residual error (`spread`); each is
    (chains, subjects, samples).
    """

    level: Floats
    spread: Floats
    level_level: Floats
    level_spread: Floats
    spread_spread: Floats


def slopes(model: Model, grid: Grid, population: Population, phi: Floats) -> Slopes:
    """The derivatives of the log-likelihood; `phi` as in `log_likelihood`."""
    sigma = np.exp(per_sample(grid, population.log_residual))
    u = (grid.log_value - expected(model, grid, population, phi)) / sigma
    hazard = np.zeros_like(u)
    row, column = np.nonzero(grid.censored)
    below = u[:, row, column]
    hazard[:, row, column] = np.exp(-0.5 * below * below - LOG_ROOT_2PI - log_ndtr(below))
    bend = hazard * (u + hazard)
    seen = grid.quantified
    return Slopes(
        level=(np.where(seen, u, 0.0) - hazard) / sigma,
        spread=np.where(seen, u * u - 1, 0.0) - u * hazard,
        level_level=(seen + bend) / sigma**2,
        level_spread=(np.where(seen, 2 * u, 0.0) - hazard + u * bend) / sigma,
        spread_spread=np.where(seen, 2 * u * u, 0.0) + u * u * bend - u * hazard,
    )
