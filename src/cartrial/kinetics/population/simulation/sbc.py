"""Simulation-based calibration: whether the posterior of full Bayes is what it says it is.

A population is drawn from the prior, a trial is simulated from it, and the model is fitted to that
trial under the same prior. Over many trials the rank of the true value among posterior draws is
uniform, for every parameter, if simulation and fit belong together. Draws are thinned so that they
are nearly independent.

The ranks are held against uniform ones by their cumulative distribution: the difference of the two
stays inside a band, everywhere at once, in 95 % of calibrations of a right sampler.

Source: Talts 2018, arXiv:1804.06788 (ranks); Säilynoja 2022, Stat Comput 32:32.
    doi:10.1007/s11222-022-10090-6 (band, by simulation)
Reading: the prior is the published one with half its standard deviations on the log scale, so that
    simulated curves look like those of patients; trials are sampled on the days of `simulate`.
    A fit counts whatever its checks say: leaving out bad ones would choose among ranks.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from cartrial.kinetics.population.bayes import require_sampler
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.prior import PUBLISHED
from cartrial.kinetics.population.model.unknown import Unknown, unknowns
from cartrial.kinetics.population.nuts.convergence import mixing
from cartrial.kinetics.population.nuts.effort import Effort
from cartrial.kinetics.population.simulation.simulate import Sampling, simulate
from cartrial.workers import spread

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MODEL = Model()
ASSAYS = ("qPCR",)
PRIOR = PUBLISHED.widened(0.5)
EFFORT = Effort(chains=2, warmup=500, draws=500)
THIN = 10
DRAWS = EFFORT.chains * EFFORT.draws // THIN  # a rank is 0 to this
LEAVE = 0.3  # of subjects in a year
LEVEL = 0.95
REPEATS, BAND_SEED = 20_000, 1  # for the band


@dataclass(frozen=True)
class Trial:
    """A simulated trial to fit."""

    subjects: int
    seed: int


@dataclass(frozen=True)
class Calibration:
    """The ranks of each parameter in each fit, (fits, parameters), and how the chains mixed."""

    ranks: Ints
    rhat: Floats
    divergent: Ints

    @property
    def parameters(self) -> tuple[Unknown, ...]:
        """The parameters, in the order of the ranks."""
        return unknowns(MODEL, ASSAYS)


@dataclass(frozen=True)
class Differences:
    """The cumulative distribution of the ranks less the uniform one, at each share.

    `difference` is (parameters, shares); `low` and `high` are the band, (shares). `chance` is how
    often a right sampler gives ranks that are further from uniform ones than those of a parameter.
    """

    share: Floats
    difference: Floats
    low: Floats
    high: Floats
    chance: Floats

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Whether each parameter keeps to the band everywhere."""
        kept = (self.difference >= self.low) & (self.difference <= self.high)
        return np.asarray(kept.all(axis=1))


def calibrate(
    *,
    fits: int,
    subjects: int,
    seed: int = 1,
    workers: int | None = 1,
    cluster: str | None = None,
    kept: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Calibration:
    """Simulate and fit so many trials; the arguments after the seed do not change what comes."""
    require_sampler()
    trials = [Trial(subjects, seed * 1_000_000 + place) for place in range(fits)]
    found = np.stack(
        spread(fit_trial, trials, workers=workers, cluster=cluster, kept=kept, progress=progress)
    )
    return Calibration(found[:, :-2].astype(np.int64), found[:, -2], found[:, -1].astype(np.int64))


def fit_trial(trial: Trial) -> Floats:
    """The rank of each true value, the R-hat of the population, and the divergent draws."""
    from cartrial.kinetics.population.nuts.chains import sample
    from cartrial.kinetics.population.nuts.coordinates import coordinates

    rng = np.random.default_rng(trial.seed)
    mean, sd = PRIOR.mean(MODEL, ASSAYS), PRIOR.sd(MODEL, ASSAYS)
    truth = mean + sd * rng.standard_normal(mean.size)
    cohort = simulate(MODEL, truth, Sampling(trial.subjects, assays=ASSAYS, leave=LEAVE), rng)
    found = coordinates(MODEL, cohort.samples, PRIOR)
    drawn = sample(MODEL, len(ASSAYS), found, EFFORT, seed=trial.seed)
    thinned = drawn.vectors[:, THIN - 1 :: THIN].reshape(DRAWS, -1)
    ranks = (thinned < truth).sum(axis=0)
    return np.array([*ranks, mixing(drawn.vectors).rhat, drawn.divergent])


def differences(ranks: Ints, *, most: int = DRAWS) -> Differences:
    """The ranks, 0 to `most`, of (fits, parameters) against uniform ones."""
    fits = len(ranks)
    share = np.arange(1, most + 1) / (most + 1)
    uniform = np.random.default_rng(BAND_SEED).integers(0, most + 1, (REPEATS, fits))
    usual = np.sort(_rarest(_counts(uniform, most), fits, share))
    limit = np.quantile(usual, 1 - LEVEL)
    counts = _counts(ranks.T, most)
    return Differences(
        share,
        counts / fits - share,
        np.asarray(binom.ppf(limit, fits, share)) / fits - share,
        np.asarray(binom.isf(limit, fits, share)) / fits - share,
        np.searchsorted(usual, _rarest(counts, fits, share)) / REPEATS,
    )


def _counts(ranks: Ints, most: int) -> Ints:
    """How many ranks of each row lie below 1, 2, ..., most: (rows, most)."""
    below = np.arange(1, most + 1)
    return np.stack([np.searchsorted(np.sort(row), below, side="left") for row in ranks])


def _rarest(counts: Ints, fits: int, share: Floats) -> Floats:
    """Of each row, the smallest chance of so low or so high a count, over the shares.

    The band has at each share the counts that are not rarer than the 5 % rarest rows of all.
    """
    tail = np.minimum(binom.cdf(counts, fits, share), binom.sf(counts - 1, fits, share))
    return np.asarray(tail.min(axis=1))


def thinning() -> str:
    """The settings in words, for a table or a figure."""
    return f"{EFFORT.chains} chains of {EFFORT.warmup} + {EFFORT.draws} draws, every {THIN}th kept"


def summary(found: Calibration) -> Sequence[tuple[Unknown, float, bool]]:
    """Of each parameter: the chance of ranks further from uniform, and whether it is inside."""
    told = differences(found.ranks)
    return [
        (one, float(chance), bool(kept))
        for one, chance, kept in zip(found.parameters, told.chance, told.inside, strict=True)
    ]
