"""What is always true of kinetics parameters, under every method and every BLQ rule set."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cartrial.kinetics.nca.area import METHODS
from cartrial.kinetics.nca.blq import RULES
from cartrial.kinetics.nca.course import Course, Setting
from cartrial.kinetics.nca.exposure import window
from cartrial.kinetics.nca.parameters import PARAMETERS
from cartrial.kinetics.nca.profile import profiles_from_infusion
from cartrial.kinetics.nca.slope import SlopeRule

ANY = SlopeRule(least_r2adj=-np.inf, least_span=-np.inf)
SETTING = st.builds(
    Setting, st.sampled_from(METHODS), st.sampled_from([*RULES.values()]), st.just(ANY)
)
VALUE = st.none() | st.integers(100, 10**8).map(lambda n: n / 2)
SAMPLES = st.lists(st.tuples(st.integers(1, 400), VALUE), max_size=14, unique_by=lambda s: s[0])


def found(samples, setting, *, scale=1.0, stretch=1.0):
    rows = [(t * stretch, np.nan if c is None else c * scale) for t, c in samples]
    time, value = np.array(rows, dtype=float).reshape(-1, 2).T
    owner, lloq = np.zeros(len(rows), dtype=np.int64), np.full(len(rows), 50.0 * scale)
    return Course(profiles_from_infusion(owner, time, value, lloq, subjects=1), setting)


def cells(course):
    return {one.code: one.of(course).cells()[0] for one in PARAMETERS}


@given(SETTING, SAMPLES)
def test_a_value_or_a_reason_stands_for_every_parameter(setting, samples):
    for code, (value, why) in cells(found(samples, setting)).items():
        assert (value is None) != (why is None), code
        assert value is None or np.isfinite(value), code


@given(SETTING, SAMPLES)
def test_doubling_values_doubles_every_area_and_leaves_every_time(setting, samples):
    once, twice = cells(found(samples, setting)), cells(found(samples, setting, scale=2))
    for one in PARAMETERS:
        factor = 2 if "concentration" in one.unit else 1
        value, why = once[one.code]
        if value is None:
            assert twice[one.code] == (None, why)
        else:
            assert twice[one.code][0] == pytest.approx(factor * value, rel=1e-6)


@given(SETTING, SAMPLES, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(setting, samples, random):
    mixed = random.sample(samples, len(samples))
    assert cells(found(mixed, setting)) == cells(found(samples, setting))


@given(SETTING, SAMPLES, st.integers(1, 3))
def test_more_below_quantification_after_the_last_changes_no_area_to_the_last(
    setting, samples, more
):
    end = max((t for t, _ in samples), default=0)
    longer = [*samples, *((end + n, None) for n in range(1, more + 1))]
    before, after = cells(found(samples, setting)), cells(found(longer, setting))
    for code in ("AUCLST", "AUMCLST", "MRTIBLST", "TLST", "CMAX"):
        if before[code][0] is not None:
            assert after[code] == before[code]


@given(SETTING, SAMPLES, st.lists(st.integers(0, 400), min_size=3, max_size=3, unique=True))
def test_partial_areas_add_up(setting, samples, days):
    start, middle, end = sorted(days)
    course = found(samples, setting)

    def area(a, b):
        value, why = window(a, b).of(course).cells()[0]
        return 0.0 if why is not None and why.startswith("nothing quantifiable from") else value

    parts = area(start, middle), area(middle, end), area(start, end)
    assume(None not in parts)
    assert parts[0] + parts[1] == pytest.approx(parts[2], rel=1e-9, abs=1e-6)


@given(SETTING, SAMPLES)
def test_stretching_time_stretches_times_and_areas(setting, samples):
    once, longer = cells(found(samples, setting)), cells(found(samples, setting, stretch=2))
    powers = {
        "time": 2,
        "1/time": 0.5,
        "time x concentration": 2,
        "time2 x concentration": 4,
    }
    fixed = ("TMAX28", "AUC028", "AUC090", "CTRRATE", "CTRHL")  # of so many days
    for one in PARAMETERS:
        value = once[one.code][0]
        if one.code in fixed or value is None:
            continue
        expected = powers.get(one.unit, 1) * value
        assert longer[one.code][0] == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(SETTING, SAMPLES)
def test_an_area_is_never_larger_than_peak_times_duration(setting, samples):
    told = cells(found(samples, setting))
    value, peak, last = (told[code][0] for code in ("AUCLST", "CMAX", "TLST"))
    # half of an LLOQ may stand higher than the peak
    assert value is None or value <= max(peak, 25.0) * last * (1 + 1e-9)
