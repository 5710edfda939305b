"""A simulated cohort: curves of subjects drawn from a population, sampled as a trial would.

Source: see `model`
Reading: a subject leaves at a time with constant hazard, and is not sampled after it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.between import centre, spread
from cartrial.kinetics.population.grid import lay_out
from cartrial.kinetics.population.likelihood import expected
from cartrial.kinetics.population.model import Model
from cartrial.kinetics.population.samples import Samples
from cartrial.kinetics.population.unknown import split

Floats = NDArray[np.float64]
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
    planned = _plan(sampling, rng)
    population = split(model, len(sampling.assays), vector)
    grid = lay_out(model, planned)
    mean, sd = centre(model, grid, population), spread(population)
    truth = mean + sd * rng.standard_normal((len(mean), 1, sampling.subjects))
    return Cohort(resample(model, vector, planned, truth, rng), truth[:, 0].T)


def resample(
    model: Model, vector: Floats, planned: Samples, phi: Floats, rng: np.random.Generator
) -> Samples:
    """Samples at the planned times from given log parameters, (parameters, 1, subjects)."""
    population = split(model, len(planned.assays), vector)
    grid = lay_out(model, planned)
    level = expected(model, grid, population, phi)[0]
    log_value = level + np.exp(population.log_residual)[grid.assay] * rng.standard_normal(
        level.shape
    )
    taken = grid.quantified | grid.censored
    row, column = np.nonzero(taken)
    value = np.exp(log_value[row, column])
    lloq = _in_rows(planned)
    return Samples(
        planned.subjects,
        planned.assays,
        row,
        grid.assay[row, column],
        grid.time[row, column],
        np.where(value < lloq, np.nan, value),
        lloq,
        planned.covariates,
        planned.starts,
    )


def _plan(sampling: Sampling, rng: np.random.Generator) -> Samples:
    """The samples that will be taken, their values still 1."""
    count, assays = sampling.subjects, len(sampling.assays)
    hazard = -np.log1p(-sampling.leave) / 365.25
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


def _in_rows(planned: Samples) -> Floats:
    """The LLOQ of the samples in the order of the grid."""
    order = np.lexsort((planned.assay, planned.time, planned.subject))
    return planned.lloq[order]
