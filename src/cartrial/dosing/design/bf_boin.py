"""BOIN with backfilling (BF-BOIN): patients at lower levels while a cohort is in its window.

The level of the next cohort is that of BOIN, unless a lower level contradicts it: the current level
says to go up and a lower one does not, or it does not and a lower one says to go down. Then the
patients from the highest such level b to the current one are taken together, and their DLT rate
decides: up, the same level, or down to the highest level k with the patients from b to k below the
upper boundary, else to b - 1.

A lower level is open to backfilling once it has shown activity. It is closed, with all above it,
while its DLT rate and that of its patients and the next level's together are both at or above the
upper boundary; and for good once it has as many patients as it may have.

Source: Zhao 2024, Clin Cancer Res 30:673-679. doi:10.1158/1078-0432.CCR-23-2585
Reading: a level is barred by its own patients, wherever the trial is; who is in the window counts
toward `cap`, and not toward a rate. Activity is a patient with a response, seen when the window of
that patient ends.
Oracle: R package bfboin, of July 2025 (tests/oracle/bfboin)
"""

from collections.abc import Sequence
from functools import partial

from cartrial.dosing.counts import Advice, Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import boin, interval
from cartrial.protocol.design import BfBoin


def advise(design: BfBoin, counts: Counts) -> Advice:
    """The level of the next cohort, by all settled patients, backfilled ones too."""
    found = _moved(design, counts)
    stays = found.level is not None and found.level == counts.current
    if design.enough is None or not stays or counts.here[0] < design.enough:
        return found
    said = f"{found.reason}; {counts.here[0]} patients at dose level {counts.current}: stop"
    return Advice(None, found.decision, said, found.barred)


def contradicting(design: BfBoin, counts: Counts) -> int | None:
    """The highest level below the current one that contradicts what that says; None for none."""
    decisions = [
        boin.decide(design, treated=n, dlts=y) if n else Decision.ESCALATE
        for n, y in zip(counts.treated, counts.dlts, strict=True)
    ]
    up = decisions[counts.current - 1] == Decision.ESCALATE
    least = Decision.STAY if up else Decision.DEESCALATE
    below = range(1, counts.current)
    return max((level for level in below if decisions[level - 1] <= least), default=None)


def pooled_level(design: BfBoin, counts: Counts, low: int) -> int:
    """The level that the patients from level `low` to the current one lead to, taken together."""
    lower, upper = boin.boundaries(design)
    current = counts.current
    seen = {level: _together(counts, low, level) for level in range(low, current + 1)}
    n, y = seen[current]
    if y <= lower * n:
        return current + 1
    if y < upper * n:
        return current
    safe = [level for level, (n, y) in seen.items() if y < upper * n]
    return max(safe, default=max(low - 1, 1))


def open_levels(
    design: BfBoin, counts: Counts, *, enrolled: Sequence[int], active: Sequence[bool]
) -> tuple[int, ...]:
    """The levels that take backfilled patients, lowest first.

    `enrolled` are all patients of each level, those in the window too; `active` whether it has
    shown activity.
    """
    _, upper = boin.boundaries(design)
    found = []
    for level in range(1, min(counts.current, counts.barred)):
        (n, y), (both, toxic) = (_together(counts, level, level + more) for more in (0, 1))
        if n and y >= upper * n and toxic >= upper * both:
            break
        if active[level - 1] and enrolled[level - 1] < design.cap:
            found.append(level)
    return tuple(found)


def select_mtd(design: BfBoin, counts: Counts) -> int | None:
    """The maximum tolerated dose level of a finished escalation; None where no level is left."""
    if design.final == "next dose":
        return advise(design, counts).level
    return boin.nearest_to_target(design, counts)


def _moved(design: BfBoin, counts: Counts) -> Advice:
    """The level of the next cohort, whatever the number of patients."""
    if boin.ends_early(design, treated=counts.treated[0], dlts=counts.dlts[0]):
        return interval.below(1, f"{counts.words}: too toxic", design.cohort)
    decide = partial(boin.decide, design)
    plain = interval.advise(decide, counts, start=design.start, cohort=design.cohort)
    current = counts.current
    if not 0 < current < plain.barred or not counts.here[0]:
        return plain
    low = contradicting(design, counts)
    if low is None:
        return plain
    level = pooled_level(design, counts, low)
    moved = Decision((level > current) - (level < current))
    level = min(level, plain.barred - 1, counts.levels)
    words = {Decision.ESCALATE: "escalate", Decision.STAY: "stay"}.get(moved, "de-escalate")
    said = f"{counts.words}, taken together with dose level {low} and above: {words}"
    return Advice(level, moved, said, plain.barred, design.cohort)


def _together(counts: Counts, low: int, high: int) -> tuple[int, int]:
    """Patients and DLTs of some levels."""
    return sum(counts.treated[low - 1 : high]), sum(counts.dlts[low - 1 : high])
