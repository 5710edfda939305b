"""Competing risks worked by hand, as fractions."""

import numpy as np
import pytest

from cartrial.errors import DataError
from cartrial.estimate.competing import estimate_incidence, incidence_at
from cartrial.estimate.survival import estimate_survival

RELAPSE, DEATH = 1, 2

# Seven subjects: relapse at 1 and 3, death without relapse at 3 and 6; censored at 2, 3, 8.
TIME = [1, 2, 3, 3, 3, 6, 8]
CAUSE = [1, 0, 1, 2, 0, 2, 0]


def test_the_curves_by_hand():
    curve = estimate_incidence(TIME, CAUSE)
    assert curve.times.tolist() == [1, 2, 3, 6, 8]
    assert curve.n_risk.tolist() == [7, 6, 5, 2, 1]
    assert curve.n_event.tolist() == [[1, 0, 1, 0, 0], [0, 0, 1, 1, 0]]
    # relapse: 1/7, then 6/7 x 1/5; death: 6/7 x 1/5, then 18/35 x 1/2
    assert curve.incidence[0] == pytest.approx([1 / 7, 1 / 7, 11 / 35, 11 / 35, 11 / 35])
    assert curve.incidence[1] == pytest.approx([0, 0, 6 / 35, 15 / 35, 15 / 35])
    assert curve.free == pytest.approx([6 / 7, 6 / 7, 18 / 35, 9 / 35, 9 / 35])


def test_the_variance_by_hand():
    curve = estimate_incidence(TIME, CAUSE)
    # of death at time 3. Step 1, of 7: relapsed 0, else 1/5 is to come: 6/7 x 1/25 - (6/35)^2.
    # Step 3, of 5, with 6/7 still free: 1/5 died.
    first = (6 / 7 / 25 - (6 / 35) ** 2) / 7
    second = (6 / 7) ** 2 / 5 * (1 / 5) * (4 / 5)
    assert curve.std_err[1, 2] ** 2 == pytest.approx(first + second)


def test_without_censoring_it_is_the_share_with_its_binomial_error():
    curve = estimate_incidence([1, 2, 3, 4, 5], [1, 2, 1, 2, 1])
    assert curve.incidence[:, -1] == pytest.approx([3 / 5, 2 / 5])
    assert curve.std_err[:, -1] ** 2 == pytest.approx([6 / 125, 6 / 125])


def test_one_cause_alone_is_one_minus_kaplan_meier_with_all_its_numbers():
    status = [int(cause > 0) for cause in CAUSE]
    curve, survival = estimate_incidence(TIME, status), estimate_survival(TIME, status)
    assert curve.incidence[0] == pytest.approx(1 - survival.surv)
    assert curve.std_err[0] == pytest.approx(survival.std_err)
    assert curve.lower[0] == pytest.approx(1 - survival.upper)
    assert curve.upper[0] == pytest.approx(1 - survival.lower)
    assert np.isnan(curve.lower[1]).all()  # nobody had the other one


def test_a_landmark_is_read_with_who_is_at_risk_at_it():
    curve = estimate_incidence(TIME, CAUSE)
    before, at_3, after = incidence_at(curve, DEATH, [0, 3, 9])
    assert (before.incidence, before.n_risk, before.lower) == (0, 7, None)
    assert before.why_missing == "no interval: incidence is 0"
    assert (at_3.incidence, at_3.n_risk) == (pytest.approx(6 / 35), 5)
    assert at_3.lower < 6 / 35 < at_3.upper
    assert (after.incidence, after.n_risk) == (None, 0)
    assert after.why_missing == "not estimable: nobody at risk at 9; follow-up ends at 8"


def test_where_everybody_had_the_event_there_is_no_error_and_no_interval():
    [found] = incidence_at(estimate_incidence([2, 2], [1, 1]), RELAPSE, [2])
    assert (found.incidence, found.std_err, found.lower) == (1, None, None)
    assert found.why_missing == "no interval: incidence is 1"


def test_nobody_gives_an_empty_curve():
    curve = estimate_incidence([], [])
    assert curve.incidence.shape == (2, 0)
    [found] = incidence_at(curve, RELAPSE, [1])
    assert found.why_missing == "not estimable: nobody at risk at 1"


def test_a_cause_that_is_none_of_them_is_refused():
    with pytest.raises(DataError) as fault:
        estimate_incidence([1, 2], [0, 3])
    assert str(fault.value) == "incidence: cause 2 must be 0 (censored) to 2, got 3"
