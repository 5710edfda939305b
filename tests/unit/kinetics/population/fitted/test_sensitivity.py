import numpy as np
import pytest

from cartrial.kinetics.population.fit import Fit
from cartrial.kinetics.population.fitted.sensitivity import sensitivity
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.prior import PUBLISHED
from cartrial.kinetics.population.model.samples import Samples

MODEL, ASSAYS = Model(), ("qPCR",)
NOBODY = Samples((), ASSAYS, *(np.zeros(0, dtype=int),) * 2, *(np.zeros(0),) * 3)


def fit_of(scale, shift=0.0, *, draws=40_000):
    """A fit whose draws are normal: this share of the prior's spread, so many of it away."""
    mean, sd = PUBLISHED.mean(MODEL, ASSAYS), PUBLISHED.sd(MODEL, ASSAYS)
    noise = np.random.default_rng(1).standard_normal((draws, mean.size))
    vectors = mean + sd * (scale * noise + shift)
    return Fit("bayes", MODEL, PUBLISHED, NOBODY, (), vectors, np.zeros((draws, 0, 6)), ())


def test_a_posterior_that_is_the_prior_is_driven_by_it():
    assert all(one.prior_driven for one in sensitivity(fit_of(1.0)))


def test_a_posterior_that_the_samples_made_narrow_is_not():
    told = sensitivity(fit_of(0.1))
    assert not any(one.prior_driven for one in told)
    assert told[0].variance_left == pytest.approx(0.01, rel=0.05)


def test_a_posterior_far_from_the_prior_is_pulled_back_by_it():
    # normal draws: the covariance with the log prior is - shift scale^2, in spreads of the prior
    told = sensitivity(fit_of(0.5, shift=2.0))
    assert [one.move for one in told] == pytest.approx([-np.log(2) * 2 * 0.5] * len(told), abs=0.05)
