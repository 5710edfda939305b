"""When DLTs come in a simulated trial."""

import numpy as np
import pytest

from cartrial.dosing.simulation.frame import dlt_days
from cartrial.dosing.simulation.kernel.plan import SHARES
from cartrial.dosing.simulation.setting import Setting

WINDOW = 84
SHARE = np.arange(SHARES + 1) / SHARES


def days_of(rate, late=None):
    return dlt_days(rate, Setting(window=WINDOW, accrual=2, late=late))


def test_dlts_come_evenly_over_the_window_unless_said():
    np.testing.assert_allclose(days_of(0.3)[:-1], WINDOW * SHARE)


@pytest.mark.parametrize("rate", [0.01, 0.3, 0.9])
@pytest.mark.parametrize("late", [0.25, 0.5, 0.75])
def test_the_late_share_of_dlts_comes_after_half_of_the_window(rate, late):
    assert days_of(rate, late)[round((1 - late) * SHARES)] == pytest.approx(WINDOW / 2)


@pytest.mark.parametrize("late", [0.2, 0.5, 0.9])
def test_the_time_of_a_late_dlt_has_a_weibull_distribution(late):
    hazard, days = -np.log1p(-0.4 * SHARE[1:]), days_of(0.4, late)[1:-1]
    shapes = np.diff(np.log(hazard)) / np.diff(np.log(days))
    np.testing.assert_allclose(shapes, shapes[0])


@pytest.mark.parametrize("rate", [0, 1e-15, 0.3, 1])
@pytest.mark.parametrize("late", [None, 0.01, 0.99])
def test_no_dlt_comes_before_the_window_or_after_it(rate, late):
    days = days_of(rate, late)
    assert days[0] == 0
    assert np.all(np.diff(days) >= 0)
    assert np.all(days[-2:] == WINDOW)
