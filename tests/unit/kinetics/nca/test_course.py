"""Peak, rise, fall, terminal slope and loss of the cells, on courses worked by hand."""

import numpy as np
import pytest

from cartrial.kinetics.nca.parameters import PARAMETERS
from cartrial.kinetics.nca.persistence import persistence
from tests.unit.kinetics.nca.courses import ANY_SLOPE, course, parameters


def test_a_late_second_peak_is_the_peak_and_the_early_one_is_told_beside_it():
    found = parameters("10 900, 28 100, 60 BLQ, 90 1000, 120 BLQ")
    assert (found["CMAX"], found["TMAX"], found["TMAX28"]) == (1000, 90, 10)


def test_the_early_peak_is_that_of_28_days():
    assert parameters("10 900, 28 950, 30 1000, 60 BLQ")["TMAX28"] == 28


def test_the_first_of_equal_peaks_counts():
    assert parameters("7 900, 14 900, 21 100")["TMAX"] == 7


# ---------------------------------------------------------------- expansion and contraction
def test_a_doubling_each_day_doubles_each_day():
    found = parameters("3 60, 4 120, 5 240, 7 960, 14 500")
    assert found["DOUBLT"] == pytest.approx(1)
    assert found["EXPRATE"] == pytest.approx(np.log(2))


def test_the_rise_begins_at_the_lowest_sample_before_the_peak():
    assert parameters("1 100, 3 60, 4 120, 5 240, 14 70")["DOUBLT"] == pytest.approx(1)


def test_without_a_sample_before_the_peak_there_is_no_rate():
    found = parameters("3 BLQ, 7 900, 14 100")
    assert found["EXPRATE"] == found["DOUBLT"] == "no quantifiable sample before the peak"


def test_contraction_is_the_fall_of_four_weeks_and_not_the_tail():
    found = parameters("10 1600, 17 800, 24 400, 31 200, 90 190, 180 180")
    assert found["CTRHL"] == pytest.approx(7)
    few = parameters("10 1600, 17 800, 90 200")["CTRHL"]
    assert few == "2 quantifiable up to 28 days from the peak on, fewer than 3"


# ---------------------------------------------------------------- terminal slope
def test_a_half_life_of_a_week():
    found = parameters("7 1600, 14 800, 21 400, 28 200, 35 100")
    told = [found[code] for code in ("LAMZHL", "LAMZNPT", "LAMZLL", "LAMZUL", "R2ADJ", "LAMZSPN")]
    assert told == pytest.approx([7, 4, 14, 35, 1, 3])


def test_the_line_that_fits_best_counts_unless_a_longer_one_fits_as_well():
    # adjusted R2 of four points lies 0.004 below that of the last three, which are on a line
    assert parameters("7 1600, 14 900, 21 400, 28 200, 35 100")["LAMZNPT"] == 3


def test_two_samples_after_the_peak_are_no_slope():
    assert parameters("7 1600, 14 800, 21 400")["LAMZ"] == (
        "2 quantifiable after the peak, fewer than 3"
    )


def test_a_refused_slope_hides_what_hangs_on_it_and_tells_its_measures():
    samples = "7 1600, 14 800, 21 780, 28 300, 35 290"
    found, believed = parameters(samples), parameters(samples, slope=ANY_SLOPE)
    assert found["LAMZHL"] == "terminal slope refused: adjusted R2 0.74 is below 0.8"
    assert found["AUCIFO"] == found["MRTIBIFO"] == found["LAMZ"] == found["LAMZHL"]
    assert (found["R2ADJ"], found["LAMZNPT"]) == (believed["R2ADJ"], believed["LAMZNPT"])
    assert believed["R2ADJ"] == pytest.approx(0.74, abs=0.01)


def test_a_slope_over_less_than_two_half_lives_is_refused():
    found = parameters("7 1600, 14 800, 21 700, 28 600")["LAMZHL"]
    assert found == "terminal slope refused: 0.4 half-lives, fewer than 2"


def test_a_course_that_only_rises_after_its_peak_has_no_slope():
    found = parameters("7 1600, 14 100, 21 200, 28 400")["LAMZ"]
    assert found == "no falling line after the peak"


# ---------------------------------------------------------------- persistence
@pytest.mark.parametrize(
    ("samples", "tblq", "after", "by"),
    [
        ("7 900, 28 100, 60 BLQ, 90 BLQ", 60, 28, 60),  # lost between 28 and 60
        ("7 900, 28 BLQ, 60 100, 90 BLQ, 120 BLQ", 90, 60, 90),  # one below is no loss
        ("7 900, 28 100, 60 BLQ", 60, 28, None),  # a single one at the end confirms none
        ("7 900, 28 100", None, 28, None),
        ("3 BLQ, 5 BLQ, 7 900, 28 100", None, 28, None),  # before expansion
        ("1 400, 3 BLQ, 5 BLQ, 7 900, 28 100", None, 28, None),  # the infused cells, then theirs
        ("7 900, 28 100, 60 BLQ, 90 BLQ, 330 1000", None, 28, 60),  # a late peak hides no loss
        ("28 BLQ, 60 100, 90 BLQ, 120 BLQ", 90, 60, 90),  # late cells can be lost as well
        ("7 900, 28 BLQ, 60 BLQ, 90 100", None, 7, 28),  # a return does not undo it
    ],
)
def test_loss_is_the_first_of_two_and_lies_in_an_interval(samples, tblq, after, by):
    found = parameters(samples)
    interval = persistence(course(samples))
    assert (interval.after[0], interval.lost[0]) == (after, by is not None)
    assert found["PERSLAST"] == after
    if by is None:
        assert found["PERSLOSS"] == f"not lost: known to persist until day {after:.1f}"
    else:
        assert found["PERSLOSS"] == by
    if tblq is None:
        assert found["TBLQ"].startswith("still quantifiable at the last sample")
    else:
        assert found["TBLQ"] == tblq


def test_who_never_expanded_has_nothing_to_lose():
    assert parameters("7 BLQ, 14 BLQ")["PERSLOSS"] == "no quantifiable sample"


# ---------------------------------------------------------------- all of them
def test_one_bad_subject_stops_nobody():
    found = course("7 1600, 14 800", "", "7 BLQ")
    peaks = next(one for one in PARAMETERS if one.code == "CMAX").of(found).cells()
    assert peaks == [
        (1600, None),
        (None, "no sample after infusion"),
        (None, "no quantifiable sample"),
    ]


def test_codes_stand_once_and_fit_their_variables():
    codes = [one.code for one in PARAMETERS]
    assert len(set(codes)) == len(codes)
    assert all(len(one.code) <= 8 and len(one.name) <= 40 for one in PARAMETERS)
