"""The likelihood of samples, and its slopes."""

import numpy as np
import pytest
from scipy.stats import norm

from cartrial.kinetics.population.model.between import centre, spread
from cartrial.kinetics.population.model.grid import lay_out
from cartrial.kinetics.population.model.likelihood import expected, log_likelihood, slopes
from cartrial.kinetics.population.model.model import Effect, Model
from cartrial.kinetics.population.model.samples import Samples
from cartrial.kinetics.population.model.unknown import split, unknowns
from cartrial.kinetics.population.saem.score import complete
from tests.unit.kinetics.population.cohorts import cohort, vector

MODEL = Model(lag=True, effects=(Effect("dose", "cmax"),), treatments=("tocilizumab",))
ASSAYS = ("qPCR", "flow")
STEP = 1e-5


@pytest.fixture
def joint():
    made = cohort(
        6,
        model=MODEL,
        assays=ASSAYS,
        lloq=(50.0, 1.0),
        covariates={"dose": np.linspace(-1, 1, 6)},
        starts={"tocilizumab": np.array([4, 5, 6, np.inf, 8, np.inf])},
    )
    rng = np.random.default_rng(3)
    phi = made.truth.T[:, None, :] + 0.1 * rng.standard_normal((7, 3, 6))
    return lay_out(MODEL, made.samples), vector(MODEL, ASSAYS), phi


def test_a_value_below_quantification_counts_with_its_probability():
    model = Model()
    samples = Samples(
        ("1", "2"),
        ("qPCR",),
        np.array([0, 0, 1]),
        np.array([0, 0, 0]),
        np.array([7.0, 11.0, 3.0]),
        np.array([900.0, 40_000.0, np.nan]),
        np.array([50.0, 50.0, 50.0]),
    )
    grid, population = lay_out(model, samples), split(model, 1, vector(model))
    phi = centre(model, grid, population)
    curve = expected(model, grid, population, phi)[0]
    got = log_likelihood(model, grid, population, phi)[0]
    seen = norm.logpdf(np.log([900, 40_000]), curve[0], 0.5).sum()
    assert got == pytest.approx([seen, norm.logcdf(np.log(50), curve[1, 0], 0.5)])


def test_the_slopes_are_those_of_the_log_likelihood(joint):
    """By the log of both residual errors: first and second differences."""
    grid, at, phi = joint
    by = slopes(MODEL, grid, split(MODEL, 2, at), phi)

    def total(step):
        moved = at.copy()
        moved[-2:] += step
        return log_likelihood(MODEL, grid, split(MODEL, 2, moved), phi)

    first = (total(STEP) - total(-STEP)) / (2 * STEP)
    assert by.spread.sum(axis=-1) == pytest.approx(first, rel=1e-5, abs=1e-5)
    second = (total(1e-3) - 2 * total(0) + total(-1e-3)) / 1e-6
    assert by.spread_spread.sum(axis=-1) == pytest.approx(-second, rel=1e-3, abs=1e-3)


def test_the_score_is_the_slope_of_the_complete_likelihood(joint):
    grid, at, phi = joint

    def total(moved):
        population = split(MODEL, 2, moved)
        mean, sd = centre(MODEL, grid, population), spread(population)
        between = norm.logpdf(phi, mean, sd).sum(axis=0)
        return log_likelihood(MODEL, grid, population, phi) + between

    got = complete(MODEL, grid, 2, at, phi)
    for place, one in enumerate(unknowns(MODEL, ASSAYS)):
        ends = [at + sign * STEP * (np.arange(at.size) == place) for sign in (-1, 1)]
        slope = (total(ends[1]) - total(ends[0])) / (2 * STEP)
        assert got.score[place] == pytest.approx(slope, rel=1e-4, abs=1e-4), one.name
    assert got.information == pytest.approx(got.information.T)
