"""What a window means; the areas themselves are held against PKNCA."""

from fractions import Fraction

import numpy as np
import pytest

from tests.unit.kinetics.nca.courses import ANY_SLOPE, parameters


def area(subject: str, start: float = 0, end: float = 28, **setting):
    code = f"AUC0{end:g}" if start == 0 else f"A{start:g}_{end:g}"
    return parameters(subject, (start, end), **setting)[code]


def test_a_rise_across_the_end_is_cut_on_a_straight_line():
    at_end = Fraction(100) + Fraction(14, 28) * 100
    expected = Fraction(14 * 100, 2) + 14 * (100 + at_end) / 2
    assert area("14 100, 42 200") == pytest.approx(float(expected))


def test_a_fall_across_the_end_is_cut_on_a_logarithmic_line():
    assert area("14 400, 42 100") == pytest.approx(14 * 400 / 2 + 14 * (400 - 200) / np.log(2))


def test_a_linear_method_cuts_a_fall_on_a_straight_line():
    assert area("14 400, 42 100", method="linear") == pytest.approx(14 * 200 + 14 * (400 + 250) / 2)


@pytest.mark.parametrize("after", ["14 BLQ", "28 BLQ", "40 BLQ", "180 BLQ", "40 BLQ, 60 BLQ"])
def test_after_the_last_quantifiable_nothing_is_counted(after):
    assert area(f"10 300, {after}") == 1500


def test_below_quantification_follow_up_may_end_before_the_window():
    assert area("10 300, 14 BLQ") == 1500


def test_quantifiable_follow_up_must_reach_the_end_of_the_window():
    assert area("7 100, 21 60") == "sampled to day 21.0 only, not to day 28"
    # BLQ before expansion says nothing of what comes after
    assert area("3 BLQ, 7 100") == "sampled to day 7.0 only, not to day 28"


def test_a_last_sample_some_hours_before_the_end_closes_the_window():
    assert area("27.9 100") == pytest.approx(27.9 * 100 / 2)
    assert area("27 100") == "sampled to day 27.0 only, not to day 28"


def test_a_window_without_anything_quantifiable_has_no_area():
    assert area("10 300, 14 BLQ, 90 BLQ", 28, 90) == "nothing quantifiable from day 28 to day 90"


def test_all_samples_add_the_fall_after_the_last_quantifiable():
    found = parameters("10 300, 14 BLQ, 21 BLQ")
    assert (found["AUCLST"], found["AUCALL"]) == (1500, 1500 + 4 * 300 / 2)


def test_what_is_extrapolated_by_a_line_of_one_half_life_a_week():
    found = parameters("7 1600, 14 800, 21 400, 28 200, 35 100", slope=ANY_SLOPE)
    rate = np.log(2) / 7
    measured = 7 * 1600 / 2 + (1600 - 100) / rate
    assert found["AUCIFO"] == pytest.approx(measured + 100 / rate)
    assert found["AUCPEO"] == pytest.approx(100 * (100 / rate) / (measured + 100 / rate))


def test_nothing_quantifiable_and_nothing_sampled_are_not_zero():
    assert set(parameters("7 BLQ, 28 BLQ").values()) == {"no quantifiable sample"}
    assert set(parameters("0 BLQ").values()) == {"no sample after infusion"}
