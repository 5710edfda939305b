"""Which number each rule set puts in the place of a result below quantification."""

import numpy as np
import pytest

from tests.unit.kinetics.nca.courses import course, parameters

# below before the first, one in the middle, two in the middle, two after the last
COURSE = "3 BLQ, 7 100, 14 BLQ, 21 90, 28 BLQ, 35 BLQ, 42 80, 60 BLQ, 90 BLQ"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("pknca_default", "0 0, 3 0, 7 100, 21 90, 42 80, 60 0, 90 0"),
        ("winnonlin_zero", "0 0, 3 0, 7 100, 14 0, 21 90, 28 0, 35 0, 42 80, 60 0, 90 0"),
        ("cart_standard", "0 0, 3 0, 7 100, 21 90, 28 0, 35 0, 42 80, 60 0, 90 0"),
        ("first_two_consecutive", "0 0, 3 0, 7 100, 21 90, 28 0, 35 0"),
        ("half_lloq", "0 0, 3 25, 7 100, 14 25, 21 90, 28 25, 35 25, 42 80, 60 25, 90 25"),
    ],
)
def test_the_points_of_each_rule_set(rule, expected):
    curve = course(COURSE, blq=rule).curve
    points = zip(curve.time[0].tolist(), curve.level[0].tolist(), strict=True)
    assert ", ".join(f"{at:g} {level:g}" for at, level in points if not np.isnan(at)) == expected


@pytest.mark.parametrize("rule", ["cart_standard", "first_two_consecutive"])
def test_cells_that_were_gone_before_they_expanded_were_0(rule):
    curve = course("1 60, 3 BLQ, 5 BLQ, 14 400", blq=rule).curve
    assert curve.level[0].tolist() == [0, 60, 0, 0, 400]


def test_a_number_put_in_is_no_peak_no_last_and_no_point_of_a_slope():
    found = parameters("7 10, 14 8, 21 6, 28 4, 60 BLQ", blq="half_lloq")
    assert (found["CMAX"], found["TLST"], found["LAMZUL"]) == (10, 28, 28)


def test_half_of_an_unknown_limit_makes_no_area():
    found = parameters("7 100, 14 BLQ, 21 60, 60 BLQ", blq="half_lloq", lloq=np.nan)
    assert found["AUCLST"] == "a sample below quantification has no known LLOQ"
    late = parameters("7 100, 14 60, 60 BLQ", blq="half_lloq", lloq=np.nan)
    assert isinstance(late["AUCLST"], float)
    assert late["AUCALL"] == "a sample below quantification has no known LLOQ"
