"""The mistakes that a physician makes with a grade of CRS."""

import pytest

from cartrial.virtual.misgrading import written_grades
from cartrial.virtual.signs import CrsSign
from cartrial.virtual.stream import stream

HIGH, WARM = 39.0, 37.2  # °C


def sign(at, grade, temperature=HIGH, treated=False, pressors=0, low=False, oxygen="none"):
    low = low or pressors > 0
    return CrsSign(at, grade, temperature, treated, low, pressors, False, oxygen, None)


def written(*middle, rate=1.0):
    """The grades as written of an episode that begins, goes on so, is grade 4, and ends."""
    worst = sign(8, 4, pressors=2)
    course = (sign(0, 0, WARM), sign(1, 1), *middle, worst, sign(9, 1), sign(10, 0, WARM))
    return written_grades(stream(1, 0, "bedside"), course, rate)[2:-3]


@pytest.mark.parametrize(
    ("seen", "grade"),
    [
        (sign(2, 2, WARM, treated=True, low=True), 0),  # fever held down by treatment
        (sign(2, 3, WARM, treated=True, pressors=1), 0),
        (sign(2, 3, pressors=1), 2),  # by the dose of the vasopressor
        (sign(2, 3, pressors=1, oxygen="low-flow nasal cannula"), 2),
        (sign(2, 2, low=True), 1),  # the pressure overlooked
        (sign(2, 3, oxygen="face mask"), 1),  # the oxygen overlooked
        (sign(2, 3, low=True, oxygen="face mask"), 2),
        (sign(2, 1), 0),  # the fever overlooked
    ],
)
def test_a_mistake_is_a_usual_one(seen, grade):
    assert written(seen) == (grade,)


def test_the_worst_the_first_and_the_last_are_right():
    course = (sign(1, 1), sign(2, 2, low=True), sign(3, 1))
    assert written_grades(stream(1, 0, "bedside"), course, 1.0) == (1, 2, 1)


def test_without_a_sign_nothing_is_mistaken():
    assert written_grades(stream(1, 0, "bedside"), (sign(1, 0, WARM),), 1.0) == (0,)


def test_at_rate_0_every_grade_is_right():
    assert written(sign(2, 2, low=True), sign(3, 3, pressors=1), rate=0.0) == (2, 3)
