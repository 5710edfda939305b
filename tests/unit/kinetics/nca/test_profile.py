"""What the infusion, two samples at one time and the order of rows mean for a profile."""

import numpy as np

from cartrial.kinetics.nca.blq import RULES, until_run
from tests.unit.kinetics.nca.courses import course


def shown(profiles, row: int = 0) -> list[tuple[float, float | None]]:
    cells = zip(profiles.time[row].tolist(), profiles.value[row].tolist(), strict=True)
    return [(at, None if np.isnan(said) else said) for at, said in cells if not np.isnan(at)]


def test_before_the_infusion_there_is_no_product():
    assert shown(course("-1 500, 0 700, 7 100").given) == [(0, 0), (7, 100)]
    assert shown(course("7 100").given) == [(0, 0), (7, 100)]


def test_of_two_samples_at_one_time_the_higher_counts():
    assert shown(course("7 100, 7 300, 14 BLQ, 14 60").given) == [(0, 0), (7, 300), (14, 60)]


def test_subjects_of_different_length_stand_beside_each_other():
    both = course("7 100", "14 60, 7 300").given
    assert (shown(both, 0), shown(both, 1)) == ([(0, 0), (7, 100)], [(0, 0), (7, 300), (14, 60)])


def test_the_first_two_below_after_the_peak_end_the_course():
    kept = until_run(course("3 BLQ, 4 BLQ, 7 100, 14 BLQ, 21 60, 28 BLQ, 60 BLQ, 90 80").given)
    assert shown(kept)[-2:] == [(28, None), (60, None)]
    assert RULES["first_two_consecutive"].ends_at_run
