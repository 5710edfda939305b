"""The curve of the model against values worked by hand."""

import numpy as np
import pytest

from cartrial.kinetics.population.model.curve import log_concentration
from cartrial.kinetics.population.model.model import Model

# 2^10 fold in 10 days: it doubles each day; then half is lost each day, down to 1/8 + 1/8 x rest
LATE = {"foldx": 1024, "rise": 10, "cmax": 2048, "alpha": np.log(2), "fb": 1 / 8, "beta": 1e-9}
NEVER = np.inf


def level(time, *, lag=None, starts=(), factors=(), treatments=(), **other):
    model = Model(lag=lag is not None, treatments=treatments)
    values = {**LATE, **other, "lag": lag}
    logs = [np.log(values[name]) for name in model.parameters]
    return np.exp(
        log_concentration(
            np, model, logs, np.asarray(time), starts=starts, log_factors=np.log(factors)
        )
    )


def test_it_doubles_daily_to_the_peak_and_then_falls_to_what_persists():
    days = [0, 1, 9, 10, 11, 12, 1000]
    after_one, after_two = 2048 * (7 / 16 + 1 / 8), 2048 * (7 / 32 + 1 / 8)
    expected = [2, 4, 1024, 2048, after_one, after_two, 2048 / 8]
    assert level(days) == pytest.approx(expected)


def test_until_the_lag_ends_the_curve_stands_still():
    assert level([0, 2, 3, 4, 13], lag=3) == pytest.approx([2, 2, 2, 4, 2048])


def test_a_treatment_multiplies_the_rate_from_its_start_to_the_peak():
    """Twice the rate from day 8 on: two doublings a day, two days long, then contraction."""
    got = level(
        [7, 8, 9, 10, 11], treatments=("tocilizumab",), starts=(np.array(8.0),), factors=(2.0,)
    )
    assert got == pytest.approx([256, 512, 2048, 8192, 8192 * (7 / 16 + 1 / 8)])


@pytest.mark.parametrize("start", [10, 20, NEVER])
def test_a_treatment_from_the_peak_on_changes_nothing(start):
    days = np.array([1.0, 9, 10, 11, 100])
    got = level(days, treatments=("steroid",), starts=(np.array(float(start)),), factors=(3.0,))
    assert got == pytest.approx(level(days))


def test_two_treatments_at_once_multiply():
    """Rate 1 to day 6, 2 to day 8, then 2 x 1.5."""
    got = level(
        [10],
        treatments=("tocilizumab", "steroid"),
        starts=(np.array(6.0), np.array(8.0)),
        factors=(2.0, 1.5),
    )
    assert got == pytest.approx([2 * 2 ** (6 + 2 * 2 + 2 * 3)])


def test_a_fraction_that_persists_above_one_is_held_below_it():
    assert np.isfinite(level([11, 100], fb=3.0)).all()
