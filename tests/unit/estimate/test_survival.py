"""Kaplan-Meier cases worked by hand, as fractions."""

from dataclasses import asdict

import numpy as np
import pytest

from cartrial.errors import DataError
from cartrial.estimate.survival import (
    at,
    at_risk,
    estimate_survival,
    quantile,
    restricted_mean,
    reverse,
)

Z = 1.959963984540054  # the 0.975 quantile of the normal distribution

# Seven subjects: events at 1, 3, 3, 6; censored at 2, 3, 8.
TIME = [1, 2, 3, 3, 3, 6, 8]
STATUS = [1, 0, 1, 1, 0, 1, 0]


def test_the_curve_by_hand():
    curve = estimate_survival(TIME, STATUS)
    assert curve.times.tolist() == [1, 2, 3, 6, 8]
    assert curve.n_risk.tolist() == [7, 6, 5, 2, 1]
    assert curve.n_event.tolist() == [1, 0, 2, 1, 0]
    assert curve.n_censor.tolist() == [0, 1, 1, 0, 1]
    assert curve.surv == pytest.approx([6 / 7, 6 / 7, 18 / 35, 9 / 35, 9 / 35])


def test_greenwood_by_hand():
    curve = estimate_survival(TIME, STATUS)
    first, second, third = 1 / (7 * 6), 2 / (5 * 3), 1 / (2 * 1)
    variance = [first, first, first + second, *[first + second + third] * 2]
    assert curve.std_err_cumhaz**2 == pytest.approx(variance)
    assert curve.std_err == pytest.approx(curve.surv * np.sqrt(variance))


def test_the_three_intervals_by_hand():
    # one event in two: S = 1/2, Greenwood's variance of the cumulative hazard 1/2
    away = Z * np.sqrt(1 / 2)
    by_hand = {
        "plain": (0, 1),  # 1/2 -+ away / 2, kept within 0 and 1
        "log": (np.exp(-away) / 2, 1),
        "log-log": (0.5 ** np.exp(away / np.log(2)), 0.5 ** np.exp(-away / np.log(2))),
    }
    for interval, limits in by_hand.items():
        curve = estimate_survival([1, 2], [1, 0], interval=interval)
        assert (curve.lower[0], curve.upper[0]) == pytest.approx(limits, abs=1e-12)


def test_a_higher_level_moves_the_limits_out_by_the_normal_quantile():
    # at S = 1/2 the distance on the log scale is z * sqrt(1/2)
    for level, z in ((0.5, 0.6744897501960817), (0.8, 1.2815515655446004), (0.95, Z)):
        curve = estimate_survival([1, 2], [1, 0], interval="log", level=level)
        assert -np.log(2 * curve.lower[0]) == pytest.approx(z * np.sqrt(1 / 2))


def test_once_nobody_is_left_there_is_no_error_and_no_interval():
    curve = estimate_survival([1, 2], [1, 1], interval="plain")
    assert curve.surv.tolist() == [1 / 2, 0]
    for numbers in (curve.std_err, curve.std_err_cumhaz, curve.lower, curve.upper):
        assert np.isnan(numbers).tolist() == [False, True]


def test_before_the_first_event_log_log_has_no_interval_and_the_others_have_none_to_give():
    assert np.isnan(estimate_survival([1, 2], [0, 1]).lower[0])
    for interval in ("log", "plain"):
        curve = estimate_survival([1, 2], [0, 1], interval=interval)
        assert (curve.lower[0], curve.upper[0]) == (1, 1)


def test_times_that_differ_by_rounding_are_one_time_the_earliest():
    curve = estimate_survival([0.1 + 0.2, 0.3, 1], [1, 0, 0])
    assert curve.times.tolist() == [0.3, 1]
    assert curve.n_event.tolist() == [1, 0]
    assert curve.n_censor.tolist() == [1, 1]


def test_rounding_is_held_against_the_mean_time():
    apart = 1e-6
    assert estimate_survival([1, 1 + apart], [1, 1]).times.size == 2
    assert estimate_survival([1000, 1000 + apart], [1, 1]).times.size == 1


def test_an_event_on_day_0_counts():
    curve = estimate_survival([0, 5, 9], [1, 0, 0])
    assert at(curve, [0])[0].surv == pytest.approx(2 / 3)
    assert at(curve, [0])[0].n_risk == 3


def test_at_risk_are_those_neither_censored_nor_with_the_event_before():
    curve = estimate_survival(TIME, STATUS)
    assert at_risk(curve, [0, 1, 1.5, 3, 4, 8, 9]).tolist() == [7, 7, 6, 5, 2, 1, 0]


def test_a_landmark_has_the_curve_just_after_it_and_those_at_risk_at_it():
    before, on, between = at(estimate_survival(TIME, STATUS, interval="plain"), [0.5, 3, 5])
    assert (before.n_risk, before.surv, before.lower, before.upper) == (7, 1, 1, 1)
    assert (on.n_risk, on.surv) == (5, pytest.approx(18 / 35))
    assert (between.n_risk, between.surv) == (2, on.surv)
    assert (between.std_err, between.lower, between.upper) == (on.std_err, on.lower, on.upper)
    assert between.std_err == pytest.approx(18 / 35 * np.sqrt(1 / 42 + 2 / 15))


@pytest.mark.parametrize(
    ("time", "status", "mark", "why"),
    [
        ([600, 640], [1, 0], 730, "not estimable: nobody at risk at 730; follow-up ends at 640"),
        (
            [600, 640],
            [1, 1],
            730,
            "not estimable: nobody at risk at 730; the last event was at 640",
        ),
        ([], [], 730, "not estimable: no subjects"),
    ],
)
def test_a_landmark_that_nobody_is_at_risk_at_is_not_estimable(time, status, mark, why):
    (found,) = at(estimate_survival(time, status), [mark])
    assert asdict(found) == {
        "time": mark,
        "n_risk": 0,
        "surv": None,
        "std_err": None,
        "lower": None,
        "upper": None,
        "why_missing": why,
    }


def test_somebody_at_risk_on_the_landmark_itself_is_enough():
    (found,) = at(estimate_survival([600, 730], [1, 0]), [730])
    assert (found.n_risk, found.surv, found.why_missing) == (1, 1 / 2, None)


def test_a_landmark_without_interval_says_why():
    early, late = at(estimate_survival([5, 9], [1, 1]), [2, 9])
    assert (early.surv, early.lower, early.upper) == (1, None, None)
    assert early.why_missing == "no interval: survival is 1"
    assert (late.surv, late.std_err, late.lower) == (0, None, None)
    assert late.why_missing == "no interval: survival is 0"


def test_the_median_is_where_the_curve_first_falls_below_a_half():
    assert quantile(estimate_survival([2, 4, 6], [1, 1, 1])).time == 4


def test_where_the_curve_is_flat_at_a_half_the_median_is_the_middle_of_the_flat():
    assert quantile(estimate_survival([2, 4, 6, 10], [1, 1, 1, 1])).time == 5


def test_a_flat_ends_at_the_next_event_not_at_a_censoring():
    # S is 1/2 from 2; censored at 3; the next event is at 8
    assert quantile(estimate_survival([1, 2, 3, 8], [1, 1, 0, 1])).time == 5


def test_a_flat_at_the_end_of_the_curve_reaches_to_the_last_time():
    assert quantile(estimate_survival([1, 2, 3, 8], [1, 1, 0, 0])).time == 5


def test_a_flat_of_a_limit_that_ends_in_no_limit_gives_none():
    # the plain lower limit is 0 from 1 on, and none from 2 on
    found = quantile(estimate_survival([1, 2], [1, 1], interval="plain"), 1)
    assert (found.time, found.lower) == (2, None)


def test_a_half_that_rounding_misses_is_still_a_half():
    # 6/7 * 5/6 * ... down to 1/2 by fractions that are not exact in binary
    time, status = np.arange(1.0, 15), [1] * 7 + [0] * 6 + [1]
    assert quantile(estimate_survival(time, status)).time == (7 + 14) / 2


def test_a_quantile_that_is_not_reached_says_so():
    found = quantile(estimate_survival([1, 2, 3], [1, 0, 0]))
    assert (found.time, found.upper) == (None, None)
    assert found.lower == 1
    assert found.why_missing == "not reached: quantile, upper limit; survival ends at 0.667"


def test_no_subjects_have_no_quantile_and_no_mean():
    nobody = estimate_survival([], [])
    assert quantile(nobody).why_missing == "not estimable: no subjects"
    assert restricted_mean(nobody).mean is None
    assert restricted_mean(nobody).why_missing == "not estimable: no subjects"


def test_the_restricted_mean_is_the_area_under_the_curve():
    curve = estimate_survival(TIME, STATUS)
    to_3, to_6, to_8 = 1 * 1 + 2 * 6 / 7, 3 * 18 / 35, 2 * 9 / 35
    assert restricted_mean(curve).mean == pytest.approx(to_3 + to_6 + to_8)
    assert restricted_mean(curve, until=4).mean == pytest.approx(to_3 + 18 / 35)
    assert restricted_mean(curve, until=0.5).mean == 0.5


def test_the_restricted_mean_does_not_go_where_nobody_is_at_risk():
    found = restricted_mean(estimate_survival(TIME, STATUS), until=10)
    assert found.mean is None
    assert found.why_missing == "not estimable: nobody at risk at 10; follow-up ends at 8"


def test_reversed_the_censored_are_the_events_and_ties_keep_their_place():
    # at 3 one is censored and two have the event: all 5 are at risk of being censored
    curve = reverse(TIME, STATUS)
    assert curve.n_event.tolist() == [0, 1, 1, 0, 1]
    assert curve.n_risk.tolist() == [7, 6, 5, 2, 1]
    assert curve.surv == pytest.approx([1, 5 / 6, 2 / 3, 2 / 3, 0])
    assert quantile(curve).time == 8


def test_status_may_be_true_and_false():
    as_flags = [bool(s) for s in STATUS]
    assert estimate_survival(TIME, as_flags).n_event.tolist() == [1, 0, 2, 1, 0]
    assert reverse(TIME, as_flags).n_event.tolist() == [0, 1, 1, 0, 1]


@pytest.mark.parametrize(
    ("time", "status", "message"),
    [
        ([1, -2], [0, 1], "survival: time 2 must be 0 or more, got -2.0"),
        ([1, None], [0, 1], "survival: time 2 must be 0 or more, got nan"),
        ([1, 2], [0, 2], "survival: status 2 must be 1 (event) or 0 (censored), got 2"),
    ],
)
def test_what_is_no_follow_up_is_refused(time, status, message):
    with pytest.raises(DataError) as caught:
        estimate_survival(time, status)
    assert str(caught.value) == message
