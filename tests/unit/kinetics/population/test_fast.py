"""The fast engine: what it finds, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest

from cartrial.kinetics.population.fast import fit_fast
from cartrial.kinetics.population.model.model import Effect, Model
from cartrial.kinetics.population.saem.phases import Effort
from tests.unit.kinetics.population.cohorts import TRUTH, cohort

SMALL = Effort(explore=30, approach=30, refine=40, look=30, rounds=1, draws=100, points=90)
EARLY = (14, 21, 28, 60, 90, 180, 365)  # days: none before the peak


@pytest.fixture(scope="module")
def made():
    return cohort(18)


@pytest.fixture(scope="module")
def fit(made):
    return fit_fast(Model(), made.samples)


def estimated(fit):
    return {one.name: one for one in fit.population}


def outside(fit):
    """The population values that lie outside their interval."""
    found = estimated(fit)
    return {name for name, one in found.items() if not one.low <= TRUTH[name] <= one.high}


def test_eighteen_subjects_show_the_population_that_made_them(fit):
    """Of thirteen intervals at 90 %, one or two miss."""
    assert fit.refused is None
    assert len(outside(fit)) <= 3


def test_the_intervals_of_subjects_hold_their_truth(fit, made):
    low, high = np.quantile(fit.individuals, (0.05, 0.95), axis=0)
    inside = (low <= made.truth) & (made.truth <= high)
    assert inside.mean() > 0.8


def test_the_same_seed_gives_the_same_numbers(made):
    first, second = (fit_fast(Model(), made.samples, seed=4, effort=SMALL) for _ in range(2))
    assert first.population == second.population
    assert (first.individuals == second.individuals).all()


def test_the_order_of_the_samples_changes_nothing(made):
    samples = made.samples
    order = np.random.default_rng(2).permutation(samples.time.size)
    rows = ("subject", "assay", "time", "value", "lloq")
    mixed = replace(samples, **{name: getattr(samples, name)[order] for name in rows})
    first, second = (fit_fast(Model(), one, effort=SMALL) for one in (samples, mixed))
    assert first.population == second.population


def test_a_fit_that_did_not_settle_is_refused(made):
    hasty = Effort(explore=4, approach=4, refine=2, look=4, rounds=1, draws=20, points=40)
    found = fit_fast(Model(), made.samples, effort=hasty)
    assert found.refused is not None
    assert found.refused.startswith("the fit did not settle: ")
    assert not all(check.passed for check in found.checks)


def test_without_samples_before_the_peak_the_prior_holds_the_expansion():
    """Nothing collapses: the spread stays with its prior, and shrinkage tells why."""
    found = fit_fast(Model(), cohort(18, days=EARLY).samples)
    assert found.refused is None
    spread = estimated(found)["sd_foldx"]
    assert spread.prior_low < spread.value < spread.prior_high
    assert spread.shrinkage > 0.7
    fold = estimated(found)["foldx"]
    assert (fold.high / fold.low) > 0.5 * (fold.prior_high / fold.prior_low)


def test_dose_and_a_second_assay_are_found():
    model = Model(effects=(Effect("dose", "cmax"),))
    dose = np.linspace(-1.5, 1.5, 30)
    made = cohort(
        30, model=model, assays=("qPCR", "flow"), lloq=(50.0, 1.0), covariates={"dose": dose}
    )
    found = estimated(fit_fast(model, made.samples))
    for name in ("effect_dose_on_cmax", "scale_flow", "residual_flow"):
        assert found[name].low <= TRUTH[name] <= found[name].high, name


def test_a_treatment_during_the_expansion_is_found():
    model = Model(treatments=("tocilizumab",))
    starts = np.where(np.arange(30) % 2, np.inf, np.linspace(3, 8, 30))
    made = cohort(30, model=model, starts={"tocilizumab": starts})
    found = fit_fast(model, made.samples)
    factor = estimated(found)["factor_tocilizumab"]
    assert found.refused is None
    assert factor.low <= TRUTH["factor_tocilizumab"] <= factor.high


def test_replacing_what_is_below_by_half_its_limit_is_not_the_same_model(fit, made):
    samples = made.samples
    half = np.where(samples.below, samples.lloq / 2, samples.value)
    replaced = estimated(fit_fast(Model(), replace(samples, value=half)))
    censored = estimated(fit)
    assert replaced["beta"].value < censored["beta"].low
