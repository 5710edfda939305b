"""The visual predictive check."""

import numpy as np
import pytest

from cartrial.kinetics.population.fitted.vpc import check_visually
from tests.unit.kinetics.population.cohorts import fitted_cohort


@pytest.fixture(scope="module")
def fit():
    return fitted_cohort()


def test_samples_of_the_model_lie_within_its_predictive_check(fit):
    bands = [band for one in check_visually(fit) for band in one.bands]
    known = [band for band in bands if band.observed is not None and band.low is not None]
    inside = [band.low <= band.observed <= band.high for band in known]
    assert len(known) > 20
    assert np.mean(inside) > 0.75


def test_every_sample_is_in_one_bin(fit):
    assert sum(one.samples for one in check_visually(fit, cohorts=3)) == fit.samples.time.size


def test_a_percentile_below_quantification_has_no_number(fit):
    last = check_visually(fit, cohorts=20)[-1]
    low = next(band for band in last.bands if band.name == "10 %")
    share = next(band for band in last.bands if band.name == "below quantification")
    assert low.observed is None
    assert share.observed > 0.1
