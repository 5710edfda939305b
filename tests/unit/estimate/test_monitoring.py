"""Monitoring bounds and how often they are crossed, worked by hand."""

import pytest

from cartrial.estimate.monitoring import crossing, is_crossed, monitoring_bounds
from cartrial.protocol.monitoring import MonitoringRule


def rule(endpoint, **values):
    return MonitoringRule(endpoint=endpoint, **values)


# Uniform prior: with 0 of n P(rate > 1/2) is 1/2^(n + 1), with n of n it is 1 - 1/2^(n + 1).
FEW = rule("response", limit=1 / 2, probability=0.2)
MANY = rule("treatment-related death", limit=1 / 2, probability=0.8)


def test_the_bound_on_response_is_the_most_that_still_stops():
    # 0/1: 1/4; 0/2: 1/8; 0/3: 1/16, 1/3: 5/16; 1/4: 3/16, 2/4: 1/2
    assert [(b.n, b.count) for b in monitoring_bounds(FEW, most=4)] == [
        (1, None),
        (2, 0),
        (3, 0),
        (4, 1),
    ]


def test_the_bound_on_deaths_is_the_fewest_that_already_stop():
    assert [(b.n, b.count) for b in monitoring_bounds(MANY, most=4)] == [
        (1, None),
        (2, 2),
        (3, 3),
        (4, 3),
    ]


def test_a_probability_that_equals_the_rules_does_not_stop():
    # 0/1: exactly 1/4
    assert not is_crossed(rule("response", limit=0.5, probability=0.25), x=0, n=1)
    assert is_crossed(rule("response", limit=0.5, probability=0.26), x=0, n=1)
    assert not is_crossed(rule("treatment-related death", limit=0.5, probability=0.75), x=1, n=1)


def test_nothing_stops_before_the_first_number_that_is_asked():
    late = rule("response", limit=1 / 2, probability=0.2, after=3)
    assert not is_crossed(late, x=0, n=2)
    assert [bound.n for bound in monitoring_bounds(late, most=4)] == [3, 4]


def test_how_often_a_rule_stops_is_the_sum_over_the_sequences():
    # with rate 1/2, up to 4: 00 stops at 2 (1/4); 100 x 0 and 010 x 0 stop at 4 with 1 of 4 (1/8);
    # of those that go on after 2: 10, 01, 11; one of 4 is 1000 or 0100: 2/16
    found = crossing(FEW, rate=1 / 2, most=4)
    assert found.stops == pytest.approx(1 / 4 + 2 / 16)
    assert found.subjects == pytest.approx(2 * (1 / 4) + 4 * (3 / 4))


def test_a_sure_event_stops_a_rule_on_deaths_at_its_first_bound():
    found = crossing(MANY, rate=1, most=4)
    assert (found.stops, found.subjects) == pytest.approx((1, 2))
    assert crossing(MANY, rate=0, most=4).stops == 0
