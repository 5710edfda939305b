"""Fit by full Bayes: draws from the posterior by NUTS, with the checks that they have to pass.

The arithmetic is single precision; where a check fails, the fit is made again in double precision
and with shorter steps. The sampler is the extra `bayes`.
"""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from cartrial.errors import RuleError
from cartrial.kinetics.population.check import check_chains, refusal
from cartrial.kinetics.population.effort import Effort
from cartrial.kinetics.population.enough import check_samples
from cartrial.kinetics.population.fit import Fit, estimates
from cartrial.kinetics.population.model import Model
from cartrial.kinetics.population.prior import PUBLISHED, Prior
from cartrial.kinetics.population.samples import Samples
from cartrial.kinetics.population.unknown import split

Floats = NDArray[np.float64]
SURER = 0.95  # aim of the second attempt


def fit_bayes(
    model: Model,
    samples: Samples,
    *,
    prior: Prior = PUBLISHED,
    seed: int = 1,
    effort: Effort | None = None,
) -> Fit:
    """The posterior of a model given samples; the same seed gives the same numbers."""
    check_samples(model, samples)
    require_sampler()
    from cartrial.kinetics.population.nuts.chains import sample
    from cartrial.kinetics.population.nuts.coordinates import coordinates

    found, assays = coordinates(model, samples, prior), len(samples.assays)
    first = effort or Effort()
    for double, chosen in ((False, first), (True, replace(first, accept=SURER))):
        drawn = sample(model, assays, found, chosen, seed=seed, double=double)
        checks = check_chains(drawn.vectors, drawn.individuals, drawn.divergent)
        if refusal(checks) is None:
            break
    vectors = drawn.vectors.reshape(-1, drawn.vectors.shape[-1])
    individuals = drawn.individuals.reshape(-1, *drawn.individuals.shape[2:])
    shrinkage = _shrinkage(model, samples, vectors, individuals)
    shown = estimates(model, prior, samples.assays, vectors, shrinkage=shrinkage)
    return Fit(
        "bayes",
        model,
        prior,
        samples,
        shown,
        vectors,
        individuals,
        checks,
        refusal(checks),
    )


def require_sampler() -> None:
    """Raise where the extra is not installed."""
    if find_spec("jax") is None or find_spec("numpyro") is None:
        raise RuleError(
            "engine bayes: must have the extra `bayes` installed, got none. "
            "Install it: pip install cartrial[bayes]"
        )


def _shrinkage(model: Model, samples: Samples, vectors: Floats, individuals: Floats) -> Floats:
    """Of each parameter: 1 - SD of the subjects' mean deviations over the SD between subjects."""
    population = split(model, len(samples.assays), vectors)
    away = individuals - population.typical[:, None]
    for place, effect in enumerate(model.effects):
        slope = population.effects[:, place, None]
        away[..., model.parameters.index(effect.parameter)] -= (
            slope * samples.covariates[effect.covariate]
        )
    between = np.exp(np.median(population.log_between, axis=0))
    return np.asarray(1 - away.mean(axis=0).std(axis=0) / between)
