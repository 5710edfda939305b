"""Fit by the fast engine, with the checks that it has to pass.

    distance from the mode   how far the best population still is, in standard errors
    drift                    how far the estimate moved over the second half of its last steps
    moves accepted           the least share over subjects; near 0 a subject's chains stand still

Source: shrinkage: Savic & Karlsson 2009, AAPS J 11:558-569 (1 - SD of the subjects' values / SD
    between subjects), with the mean of a subject's draws as its value
"""

import numpy as np
from numpy.typing import NDArray

from cartrial.kinetics.population.between import centre
from cartrial.kinetics.population.enough import check_samples
from cartrial.kinetics.population.fit import Check, Fit, estimates
from cartrial.kinetics.population.grid import Grid
from cartrial.kinetics.population.model import Model
from cartrial.kinetics.population.prior import PUBLISHED, Prior
from cartrial.kinetics.population.saem.climb import climb
from cartrial.kinetics.population.saem.phases import Effort, Found, find, scatter
from cartrial.kinetics.population.samples import Samples
from cartrial.kinetics.population.unknown import split

Floats = NDArray[np.float64]
FARTHEST = 0.5  # standard errors
LEAST_ACCEPTED = 0.02


def fit_fast(
    model: Model,
    samples: Samples,
    *,
    prior: Prior = PUBLISHED,
    seed: int = 1,
    effort: Effort | None = None,
) -> Fit:
    """The fit of a model to samples; the same seed gives the same numbers."""
    check_samples(model, samples)
    effort, rng = effort or Effort(), np.random.default_rng(seed)
    hill = climb(model, samples, prior)
    found = find(hill, effort, rng)
    draws, individuals = scatter(hill, found, effort, rng)
    checks = _checks(found)
    return Fit(
        "fast",
        model,
        prior,
        samples,
        estimates(
            model,
            prior,
            samples.assays,
            draws,
            value=found.vector,
            se=np.sqrt(np.diag(np.linalg.inv(found.information))),
            shrinkage=_shrinkage(model, hill.grid, len(samples.assays), found),
        ),
        draws,
        individuals,
        checks,
        _refusal(checks),
    )


def _checks(found: Found) -> tuple[Check, ...]:
    least = float(found.accepted.min())
    return (
        Check("distance from the mode", found.distance, FARTHEST, found.distance <= FARTHEST),
        Check("drift of the estimate", found.drift, FARTHEST, found.drift <= FARTHEST),
        Check("least share of moves accepted", least, LEAST_ACCEPTED, least >= LEAST_ACCEPTED),
    )


def _refusal(checks: tuple[Check, ...]) -> str | None:
    failed = [one for one in checks if not one.passed]
    if not failed:
        return None
    said = ", ".join(f"{one.name} {one.value:.2g} (limit {one.limit:g})" for one in failed)
    return f"the fit did not settle: {said}. Fit again with another --seed, or a simpler model"


def _shrinkage(model: Model, grid: Grid, assays: int, found: Found) -> Floats:
    """Of each parameter of a subject: 0 where samples decide, 1 where they say nothing."""
    population = split(model, assays, found.vector)
    middle = found.kept.mean(axis=(0, 2)) - centre(model, grid, population)[:, 0]
    return np.asarray(1 - middle.std(axis=1) / np.exp(population.log_between))
