"""Simulated cohorts."""

import numpy as np
import pytest

from tests.unit.kinetics.population.cohorts import cohort


@pytest.fixture(scope="module")
def made():
    return cohort(18, seed=2)


def test_a_cohort_is_sampled_as_planned(made):
    samples = made.samples
    assert len(samples.subjects) == 18
    assert made.truth.shape == (18, 6)
    assert np.nanmin(samples.value) >= 50
    assert samples.below.any()
    days = samples.time[samples.subject == 0]
    assert (np.diff(days) > 0).all()


def test_the_spread_of_a_large_cohort_is_that_of_the_population():
    truth = cohort(20_000, days=(7,)).truth
    assert truth[:, 2].mean() == pytest.approx(np.log(42_500), abs=0.02)
    assert truth[:, 2].std() == pytest.approx(0.8, abs=0.02)


def test_who_has_left_is_not_sampled():
    days = (3, 365, 730)
    samples = cohort(4_000, days=days).samples
    there = [(samples.time == day).mean() * samples.time.size / 4_000 for day in days]
    assert there == pytest.approx([1, 0.7, 0.49], abs=0.03)
