"""What the window and the infusion mean for a profile; the numbers are held against PKNCA."""

from fractions import Fraction

import numpy as np
import pytest

from cartrial.kinetics.nca import (
    NOTHING_QUANTIFIABLE,
    NOTHING_SAMPLED,
    PARAMETERS,
    auc_window,
    profile_from_infusion,
)


def profile(*samples: tuple[float, float]):
    time, conc = np.array(samples, dtype=float).reshape(-1, 2).T
    return profile_from_infusion(time, conc)


def parameters(*samples: tuple[float, float]):
    return {one.code: one.of(profile(*samples)) for one in PARAMETERS}


def test_before_the_infusion_there_is_no_product():
    assert profile((-0.1, 500), (7, 100)).conc.tolist() == [0, 100]
    assert profile((7, 100)).time.tolist() == [0, 7]


def test_of_two_samples_at_one_time_the_higher_counts():
    assert profile((7, 100), (7, 300)).conc.tolist() == [0, 300]


def test_a_window_sampled_to_its_end_has_an_area():
    # up to 300 on day 10, straight down to 0 after day 10 is not counted
    assert auc_window(profile((10, 300), (28, 0))).value == 1500


def test_below_quantification_after_the_end_the_curve_falls_straight_to_it():
    # from 300 on day 10 to 0 on day 40: 120 on day 28
    assert auc_window(profile((10, 300), (40, 0))).value == 1500 + 18 * (300 + 120) / 2
    # only the next sample counts, whatever is found of those after it
    assert auc_window(profile((10, 300), (40, 0), (60, 0))).value == 1500 + 18 * (300 + 120) / 2


def test_below_quantification_up_to_the_end_the_area_stops_at_the_last_quantifiable():
    assert auc_window(profile((10, 300), (27, 0), (40, 0))).value == 1500
    assert auc_window(profile((10, 300), (28, 0), (40, 0))).value == 1500


def test_a_rise_across_the_end_is_cut_on_a_straight_line():
    at_end = Fraction(14, 28) * 100
    area = Fraction(14 * 100, 2) + Fraction(14) * (100 + 100 + at_end) / 2
    assert auc_window(profile((14, 100), (42, 200))).value == pytest.approx(float(area))


def test_a_fall_across_the_end_is_cut_on_a_logarithmic_line():
    found = auc_window(profile((14, 400), (42, 100))).value
    assert found == pytest.approx(14 * 400 / 2 + 14 * (400 - 200) / np.log(2))


def test_a_window_that_nobody_sampled_to_its_end_says_so():
    found = auc_window(profile((7, 100), (21, 50)))
    assert (found.value, found.why) == (None, "sampled to day 21.0 only, not to day 28")


def test_a_last_sample_some_hours_before_the_end_closes_the_window():
    assert auc_window(profile((27.9, 100))).value == pytest.approx(27.9 * 100 / 2)


def test_nothing_quantifiable_is_not_zero():
    for found in parameters((7, 0), (28, 0)).values():
        assert (found.value, found.why) == (None, NOTHING_QUANTIFIABLE)


def test_nothing_sampled_is_not_zero():
    for found in parameters((0, 0)).values():
        assert (found.value, found.why) == (None, NOTHING_SAMPLED)


def test_a_late_second_peak_is_the_peak():
    found = parameters((10, 900), (28, 100), (60, 0), (90, 1000), (120, 0))
    assert {code: one.value for code, one in found.items() if code != "AUC028"} == {
        "CMAX": 1000,
        "TMAX": 90,
        "TLAST": 90,
    }
