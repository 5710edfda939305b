"""Monitoring bounds: after each number of subjects, how many events stop the trial, and how often.

A rule on response stops where P(rate > limit) falls below its probability, a rule on deaths where
it rises above; both are exact posterior probabilities. Each bound is a count, so that a committee
can hold it against the data without a computer. How often a rule stops under a given true rate is
exact too: every sequence of outcomes is followed, subject by subject, until it crosses the bound.

Source: Thall & Simon 1994, Biometrics 50:337-349. doi:10.2307/2533377
Reading: a probability that equals the rule's does not stop. The rule is asked after every subject
    from its first number on, each with its outcome known.
"""

from dataclasses import dataclass

import numpy as np

from cartrial.estimate.posterior import probability_above
from cartrial.protocol.monitoring import MonitoringRule


@dataclass(frozen=True)
class Bound:
    """After `n` subjects: the number of events at which the rule stops, or beyond it.

    `count` or fewer stop a rule on response, `count` or more one on deaths; null where none does.
    """

    n: int
    count: int | None


@dataclass(frozen=True)
class Crossing:
    """How a rule behaves under a true rate: how often it stops by the last subject, and when."""

    rate: float
    stops: float  # probability
    subjects: float  # expected, those seen up to the stop or the end


def is_crossed(rule: MonitoringRule, *, x: int, n: int) -> bool:
    """Whether `x` events among `n` subjects stop the trial."""
    if n < rule.after:
        return False
    above = probability_above(rule.limit, x=x, n=n, prior=rule.prior)
    return above < rule.probability if rule.stops_below else above > rule.probability


def monitoring_bounds(rule: MonitoringRule, *, most: int) -> tuple[Bound, ...]:
    """The bound after each number of subjects, from the first that is asked up to `most`."""
    return tuple(Bound(n, _count(rule, n)) for n in range(rule.after, most + 1))


def crossing(rule: MonitoringRule, *, rate: float, most: int) -> Crossing:
    """How often the rule stops a trial of `most` subjects with this true rate of the event."""
    counts = {bound.n: bound.count for bound in monitoring_bounds(rule, most=most)}
    going, stopped, subjects = np.array([1.0]), 0.0, 0.0  # probability of each number of events
    for n in range(1, most + 1):
        subjects += float(going.sum())
        going = np.convolve(going, (1 - rate, rate))
        crossed = _crossed(rule, counts.get(n), n)
        stopped += float(going[crossed].sum())
        going[crossed] = 0.0
    return Crossing(rate, stopped, subjects)


def _count(rule: MonitoringRule, n: int) -> int | None:
    crossed = [x for x in range(n + 1) if is_crossed(rule, x=x, n=n)]
    if not crossed:
        return None
    return max(crossed) if rule.stops_below else min(crossed)


def _crossed(rule: MonitoringRule, count: int | None, n: int) -> np.ndarray:
    """For each number of events up to `n`, whether it stops."""
    events = np.arange(n + 1)
    if count is None:
        return np.zeros(n + 1, dtype=bool)
    return events <= count if rule.stops_below else events >= count
