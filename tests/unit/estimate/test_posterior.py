"""Posteriors with closed forms."""

import pytest

from cartrial.errors import DataError
from cartrial.estimate.posterior import estimate_posterior, probability_above


def test_the_mean_is_the_share_of_the_subjects_and_of_those_the_prior_is_worth():
    assert estimate_posterior(x=3, n=4).mean == pytest.approx(4 / 6)
    assert estimate_posterior(x=3, n=4, prior=(0.5, 4.5)).mean == pytest.approx(3.5 / 9)


def test_all_of_n_with_a_uniform_prior_has_a_power_as_distribution():
    # Beta(n + 1, 1): P(rate <= r) = r^(n + 1)
    assert probability_above(1 / 2, x=3, n=3) == pytest.approx(15 / 16)
    found = estimate_posterior(x=3, n=3, level=0.5)
    assert (found.lower, found.upper) == pytest.approx(((1 / 4) ** 0.25, (3 / 4) ** 0.25))


def test_none_of_n_with_a_uniform_prior_is_its_mirror():
    assert probability_above(1 / 2, x=0, n=3) == pytest.approx(1 / 16)
    found = estimate_posterior(x=0, n=3, level=0.5)
    assert (found.lower, found.upper) == pytest.approx((1 - (3 / 4) ** 0.25, 1 - (1 / 4) ** 0.25))


def test_one_of_two_with_a_uniform_prior_is_a_cubic():
    # Beta(2, 2): P(rate <= r) = 3 r^2 - 2 r^3
    assert probability_above(1 / 4, x=1, n=2) == pytest.approx(1 - 5 / 32)


def test_nobody_seen_leaves_the_prior():
    found = estimate_posterior(x=0, n=0)
    assert (found.mean, found.lower, found.upper) == pytest.approx((0.5, 0.025, 0.975))


def test_more_affected_than_there_are_is_refused():
    with pytest.raises(DataError) as fault:
        estimate_posterior(x=4, n=3)
    assert str(fault.value) == "posterior: x must be 0 to 3, the number of subjects, got 4"
