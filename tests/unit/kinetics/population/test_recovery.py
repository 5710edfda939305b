"""Recovery: one fit of 200 subjects, and what becomes of it when BLQ is not censored.

docs/explanation/population-model.md shows the numbers.
"""

from dataclasses import replace

import numpy as np
import pytest

from cartrial.kinetics.population.fast import fit_fast
from cartrial.kinetics.population.model.model import Model
from tests.unit.kinetics.population.cohorts import TRUTH, cohort

SEED = 5


@pytest.fixture(scope="module")
def made():
    return cohort(200, seed=SEED)


def outside(fit):
    return {one.name for one in fit.population if not one.low <= TRUTH[one.name] <= one.high}


@pytest.mark.slow
def test_two_hundred_subjects_show_every_population_value(made):
    """Of thirteen 90 % intervals one or two miss by chance."""
    fit = fit_fast(Model(), made.samples)
    assert fit.refused is None
    assert len(outside(fit)) <= 2


@pytest.mark.slow
def test_a_model_with_lag_and_a_treatment_settles():
    """It is slow to: what lag, fold and factor do before the peak is much alike."""
    rng = np.random.default_rng(SEED)
    starts = {"tocilizumab": np.where(rng.random(100) < 0.6, rng.uniform(2, 9, 100), np.inf)}
    model = Model(lag=True, treatments=("tocilizumab",))
    fit = fit_fast(model, cohort(100, seed=SEED, model=model, starts=starts).samples)
    assert fit.refused is None
    assert len(outside(fit)) <= 4


@pytest.mark.slow
def test_half_the_limit_in_place_of_censoring_is_biased(made):
    samples = made.samples
    half = np.where(samples.below, samples.lloq / 2, samples.value)
    fit = fit_fast(Model(), replace(samples, value=half))
    assert {"beta", "fb", "foldx"} <= outside(fit)
