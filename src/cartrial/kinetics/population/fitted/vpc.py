"""Visual predictive check (VPC): are the samples such as the model would have made them?

Cohorts are simulated from the fit with the subjects, times and limits of the samples, new subjects
each time. In every bin of time the percentiles of the samples stand beside the interval of the same
percentile over the cohorts, and the share below quantification beside its interval.

Source: Bergstrand 2011, AAPS J 13:143-151; Bergstrand & Karlsson 2009, AAPS J 11:371-380 (a panel
    for the share below quantification)
Reading: a value below quantification is lower than every quantified one. A percentile that falls
among those below is null, for it is known only to be low; the interval of a simulated one rests on
the cohorts that have it, and is null where half of them have none.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.fit import LEVEL, Fit
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.simulation.simulate import resample

Floats = NDArray[np.float64]
PERCENTILES = (10.0, 50.0, 90.0)
COHORTS = 200
BINS = 9  # at most, with as many samples in each
FEWEST = 4  # samples in a bin


@dataclass(frozen=True)
class Band:
    """A number of the samples, and the interval and median of the same over simulated cohorts."""

    name: str  # a percentile, or below quantification
    observed: float | None
    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Bin:
    """One assay in a stretch of time."""

    assay: str
    start: float  # days
    end: float
    middle: float  # median of the times
    samples: int
    bands: tuple[Band, ...]


def check_visually(fit: Fit, *, cohorts: int = COHORTS, seed: int = 1) -> tuple[Bin, ...]:
    """The bins of every assay in the order of time."""
    rng = np.random.default_rng(seed)
    planned = fit.samples.in_order()
    simulated = [_cohort(fit, planned, rng) for _ in range(cohorts)]
    found: list[Bin] = []
    for place, assay in enumerate(planned.assays):
        for inside in _bins(planned, place):
            bands = _bands(planned.value[inside], [one[inside] for one in simulated])
            time = planned.time[inside]
            ends = float(time.min()), float(time.max()), float(np.median(time))
            found.append(Bin(assay, *ends, int(time.size), bands))
    return tuple(found)


def _cohort(fit: Fit, planned: Samples, rng: np.random.Generator) -> Floats:
    """The values of new subjects in the places of the samples; the population is a draw."""
    vector = fit.draws[rng.integers(len(fit.draws))]
    return resample(fit.model, vector, planned, rng).samples.value


def _bins(samples: Samples, assay: int) -> Iterator[NDArray[np.bool_]]:
    """Which samples lie in each bin of one assay: equal shares of them, equal times together."""
    of = samples.assay == assay
    time = samples.time[of]
    count = max(1, min(BINS, time.size // FEWEST))
    ends = np.unique(np.quantile(time, np.arange(1, count + 1) / count, method="higher"))
    before = -np.inf
    for end in ends.tolist():
        inside = of & (samples.time > before) & (samples.time <= end)
        before = end
        if inside.any():
            yield inside


def _bands(observed: Floats, simulated: list[Floats]) -> tuple[Band, ...]:
    seen, made = _numbers(observed), np.array([_numbers(one) for one in simulated])
    names = (*(f"{p:g} %" for p in PERCENTILES), "below quantification")
    return tuple(_band(name, seen[place], made[:, place]) for place, name in enumerate(names))


def _numbers(values: Floats) -> Floats:
    """The percentiles, NaN below quantification, and the share below."""
    below = np.isnan(values)
    filled = np.where(below, -np.inf, values)
    found = np.quantile(filled, np.array(PERCENTILES) / 100, method="higher")
    return np.append(np.where(np.isfinite(found), found, np.nan), below.mean())


def _band(name: str, observed: float, simulated: Floats) -> Band:
    known = simulated[np.isfinite(simulated)]
    seen = None if np.isnan(observed) else float(observed)
    if 2 * known.size <= simulated.size:
        return Band(name, seen, None, None, None)
    low, middle, high = np.quantile(known, ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2)).tolist()
    return Band(name, seen, middle, low, high)
