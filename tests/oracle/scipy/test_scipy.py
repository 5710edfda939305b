"""Rank tests and the power model agree with scipy.stats."""

import numpy as np
import pytest
from scipy import stats

from cartrial.kinetics.proportionality import fit_power_model
from cartrial.kinetics.relation import concordance, correlation

SEEDS = pytest.mark.parametrize("seed", range(8))
GRADES = [0, 0, 1, 1, 2, 3]
EVERY = 1_000  # arrangements: more than there are of 6 subjects


def as_far(sums, found) -> float:
    middle = np.mean(sums)
    return float(np.mean(np.abs(sums - middle) >= abs(found - middle) - 1e-9))


def concordant(exposure, outcome) -> float:
    above = np.sign(np.subtract.outer(exposure, exposure))
    ordered = np.greater.outer(outcome, outcome)
    return float(((above + 1) / 2)[ordered].sum())


@SEEDS
def test_two_outcomes_are_the_test_of_mann_and_whitney(seed):
    exposure = np.random.default_rng(seed).lognormal(size=18)
    yes = np.arange(18) < 5 + seed
    theirs = stats.mannwhitneyu(exposure[yes], exposure[~yes], method="exact")
    ours = concordance(exposure, yes)
    assert ours.effect == pytest.approx(theirs.statistic / (yes.sum() * (~yes).sum()))
    assert ours.p == pytest.approx(theirs.pvalue)
    assert ours.exact


@SEEDS
def test_grades_and_ties_are_every_arrangement(seed):
    exposure = np.random.default_rng(seed).integers(1, 5, size=6).astype(float)
    every = stats.permutation_test(
        (exposure,),
        lambda x: concordant(x, np.array(GRADES)),
        permutation_type="pairings",
        n_resamples=EVERY,
        vectorized=False,
    )
    ours = concordance(exposure, GRADES)
    assert ours.p == pytest.approx(as_far(every.null_distribution, every.statistic))


@SEEDS
def test_correlation(seed):
    rng = np.random.default_rng(seed)
    exposure, outcome = rng.lognormal(size=6), rng.integers(1, 6, size=6).astype(float)
    every = stats.permutation_test(
        (exposure,),
        lambda x: stats.spearmanr(x, outcome).statistic,
        permutation_type="pairings",
        n_resamples=EVERY,
        vectorized=False,
    )
    ours = correlation(exposure, outcome)
    assert ours.effect == pytest.approx(every.statistic)
    assert ours.p == pytest.approx(
        np.mean(abs(every.null_distribution) > abs(every.statistic) - 1e-9)
    )


@SEEDS
def test_power_model(seed):
    rng = np.random.default_rng(seed)
    dose = np.repeat([1.0, 2.0, 4.0], 6)
    parameter = rng.lognormal(mean=np.log(dose), size=18)
    theirs = stats.linregress(np.log(dose), np.log(parameter))
    ours = fit_power_model(dose, parameter)
    away = stats.t.ppf(0.95, 16) * theirs.stderr
    assert ours.slope == pytest.approx(theirs.slope)
    assert ours.intercept == pytest.approx(theirs.intercept)
    assert (ours.lower, ours.upper) == pytest.approx((theirs.slope - away, theirs.slope + away))
