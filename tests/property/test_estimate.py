"""What is always true of a proportion and of a Kaplan-Meier curve."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.estimate.proportion import estimate_proportion
from cartrial.estimate.survival import (
    at,
    at_risk,
    estimate_survival,
    quantile,
    restricted_mean,
    reverse,
)

SUBJECTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 1)), min_size=1, max_size=30)
INTERVALS = st.sampled_from(["log-log", "log", "plain"])
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])
SHARES = st.sampled_from([0.1, 0.25, 0.5, 0.75, 1.0])
COUNTS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def curve_of(subjects, **options):
    time, status = zip(*subjects, strict=True)
    return estimate_survival(time, status, **options)


def same(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("times", "n_risk", "n_event", "n_censor", "surv", "std_err", "lower", "upper")
    )


@given(COUNTS, LEVELS)
def test_a_proportion_lies_in_its_interval(counts, level):
    x, n = counts
    found = estimate_proportion(x=x, n=n, level=level)
    assert 0 <= found.lower <= found.rate <= found.upper <= 1
    assert found.lower < found.upper


@given(COUNTS, LEVELS)
def test_those_without_have_the_interval_of_those_with_mirrored(counts, level):
    x, n = counts
    found, others = (estimate_proportion(x=k, n=n, level=level) for k in (x, n - x))
    assert found.lower == pytest.approx(1 - others.upper, abs=1e-12)
    assert found.upper == pytest.approx(1 - others.lower, abs=1e-12)


@given(COUNTS)
def test_a_higher_level_gives_a_wider_interval_and_one_more_affected_a_higher_one(counts):
    x, n = counts
    narrow, wide = (estimate_proportion(x=x, n=n, level=level) for level in (0.9, 0.95))
    assert wide.lower <= narrow.lower < narrow.upper <= wide.upper
    if x < n:
        more = estimate_proportion(x=x + 1, n=n, level=0.9)
        assert more.lower > narrow.lower
        assert more.upper > narrow.upper


@given(SUBJECTS, INTERVALS, st.randoms(use_true_random=False))
def test_the_order_of_subjects_changes_nothing(subjects, interval, random):
    shuffled = subjects.copy()
    random.shuffle(shuffled)
    assert same(curve_of(subjects, interval=interval), curve_of(shuffled, interval=interval))


@given(SUBJECTS)
def test_every_subject_is_counted_once(subjects):
    curve = curve_of(subjects)
    assert curve.n_event.sum() == sum(status for _, status in subjects)
    assert curve.n_event.sum() + curve.n_censor.sum() == len(subjects)
    left = curve.n_risk - curve.n_event - curve.n_censor
    assert np.append(left, 0)[:-1].tolist() == np.append(curve.n_risk[1:], 0).tolist()


@given(SUBJECTS, st.lists(st.integers(0, 70), min_size=1))
def test_at_risk_are_those_followed_that_long(subjects, times):
    by_hand = [sum(time >= t for time, _ in subjects) for t in times]
    assert at_risk(curve_of(subjects), times).tolist() == by_hand


@given(SUBJECTS)
def test_survival_never_rises(subjects):
    surv = np.append(1.0, curve_of(subjects).surv)
    assert (np.diff(surv) <= 0).all()
    assert (surv >= 0).all()


@given(SUBJECTS, INTERVALS, LEVELS)
def test_survival_lies_in_its_interval_and_the_interval_in_0_to_1(subjects, interval, level):
    curve = curve_of(subjects, interval=interval, level=level)
    known = ~np.isnan(curve.lower)
    assert (known == ~np.isnan(curve.upper)).all()
    lower, surv, upper = curve.lower[known], curve.surv[known], curve.upper[known]
    assert (lower >= 0).all()
    assert (lower <= surv + 1e-12).all()
    assert (surv <= upper + 1e-12).all()
    assert (upper <= 1).all()


@given(SUBJECTS)
def test_without_censoring_survival_is_the_share_still_without_the_event(subjects):
    times = [time for time, _ in subjects]
    curve = estimate_survival(times, [1] * len(times))
    share = [sum(time > t for time in times) / len(times) for t in curve.times]
    assert curve.surv == pytest.approx(share, abs=1e-12)
    assert restricted_mean(curve).mean == pytest.approx(np.mean(times))
    for p, q in ((curve.std_err[i], s) for i, s in enumerate(share) if s > 0):
        assert p == pytest.approx(np.sqrt(q * (1 - q) / len(times)))


@given(SUBJECTS)
def test_without_censoring_the_median_is_the_median(subjects):
    times = [time for time, _ in subjects]
    assert quantile(estimate_survival(times, [1] * len(times))).time == np.median(times)


@given(SUBJECTS, SHARES, INTERVALS, st.sampled_from([2.0, 7.0, 1 / 30.4375]))
def test_stretching_time_stretches_quantiles_and_leaves_survival(subjects, p, interval, stretch):
    stretched = [(time * stretch, status) for time, status in subjects]
    one, other = (curve_of(rows, interval=interval) for rows in (subjects, stretched))
    assert np.array_equal(one.surv, other.surv)
    before, after = quantile(one, p), quantile(other, p)
    for name in ("time", "lower", "upper"):
        value, stretched_value = getattr(before, name), getattr(after, name)
        expected = None if value is None else pytest.approx(value * stretch)
        assert stretched_value == expected
    mean = restricted_mean(one).mean
    assert restricted_mean(other).mean == pytest.approx(mean * stretch)


@given(SUBJECTS, INTERVALS)
def test_a_later_share_has_a_later_quantile(subjects, interval):
    curve = curve_of(subjects, interval=interval)
    times = [quantile(curve, p).time for p in (0.1, 0.25, 0.5, 0.75, 1.0)]
    reached = [time for time in times if time is not None]
    assert reached == sorted(reached)
    assert times[: len(reached)] == reached


@given(SUBJECTS, SHARES)
def test_a_quantile_lies_between_its_limits(subjects, p):
    found = quantile(curve_of(subjects), p)
    if found.time is not None and found.lower is not None:
        assert found.lower <= found.time
    if found.time is not None and found.upper is not None:
        assert found.time <= found.upper


@given(SUBJECTS, INTERVALS, st.lists(st.integers(0, 70), min_size=1))
def test_what_is_missing_has_a_reason_and_what_is_not_has_none(subjects, interval, times):
    curve = curve_of(subjects, interval=interval)
    for mark in at(curve, times):
        numbers = (mark.surv, mark.std_err, mark.lower, mark.upper)
        assert (None in numbers) == (mark.why_missing is not None)
        assert (mark.n_risk == 0) == (mark.surv is None)
    found = quantile(curve)
    assert (None in (found.time, found.lower, found.upper)) == (found.why_missing is not None)


@given(SUBJECTS, st.integers(61, 100))
def test_following_the_last_subjects_longer_leaves_survival_before_as_it_was(subjects, longer):
    last = max(time for time, _ in subjects)
    followed = [(longer if row == (last, 0) else row[0], row[1]) for row in subjects]
    marks = range(last)
    one, other = (at(curve_of(rows), marks) for rows in (subjects, followed))
    assert one == other


@given(SUBJECTS)
def test_reversing_twice_gives_the_curve_itself(subjects):
    time, status = zip(*subjects, strict=True)
    assert same(reverse(time, [1 - s for s in status]), curve_of(subjects))
