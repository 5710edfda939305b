"""How much the prior has to say: what moves when it counts more, and what the samples added.

Raising the prior to a power a little above 1 weighs each draw anew; the mean of a parameter then
moves by its covariance with the log prior density. Told is the move, in posterior standard
deviations, when the prior counts twice, and the share of the prior variance that is left. A
parameter is driven by its prior where half of that variance or more is left.

Source: Kallioinen 2024, Stat Comput 34:57 (power-scaling). doi:10.1007/s11222-023-10366-5
Reading: the first-order move, by the covariance, in place of weights; the prior of the population
    alone is raised, not that of subjects around it.
"""

from dataclasses import dataclass
from math import log

import numpy as np

from cartrial.kinetics.population.fit import Fit

MOST_LEFT = 0.5  # of the prior variance


@dataclass(frozen=True)
class Sensitivity:
    """What the prior does to one parameter of the population."""

    name: str
    move: float  # posterior standard deviations, when the prior counts twice
    variance_left: float  # of the prior, 0 to 1 or above
    prior_driven: bool


def sensitivity(fit: Fit) -> tuple[Sensitivity, ...]:
    """Of each parameter of the population, from the draws of a fit."""
    assays = fit.samples.assays
    mean, sd = fit.prior.mean(fit.model, assays), fit.prior.sd(fit.model, assays)
    away = (fit.draws - mean) / sd
    log_prior = -0.5 * (away**2).sum(axis=1)
    spread = away.std(axis=0)
    covariance = ((away - away.mean(axis=0)) * (log_prior - log_prior.mean())[:, None]).mean(axis=0)
    moves = log(2) * covariance / np.where(spread > 0, spread, np.inf)
    return tuple(
        Sensitivity(one.name, float(move), float(left), bool(left >= MOST_LEFT))
        for one, move, left in zip(fit.unknowns, moves, spread**2, strict=True)
    )
