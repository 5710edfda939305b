"""Interval designs: the next dose from what the toxicity seen at the current dose says about it.

A design brings `decide(treated=, dlts=)`, a decision about one dose by itself. Here it becomes the
next level: up, down or the same, never onto a barred level, by one level at a time. A level where
the decision is to eliminate is barred with all above it, and stays barred (`Counts.barred`).

Reading: where dose 1 calls for de-escalation but is not barred, the next cohort is at dose 1.
"""

from typing import Protocol

from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design.posterior import probability_above
from cartrial.protocol.design import IntervalDesign


class Decide(Protocol):
    """The rule of a design for one dose."""

    def __call__(self, *, treated: int, dlts: int) -> Decision:
        """What `dlts` among `treated` patients, at least one, say about their dose."""


def advise(decide: Decide, counts: Counts, *, start: int, cohort: int) -> Advice:
    """The level of the next cohort."""
    barred, current = lowest_barred(decide, counts), counts.current
    if current == 0:
        return first(counts, barred, start, cohort)
    (n, y), counted = counts.here, counts.words
    if current >= barred:
        return below(barred, f"{counted}: barred", cohort)
    decision = decide(treated=n, dlts=y) if n else Decision.STAY
    return move(decision, counts, barred, counted, cohort)


def move(decision: Decision, counts: Counts, barred: int, counted: str, cohort: int) -> Advice:
    """The level that a decision about the current one leads to; `counted` is what it rests on."""
    current = counts.current
    level, word = current, "stay"
    if decision == Decision.DEESCALATE:
        level = max(current - 1, 1)
        word = "de-escalate" if level < current else "stay at the lowest level"
    elif decision == Decision.ESCALATE and current == counts.levels:
        word = "stay at the highest level"
    elif decision == Decision.ESCALATE and current + 1 >= barred:
        word = f"stay, dose level {current + 1} is barred"
    elif decision == Decision.ESCALATE:
        level, word = current + 1, "escalate"
    return Advice(level, decision, f"{counted}: {word}", barred, cohort)


def lowest_barred(decide: Decide, counts: Counts) -> int:
    """The lowest level barred so far or now; one more than there are levels where none is."""
    now = (
        level
        for level in counts.tried(counts.barred)
        if decide(treated=counts.treated[level - 1], dlts=counts.dlts[level - 1])
        == Decision.ELIMINATE
    )
    return min(now, default=counts.barred)


def is_barred(design: IntervalDesign, *, treated: int, dlts: int) -> bool:
    """Whether P(DLT rate > target) is above the limit; the prior is uniform."""
    if treated < design.fewest_to_eliminate:
        return False
    return probability_above(design.target, treated=treated, dlts=dlts) > design.eliminate_above


def below(barred: int, reason: str, cohort: int) -> Advice:
    """The highest level that is not barred, or the end of the escalation."""
    if barred == 1:
        said = f"{reason}; no dose level is left: stop"
        return Advice(None, Decision.ELIMINATE, said, barred)
    return Advice(barred - 1, Decision.ELIMINATE, reason, barred, cohort)


def first(counts: Counts, barred: int, start: int, cohort: int) -> Advice:
    """The level of the first cohort."""
    if start >= barred:
        return below(barred, f"dose level {start} is barred", cohort)
    level = min(start, counts.levels)
    said = f"nobody treated: start at dose level {level}"
    return Advice(level, Decision.STAY, said, barred, cohort)
