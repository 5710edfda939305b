"""In what coordinates the posterior is sampled, and where the chains start.

A log parameter of a subject can be held as its distance from the mean of the population (it suits
the sampler where samples say little) or as itself (where they say much). In between, with a weight
w from 0 to 1 for each subject and parameter, x is normal around w (mean - reference) with standard
deviation between^w, and

    log parameter = mean + between^(1 - w) (x - w (mean - reference))

w comes from the share of the variance between subjects that the samples take away: 1 less the
posterior variance over the prior one, linearised at a rough curve through the subject's samples. It
is the square of that share, as a linearised curve tells too much of what the samples show.

Source: Papaspiliopoulos 2007, Stat Sci 22:59-73 (partial centring); Gorinova 2020, ICML (weights)
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.between import centre
from cartrial.kinetics.population.model.grid import Grid, lay_out
from cartrial.kinetics.population.model.likelihood import expected, per_sample
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.prior import Prior
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.model.unknown import Population, split

Floats = NDArray[np.float64]
STEP = 1e-4  # of a log parameter, for a slope
MOST, LEAST = 0.95, 0.0  # shares: even a well-known parameter keeps a little of the population
APART = 0.3  # standard deviations by which the chains start apart


@dataclass(frozen=True)
class Coordinates:
    """What fixes the coordinates: the samples in rows, the prior, and the weights.

    `weight` is (subjects, parameters); `rough` holds a rough value of each log parameter, alike.
    """

    grid: Grid
    mean: Floats
    sd: Floats
    weight: Floats
    rough: Floats


def coordinates(model: Model, samples: Samples, prior: Prior) -> Coordinates:
    """Coordinates that suit these samples."""
    grid = lay_out(model, samples)
    mean, sd = prior.mean(model, samples.assays), prior.sd(model, samples.assays)
    population = split(model, len(samples.assays), mean)
    rough = _rough(model, grid, population)
    return Coordinates(grid, mean, sd, _weights(model, grid, population, rough), rough)


def starts(
    model: Model, assays: int, found: Coordinates, *, chains: int, rng: np.random.Generator
) -> Floats:
    """Where each chain starts: (chains, coordinates), around the rough curves."""
    typical = slice(0, len(model.parameters))
    middle = np.zeros(found.mean.size)
    away = (np.median(found.rough, axis=0) - found.mean[typical]) / found.sd[typical]
    middle[typical] = np.clip(away, -2, 2)
    population = split(model, assays, found.mean + found.sd * middle)
    mean = centre(model, found.grid, population)[:, 0].T
    narrow = np.exp((found.weight - 1) * population.log_between)
    reference = found.mean[typical]
    x = narrow * (found.rough - mean) + found.weight * (mean - reference)
    place = np.concatenate([middle, x.ravel()])
    return np.asarray(place + APART * rng.standard_normal((chains, place.size)))


def _rough(model: Model, grid: Grid, population: Population) -> Floats:
    """The prior medians, with the peak where the subject's highest value of the first assay is."""
    rough = np.tile(np.asarray(population.typical), (grid.subjects, 1))
    seen = grid.quantified & (grid.assay == 0)
    level = np.where(seen, grid.log_value, -np.inf)
    highest = level.argmax(axis=1)
    rows = np.flatnonzero(seen.any(axis=1))
    day = grid.time[rows, highest[rows]]
    if model.lag:
        day = np.maximum(day - np.exp(rough[rows, model.parameters.index("lag")]), 1.0)
    rough[rows, model.parameters.index("rise")] = np.log(day)
    rough[rows, model.parameters.index("cmax")] = level[rows, highest[rows]]
    return rough


def _weights(model: Model, grid: Grid, population: Population, rough: Floats) -> Floats:
    """The share of each variance that the quantified samples take away: (subjects, parameters)."""
    phi = rough.T[:, None, :]
    slopes = []
    for place in range(len(phi)):
        up, down = phi.copy(), phi.copy()
        up[place] += STEP
        down[place] -= STEP
        rise = expected(model, grid, population, up) - expected(model, grid, population, down)
        slopes.append(rise[0] / (2 * STEP))
    slope = np.stack(slopes, axis=-1)  # (subjects, samples, parameters)
    known = grid.quantified / np.exp(2 * per_sample(grid, population.log_residual))
    information = np.einsum("nsp,ns,nsq->npq", slope, known, slope)
    before = np.exp(2 * np.asarray(population.log_between))
    left = np.linalg.inv(information + np.diag(1 / before))
    share = 1 - np.diagonal(left, axis1=1, axis2=2) / before
    return np.asarray(np.clip(share, LEAST, MOST) ** 2)
