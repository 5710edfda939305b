"""A simulated cohort: curves of subjects drawn from a population, sampled as a trial would.

Source: see `model`
Reading: a subject leaves at a time with constant hazard, and is not sampled after it, but for the
    first day, on which all are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.model.between import centre, spread
from cartrial.kinetics.population.model.grid import lay_out
from cartrial.kinetics.population.model.likelihood import expected
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.model.unknown import split

Floats = NDArray[np.float64]
YEAR = 365.25  # days
DAYS = (3, 5, 7, 10, 12, 14, 18, 21, 28, 60, 90, 180, 270, 365, 545, 730)


@dataclass(frozen=True)
class Sampling:
    """When a cohort is sampled, by which assays, and what is quantified."""

    subjects: int
    days: tuple[float, ...] = DAYS
    assays: tuple[str, ...] = ("qPCR",)
    lloq: tuple[float, ...] = (50.0,)  # of each assay
    leave: float = 0.0  # share of subjects that leave in a year
    covariates: Mapping[str, Floats] = field(default_factory=dict)
    starts: Mapping[str, Floats] = field(default_factory=dict)


@dataclass(frozen=True)
class Cohort:
    """Simulated samples, and the log parameters of the subjects: (subjects, parameters)."""

    samples: Samples
    truth: Floats


def simulate(model: Model, vector: Floats, sampling: Sampling, rng: np.random.Generator) -> Cohort:
    """A cohort from a population vector (see `unknown`)."""
    return resample(model, vector, _plan(sampling, rng), rng)


def resample(model: Model, vector: Floats, planned: Samples, rng: np.random.Generator) -> Cohort:
    """A cohort of new subjects in the places of the planned samples, which are taken in order."""
    planned = planned.in_order()
    population = split(model, len(planned.assays), vector)
    grid = lay_out(model, planned)
    mean, sd = centre(model, grid, population), spread(population)
    phi = mean + sd * rng.standard_normal((len(mean), 1, grid.subjects))
    level = expected(model, grid, population, phi)[0]
    log_value = level + np.exp(population.log_residual)[grid.assay] * rng.standard_normal(
        level.shape
    )
    taken = grid.quantified | grid.censored
    row, column = np.nonzero(taken)
    value = np.exp(log_value[row, column])
    samples = replace(planned, value=np.where(value < planned.lloq, np.nan, value))
    return Cohort(samples, phi[:, 0].T)


def _plan(sampling: Sampling, rng: np.random.Generator) -> Samples:
    """The samples that will be taken, their values still 1."""
    count, assays = sampling.subjects, len(sampling.assays)
    hazard = -np.log1p(-sampling.leave) / YEAR
    leaves = rng.exponential(1 / hazard, count) if hazard else np.full(count, np.inf)
    days = np.array(sampling.days, dtype=float)
    subject, day, assay = (
        one.ravel() for one in np.meshgrid(np.arange(count), days, np.arange(assays), indexing="ij")
    )
    stays = (day <= leaves[subject]) | (day == days[0])
    subject, day, assay = subject[stays], day[stays], assay[stays]
    width = len(str(count))
    return Samples(
        tuple(f"S{i + 1:0{width}d}" for i in range(count)),
        sampling.assays,
        subject,
        assay,
        day,
        np.ones(subject.size),
        np.array(sampling.lloq)[assay],
        sampling.covariates,
        sampling.starts,
    )
