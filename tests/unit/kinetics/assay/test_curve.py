"""The standard curve, worked by hand."""

import pytest

from cartrial.kinetics.assay.curve import Curve, fit_curve, standards


def test_points_on_a_line_give_it_back():
    curve = fit_curve([10, 1_000, 1_000_000], [110 / 3, 30, 20])
    assert isinstance(curve, Curve)
    assert curve.slope == pytest.approx(-10 / 3)
    assert curve.intercept == pytest.approx(40)
    assert curve.r2 == pytest.approx(1)
    assert curve.residual_sd == pytest.approx(0, abs=1e-9)
    assert curve.efficiency == pytest.approx(10 ** (3 / 10) - 1)
    assert (curve.lowest, curve.highest) == (10, 1_000_000)
    assert curve.copies(30) == pytest.approx(1_000)
    assert curve.ct(1_000) == pytest.approx(30)


def test_points_off_a_line_by_least_squares():
    # log10: 1, 2, 3; Ct: 37, 33, 31. Means 2 and 101/3; Sxy = -6, Sxx = 2, Syy = 56/3.
    curve = fit_curve([10, 100, 1_000], [37, 33, 31])
    assert isinstance(curve, Curve)
    assert curve.slope == pytest.approx(-3)
    assert curve.intercept == pytest.approx(101 / 3 + 6)
    assert curve.r2 == pytest.approx(36 / (2 * 56 / 3))
    assert curve.residual_sd == pytest.approx((2 / 3) ** 0.5)


def test_an_efficiency_of_one_doubles_each_cycle():
    curve = fit_curve([1_000, 2_000], [30, 29])
    assert isinstance(curve, Curve)
    assert curve.efficiency == pytest.approx(1)
    assert curve.residual_sd is None


@pytest.mark.parametrize(
    ("copies", "ct", "why"),
    [
        ([], [], "no standard crossed the threshold"),
        ([100, 100], [30, 31], "all standards have 100 copies: one point makes no line"),
        ([10, 100], [30, 30], "more copies hardly cross the threshold earlier, slope 0"),
        ([10, 100], [30, 34], "more copies hardly cross the threshold earlier, slope 4"),
    ],
)
def test_no_curve_has_its_reason(copies, ct, why):
    assert fit_curve(copies, ct) == why


def test_a_standard_is_told_with_its_spread_and_what_the_curve_reads():
    line = Curve(-10 / 3, 40, 1, None, 10, 1000)
    one, other = standards([100, 100, 10, 10], [33, 34, None, 110 / 3], line)
    assert (one.copies, one.wells, one.undetermined, one.sd) == (10, 2, 1, None)
    assert one.recovery == pytest.approx(1)
    assert (other.copies, other.mean, other.undetermined) == (100, 33.5, 0)
    assert other.sd == pytest.approx(0.5**0.5)
    assert other.residual == pytest.approx(33.5 - 100 / 3)  # 1/6 of a cycle late
    assert other.recovery == pytest.approx(10 ** (-1 / 20))


def test_without_a_curve_nothing_is_read_of_a_standard():
    (one,) = standards([100, 100], [33, 34], None)
    assert (one.residual, one.recovery) == (None, None)
