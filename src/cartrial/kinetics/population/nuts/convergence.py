"""Whether chains have found the posterior: R-hat, effective sample sizes, divergences.

    R-hat       chains agree with each other and with themselves: 1.01 or less
    bulk ESS    independent draws that the middle is worth: 400 or more
    tail ESS    the same of the 5 % and the 95 % quantile: 400 or more
    divergences the sampler lost the curvature: at most 0.2 % of the draws

A fit that fails one is refused. R-hat is the larger of that of the ranks and of the folded ranks.
The parameters of the subjects are held to wider limits: there are hundreds, and the worst of them
is looked at.

Source: Vehtari 2021, Bayesian Anal 16:667-718. doi:10.1214/20-BA1221; Geyer 1992, Stat Sci
    7:473-483 (sums of autocorrelations in pairs)
Reading: a parameter that does not move has no R-hat and no sample size, and fails.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

from cartrial.kinetics.population.fit import Check

Floats = NDArray[np.float64]
RHAT, ESS, DIVERGENT = 1.01, 400.0, 0.002
RHAT_SUBJECT, ESS_SUBJECT = 1.05, 100.0
TAILS = (0.05, 0.95)


def check_chains(vectors: Floats, individuals: Floats, divergent: int) -> tuple[Check, ...]:
    """The checks of draws, (chains, draws, ...), the population's and the subjects'."""
    draws = vectors.shape[0] * vectors.shape[1]
    ours, theirs = mixing(vectors), mixing(individuals.reshape(*vectors.shape[:2], -1))
    return (
        _at_most("R-hat", ours.rhat, RHAT),
        _at_least("bulk ESS", ours.bulk, ESS),
        _at_least("tail ESS", ours.tail, ESS),
        _at_most("R-hat of a subject", theirs.rhat, RHAT_SUBJECT),
        _at_least("bulk ESS of a subject", theirs.bulk, ESS_SUBJECT),
        _at_most("share of divergent draws", divergent / draws, DIVERGENT),
    )


@dataclass(frozen=True)
class Mixing:
    """How well chains mixed: the worst over all quantities."""

    rhat: float
    bulk: float
    tail: float


def mixing(draws: Floats) -> Mixing:
    """The worst R-hat and least effective sample sizes of draws, (chains, draws, quantities)."""
    halves = split_chains(draws)
    ranks = normal_ranks(halves)
    folded = normal_ranks(np.abs(halves - np.median(halves, axis=(0, 1))))
    tails = [
        effective_size((halves <= np.quantile(halves, tail, axis=(0, 1))).astype(float))
        for tail in TAILS
    ]
    return Mixing(
        rhat=float(np.maximum(scale_reduction(ranks), scale_reduction(folded)).max()),
        bulk=float(effective_size(ranks).min()),
        tail=float(np.minimum(*tails).min()),
    )


def split_chains(draws: Floats) -> Floats:
    """Each chain as two: (2 chains, draws / 2, quantities)."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def normal_ranks(draws: Floats) -> Floats:
    """Each draw as the normal quantile of its rank over all chains."""
    chains, count, quantities = draws.shape
    ranks = rankdata(draws.reshape(-1, quantities), axis=0)
    return np.asarray(ndtri((ranks - 0.375) / (chains * count + 0.25))).reshape(draws.shape)


def scale_reduction(draws: Floats) -> Floats:
    """R-hat of each quantity: the variance of all over that within chains, its root."""
    within, overall = _variances(draws)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.sqrt(overall / within)
    return np.asarray(np.where(within > 0, found, np.inf))


def effective_size(draws: Floats) -> Floats:
    """The effective sample size of the mean of each quantity."""
    chains, count, _ = draws.shape
    within, overall = _variances(draws)
    covariance = _autocovariance(draws).mean(axis=0) * count / (count - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = 1 - (within - covariance) / overall
    correlation[0] = 1
    pairs = correlation[: count // 2 * 2].reshape(count // 2, 2, -1).sum(axis=1)
    positive = np.logical_and.accumulate(pairs > 0, axis=0)
    falling = np.minimum.accumulate(np.where(positive, pairs, 0), axis=0)
    time = np.maximum(2 * falling.sum(axis=0) - 1, 1 / np.log10(chains * count))
    return np.asarray(np.where(within > 0, chains * count / time, 0.0))


def _variances(draws: Floats) -> tuple[Floats, Floats]:
    """Of each quantity: within chains, and overall."""
    count = draws.shape[1]
    within = draws.var(axis=1, ddof=1).mean(axis=0)
    between = draws.mean(axis=1).var(axis=0, ddof=1)
    return np.asarray(within), np.asarray(within * (count - 1) / count + between)


def _autocovariance(draws: Floats) -> Floats:
    """At each lag: (chains, lags, quantities)."""
    count = draws.shape[1]
    centred = draws - draws.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, 2 * count, axis=1)
    return np.asarray(np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :count] / count)


def _at_most(name: str, value: float, limit: float) -> Check:
    return Check(name, value, limit, value <= limit)


def _at_least(name: str, value: float, limit: float) -> Check:
    return Check(name, value, limit, value >= limit)
