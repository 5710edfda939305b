"""Firth's logistic regression on tables that can be worked by hand, in fractions."""

from fractions import Fraction

import pytest

from cartrial.errors import DataError
from cartrial.kinetics.odds import odds_by_doubling


def test_two_exposures_are_the_table_with_a_half_in_each_cell():
    #            yes  no
    # exposure 1   3   7
    # exposure 2   6   2
    found = odds_by_doubling([1] * 10 + [2] * 8, [1] * 3 + [0] * 7 + [1] * 6 + [0] * 2)
    half = Fraction(1, 2)
    expected = (6 + half) / (2 + half) * (7 + half) / (3 + half)
    assert found.ratio == pytest.approx(float(expected))
    assert (found.n, found.yes) == (18, 9)


def test_a_doubling_is_a_doubling():
    outcome = [1] * 3 + [0] * 7 + [1] * 6 + [0] * 2
    by_two = odds_by_doubling([1] * 10 + [2] * 8, outcome)
    by_four = odds_by_doubling([5] * 10 + [20] * 8, outcome)
    assert by_four.ratio == pytest.approx(by_two.ratio**0.5)
    assert by_four.upper == pytest.approx(by_two.upper**0.5)


def test_outcomes_that_exposure_parts_wholly_have_an_estimate():
    found = odds_by_doubling([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1])
    assert found.ratio > 1
    assert found.lower < 1 < found.upper


def test_turning_the_outcome_round_inverts_the_ratio():
    exposure, outcome = [1, 3, 2, 8, 5, 9, 4], [0, 0, 1, 1, 0, 1, 0]
    one = odds_by_doubling(exposure, outcome)
    other = odds_by_doubling(exposure, [1 - y for y in outcome])
    assert one.ratio == pytest.approx(1 / other.ratio)
    assert one.lower == pytest.approx(1 / other.upper)


@pytest.mark.parametrize(
    ("exposure", "outcome", "why"),
    [
        ([1, 2, 3], [1, 1, 1], "all have the same outcome"),
        ([], [], "all have the same outcome"),
        ([2, 2, 2], [0, 1, 1], "all have the same exposure"),
    ],
)
def test_nothing_to_estimate_has_its_reason(exposure, outcome, why):
    found = odds_by_doubling(exposure, outcome)
    assert (found.ratio, found.why_missing) == (None, why)


def test_an_exposure_of_0_has_no_logarithm():
    with pytest.raises(DataError, match=r"^odds: an exposure must be above 0, got 0$"):
        odds_by_doubling([0, 1], [0, 1])
