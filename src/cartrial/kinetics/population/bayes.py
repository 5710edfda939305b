"""Fit by full Bayes: draws from the posterior by NUTS, with the checks that they have to pass.

The arithmetic is single precision; where a check fails, the fit is made again in double precision
and with shorter steps. The sampler is the extra `bayes`.
"""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np

from cartrial.errors import RuleError
from cartrial.kinetics.population.fit import Fit, estimates, refusal
from cartrial.kinetics.population.model.between import centre, shrinkage
from cartrial.kinetics.population.model.enough import check_samples
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.prior import PUBLISHED, Prior
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.model.unknown import split
from cartrial.kinetics.population.nuts.convergence import check_chains
from cartrial.kinetics.population.nuts.effort import Effort

SURER = 0.95  # aim of the second attempt
FAULT = "the chains did not settle"
REMEDY = "Draw more, take narrower priors, or leave out what the samples do not show"


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
        refused = refusal(checks, fault=FAULT, remedy=REMEDY)
        if refused is None:
            break
    vectors = drawn.vectors.reshape(-1, drawn.vectors.shape[-1])
    individuals = drawn.individuals.reshape(-1, *drawn.individuals.shape[2:])
    population = split(model, assays, vectors)
    away = individuals.transpose(2, 0, 1) - centre(model, found.grid, population)
    shrunk = shrinkage(away.mean(axis=1), np.median(population.log_between, axis=0))
    shown = estimates(model, prior, samples.assays, vectors, shrinkage=shrunk)
    return Fit("bayes", model, prior, samples, shown, vectors, individuals, checks, refused)


def require_sampler() -> None:
    """Raise where the extra is not installed."""
    if find_spec("jax") is None or find_spec("numpyro") is None:
        raise RuleError(
            "engine bayes: must have the extra `bayes` installed, got none. "
            "Install it: pip install cartrial[bayes]"
        )
