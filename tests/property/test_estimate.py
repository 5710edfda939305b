"""What is always true of a proportion, a curve, competing risks, a posterior, and a bound."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.estimate.competing import estimate_incidence
from cartrial.estimate.monitoring import crossing, is_crossed, monitoring_bounds
from cartrial.estimate.posterior import estimate_posterior, probability_above
from cartrial.estimate.proportion import estimate_proportion
from cartrial.estimate.survival import (
    at,
    at_risk,
    estimate_survival,
    quantile,
    restricted_mean,
    reverse,
)
from cartrial.protocol.monitoring import MonitoringRule

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


# ---------------------------------------------------------------- competing risks
ENDED = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 2)), min_size=1, max_size=30)


@given(ENDED)
def test_the_incidences_of_all_causes_and_the_share_without_any_add_up_to_1(subjects):
    time, cause = zip(*subjects, strict=True)
    curve = estimate_incidence(time, cause)
    survival = estimate_survival(time, [int(c > 0) for c in cause])
    assert curve.incidence.sum(axis=0) + survival.surv == pytest.approx(1, abs=1e-12)
    assert curve.n_event.sum(axis=0).tolist() == survival.n_event.tolist()


@given(ENDED, LEVELS)
def test_an_incidence_never_falls_and_lies_in_its_interval(subjects, level):
    time, cause = zip(*subjects, strict=True)
    curve = estimate_incidence(time, cause, level=level)
    assert (np.diff(curve.incidence, prepend=0.0) >= 0).all()
    known = ~np.isnan(curve.lower)
    assert (known == ((curve.incidence > 0) & (curve.incidence < 1))).all()
    lower, found, upper = curve.lower[known], curve.incidence[known], curve.upper[known]
    assert (lower <= found + 1e-12).all()
    assert (found <= upper + 1e-12).all()


@given(ENDED)
def test_an_incidence_is_never_above_one_minus_kaplan_meier_of_its_cause_alone(subjects):
    time, cause = zip(*subjects, strict=True)
    alone = estimate_survival(time, [int(c == 1) for c in cause])
    assert (estimate_incidence(time, cause).incidence[0] <= 1 - alone.surv + 1e-12).all()


@given(SUBJECTS)
def test_a_single_cause_has_every_number_of_one_minus_kaplan_meier(subjects):
    time, status = zip(*subjects, strict=True)
    curve, survival = estimate_incidence(time, status, causes=1), estimate_survival(time, status)
    for mine, other in (
        (curve.incidence[0], 1 - survival.surv),
        (curve.std_err[0], survival.std_err),
        (curve.lower[0], 1 - survival.upper),
        (curve.upper[0], 1 - survival.lower),
    ):
        assert mine == pytest.approx(other, abs=1e-7, nan_ok=True)


@given(ENDED, st.randoms(use_true_random=False))
def test_the_order_of_subjects_changes_no_incidence(subjects, random):
    shuffled = subjects.copy()
    random.shuffle(shuffled)
    one, other = (estimate_incidence(*zip(*rows, strict=True)) for rows in (subjects, shuffled))
    assert np.array_equal(one.incidence, other.incidence)
    assert np.array_equal(one.std_err, other.std_err, equal_nan=True)


# ---------------------------------------------------------------- posterior and monitoring
WEIGHTS = st.floats(0.1, 10)
RULES = st.builds(
    MonitoringRule,
    endpoint=st.sampled_from(["response", "treatment-related death"]),
    limit=st.floats(0.05, 0.95),
    probability=st.floats(0.05, 0.95),
    prior=st.tuples(WEIGHTS, WEIGHTS),
    after=st.integers(1, 6),
)


@given(COUNTS, st.floats(0.01, 0.99), st.tuples(WEIGHTS, WEIGHTS))
def test_one_more_with_the_event_makes_a_higher_rate_more_likely(counts, limit, prior):
    x, n = counts
    if x < n:
        one, more = (probability_above(limit, x=k, n=n, prior=prior) for k in (x, x + 1))
        assert 0 <= one <= more <= 1


@given(COUNTS, LEVELS, st.tuples(st.floats(0.5, 10), st.floats(0.5, 10)))
def test_the_limits_of_a_posterior_leave_out_the_same_probability(counts, level, prior):
    x, n = counts
    found = estimate_posterior(x=x, n=n, prior=prior, level=level)
    above = probability_above(found.upper, x=x, n=n, prior=prior)
    below = 1 - probability_above(found.lower, x=x, n=n, prior=prior)
    assert (above, below) == pytest.approx(((1 - level) / 2, (1 - level) / 2), abs=1e-6)


@given(RULES, st.integers(1, 12))
def test_a_bound_stops_exactly_what_the_rule_stops(rule, n):
    bounds = {bound.n: bound.count for bound in monitoring_bounds(rule, most=n)}
    for x in range(n + 1):
        count = bounds.get(n)
        beyond = count is not None and (x <= count if rule.stops_below else x >= count)
        assert is_crossed(rule, x=x, n=n) == beyond


@given(RULES, st.floats(0, 1), st.floats(0, 1), st.integers(1, 20))
def test_a_rule_stops_more_often_the_worse_the_true_rate_is(rule, one, other, most):
    low, high = (crossing(rule, rate=rate, most=most) for rate in sorted((one, other)))
    better, worse = (high, low) if rule.stops_below else (low, high)
    assert better.stops <= worse.stops + 1e-9
    assert worse.subjects <= better.subjects + 1e-9
    assert 0 <= low.stops <= 1 + 1e-12
    assert low.subjects <= most + 1e-9


@given(RULES, st.floats(0, 1), st.integers(1, 9))
def test_how_often_a_rule_stops_is_the_sum_over_every_sequence(rule, rate, most):
    stops = 0.0
    for outcomes in itertools.product((0, 1), repeat=most):
        seen = itertools.accumulate(outcomes)
        if any(is_crossed(rule, x=x, n=n) for n, x in enumerate(seen, start=1)):
            events = sum(outcomes)
            stops += rate**events * (1 - rate) ** (most - events)
    assert crossing(rule, rate=rate, most=most).stops == pytest.approx(stops, abs=1e-9)
