"""Fit by the fast engine, with the checks that it has to pass.

    distance from the mode   how far the best population still is, in standard errors
    drift                    how far the estimate moved over the second half of its last steps
    moves accepted           the least share over subjects; near 0 a subject's chains stand still

A fit that fails one is refused.
"""

import numpy as np

from cartrial.kinetics.population.fit import Check, Fit, estimates, refusal
from cartrial.kinetics.population.model.between import centre, shrinkage
from cartrial.kinetics.population.model.enough import check_samples
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.prior import PUBLISHED, Prior
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.model.unknown import split
from cartrial.kinetics.population.saem.objective import objective_of
from cartrial.kinetics.population.saem.phases import Effort, Found, find, scatter

FARTHEST = 0.5  # standard errors
LEAST_ACCEPTED = 0.02
FAULT = "the fit did not settle"
REMEDY = "Fit again with another --seed, or a simpler model"


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
    objective = objective_of(model, samples, prior)
    found = find(objective, effort, rng)
    draws, individuals = scatter(objective, found, effort, rng)
    checks = _checks(found)
    population = split(model, len(samples.assays), found.vector)
    away = found.kept.mean(axis=(0, 2)) - centre(model, objective.grid, population)[:, 0]
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
            shrinkage=shrinkage(away, population.log_between),
        ),
        draws,
        individuals,
        checks,
        refusal(checks, fault=FAULT, remedy=REMEDY),
    )


def _checks(found: Found) -> tuple[Check, ...]:
    least = float(found.accepted.min())
    return (
        Check("distance from the mode", found.distance, FARTHEST, found.distance <= FARTHEST),
        Check("drift of the estimate", found.drift, FARTHEST, found.drift <= FARTHEST),
        Check("least share of moves accepted", least, LEAST_ACCEPTED, least >= LEAST_ACCEPTED),
    )
