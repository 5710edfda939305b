"""Simulated cohorts and the visual predictive check."""

from dataclasses import replace

import numpy as np
import pytest

from cartrial.errors import DataError
from cartrial.kinetics.population.fast import fit_fast
from cartrial.kinetics.population.fitted.export import to_nlmixr2
from cartrial.kinetics.population.fitted.saved import from_json
from cartrial.kinetics.population.fitted.vpc import check_visually
from cartrial.kinetics.population.model.covariate import centred
from cartrial.kinetics.population.model.model import Effect, Model
from tests.unit.kinetics.population.cohorts import cohort


@pytest.fixture(scope="module")
def made():
    return cohort(18, seed=2)


@pytest.fixture(scope="module")
def fit(made):
    return fit_fast(Model(), made.samples)


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


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([1.0, 10.0, 100.0], [-np.log(10), 0, np.log(10)]),
        ([0.0, 1.0, 1.0], [0, 1, 1]),
        ([1.0, 1.0], [0, 0]),
        ([-1.0, 0.0, 4.0], [-2, -1, 3]),
    ],
)
def test_a_covariate_is_centred_by_its_kind(given, expected):
    assert centred(np.array(given)) == pytest.approx(expected)


def test_the_model_is_written_for_nlmixr2(fit):
    text = to_nlmixr2(fit)
    assert "t_cmax <- log(" in text
    assert "cmax <- exp(t_cmax + eta_cmax)" in text
    assert text.count("~") == 7
    assert text.count("{") == text.count("}")


def test_a_treatment_cannot_be_written_for_nlmixr2(fit, made):
    model = Model(effects=(Effect("dose", "cmax"),), treatments=("steroid",))
    with pytest.raises(DataError, match="must be of one assay without treatments"):
        to_nlmixr2(replace(fit, model=model))


@pytest.mark.parametrize(("text", "got"), [("{}", "none"), ('{"format": "other"}', "other")])
def test_another_file_is_no_saved_fit(text, got):
    with pytest.raises(DataError) as fault:
        from_json(text, place="fit.json")
    assert str(fault.value) == f"fit.json: format must be cartrial population fit 1, got {got}"
