"""Posterior of a proportion: what is believed of a rate after `x` of `n`, from a beta prior.

With a Beta(a, b) prior the posterior is Beta(a + x, b + n - x): the prior is worth a + b subjects,
a of them with the outcome. The interval is equal-tailed: it leaves out the same probability on
either side.

Source: Gelman 2013, Bayesian Data Analysis, 3rd edition, section 2.4.
"""

from dataclasses import dataclass

from scipy.special import betaincc, betaincinv

from cartrial.errors import DataError

Prior = tuple[float, float]
UNIFORM: Prior = (1.0, 1.0)


@dataclass(frozen=True)
class Posterior:
    """The rate of `x` among `n` as believed after seeing them; with nobody it is the prior."""

    x: int
    n: int
    prior: Prior
    mean: float
    lower: float
    upper: float
    level: float


def estimate_posterior(*, x: int, n: int, prior: Prior = UNIFORM, level: float = 0.95) -> Posterior:
    """The posterior mean of the rate, with its equal-tailed interval."""
    a, b = posterior(x=x, n=n, prior=prior)
    tail = (1 - level) / 2
    lower, upper = float(betaincinv(a, b, tail)), 1 - float(betaincinv(b, a, tail))
    return Posterior(x, n, prior, a / (a + b), lower, upper, level)


def probability_above(limit: float, *, x: int, n: int, prior: Prior = UNIFORM) -> float:
    """The posterior probability that the rate is above a limit."""
    a, b = posterior(x=x, n=n, prior=prior)
    return float(betaincc(a, b, limit))


def posterior(*, x: int, n: int, prior: Prior) -> Prior:
    """The two parameters of the beta distribution of the rate."""
    if not 0 <= x <= n:
        raise DataError(f"posterior: x must be 0 to {n}, the number of subjects, got {x}")
    return prior[0] + x, prior[1] + n - x
