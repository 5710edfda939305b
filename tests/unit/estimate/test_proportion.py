import pytest

from cartrial.errors import DataError
from cartrial.estimate.proportion import Proportion, estimate_proportion


def test_nobody_affected_leaves_a_one_sided_upper_limit():
    # P(0 of 3) = (1 - rate)^3 = 1/8 at rate 1/2, so the level is 1 - 2/8
    found = estimate_proportion(x=0, n=3, level=3 / 4)
    assert found.rate == 0
    assert found.lower == 0
    assert found.upper == pytest.approx(1 / 2, abs=1e-12)


def test_all_affected_leaves_a_one_sided_lower_limit():
    found = estimate_proportion(x=3, n=3, level=3 / 4)
    assert found.rate == 1
    assert found.lower == pytest.approx(1 / 2, abs=1e-12)
    assert found.upper == 1


def test_one_of_two_has_limits_that_solve_a_square():
    # P(1 or 2 of 2) = 1 - (1 - rate)^2 = 7/16 at rate 1/4, so the level is 1 - 2 * 7/16
    found = estimate_proportion(x=1, n=2, level=1 / 8)
    assert (found.lower, found.upper) == pytest.approx((1 / 4, 3 / 4), abs=1e-12)


def test_without_anybody_the_rate_is_missing_with_its_reason():
    assert estimate_proportion(x=0, n=0) == Proportion(
        x=0,
        n=0,
        rate=None,
        lower=None,
        upper=None,
        level=0.95,
        why_missing="not estimable: nobody to count",
    )


def test_more_affected_than_there_are_is_refused():
    with pytest.raises(DataError) as caught:
        estimate_proportion(x=4, n=3)
    assert str(caught.value) == ("proportion: x must be 0 to 3, the number of subjects, got 4")


def test_a_negative_count_is_refused():
    with pytest.raises(DataError):
        estimate_proportion(x=-1, n=3)
