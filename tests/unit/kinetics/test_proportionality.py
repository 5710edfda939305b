from math import log

import pytest

from cartrial.errors import DataError
from cartrial.kinetics.proportionality import fit_power_model


def test_twice_the_dose_twice_the_peak_is_proportional():
    found = fit_power_model([1, 1, 2, 2, 4, 4], [10, 11, 20, 22, 40, 44])
    assert found.slope == pytest.approx(1)
    assert found.region == pytest.approx((1 - log(1.25) / log(4), 1 + log(1.25) / log(4)))
    assert found.verdict == "within"


def test_no_dependence_on_dose_is_not_proportional():
    found = fit_power_model([1, 1, 2, 2, 4, 4], [10, 11, 11, 10, 10, 11])
    assert found.slope == pytest.approx(0, abs=0.05)
    assert found.verdict == "outside"


def test_a_wide_interval_tells_nothing():
    found = fit_power_model([1, 1, 2, 2, 4, 4], [1, 100, 100, 1, 2, 300])
    assert found.verdict == "not told"


@pytest.mark.parametrize(
    ("dose", "parameter", "why"),
    [
        ([1, 1, 1], [3, 4, 5], "one dose only"),
        ([], [], "no subject with both"),
    ],
)
def test_one_dose_is_not_estimable(dose, parameter, why):
    found = fit_power_model(dose, parameter)
    assert (found.slope, found.why_missing, found.verdict) == (None, why, "not told")


def test_two_subjects_have_a_slope_and_no_interval():
    found = fit_power_model([1, 2], [10, 40])
    assert found.slope == pytest.approx(2)
    assert (found.lower, found.why_missing) == (None, "no interval: 2 subjects")


def test_a_dose_of_0_has_no_logarithm():
    with pytest.raises(DataError, match=r"^power model: a dose must be above 0, got 0$"):
        fit_power_model([0, 1, 2], [1, 2, 3])
