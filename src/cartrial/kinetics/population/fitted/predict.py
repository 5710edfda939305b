"""Curves of a fit: each subject's, with its interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.fit import LEVEL, Fit
from cartrial.kinetics.population.model.curve import log_concentration
from cartrial.kinetics.population.model.unknown import split

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curves:
    """Concentrations of the first assay: the median of the draws and a central interval.

    Each is (subjects, times).
    """

    time: Floats
    median: Floats
    low: Floats
    high: Floats


def predict(fit: Fit, times: Floats, *, level: float = LEVEL) -> Curves:
    """The curve of every subject, without the residual error."""
    subjects = len(fit.samples.subjects)
    each = [_summary(curve_draws(fit, place, times), level) for place in range(subjects)]
    return Curves(times, *np.stack(each, axis=1))


def curve_draws(fit: Fit, subject: int, times: Floats) -> Floats:
    """The draws of the curve of one subject, (draws, times)."""
    population = split(fit.model, len(fit.samples.assays), fit.draws)
    log_level = log_concentration(
        np,
        fit.model,
        fit.individuals[:, subject].T[..., None],
        times,
        starts=[fit.samples.starts[name][subject] for name in fit.model.treatments],
        log_factors=[one[:, None] for one in population.log_factors.T],
    )
    return np.asarray(np.exp(log_level))


def _summary(drawn: Floats, level: float) -> Floats:
    """Median, low and high end of draws, along their first axis."""
    return np.quantile(drawn, (0.5, (1 - level) / 2, (1 + level) / 2), axis=0)
