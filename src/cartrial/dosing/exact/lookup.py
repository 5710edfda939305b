"""Interval designs by look-up: the advice of `interval` and `isotonic` for many counts at once.

The table is filled by the very `decide` of the design, once for each number of patients and DLTs
at a dose. What follows from a decision, and which level is nearest to the target, is said here a
second time, in array operations; it is held to `interval.advise` and `isotonic.nearest_level` on
every state of every design (tests/unit/dosing/exact/test_policy.py).
"""

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.decision import Decision
from cartrial.dosing.design.interval import Decide
from cartrial.dosing.exact.layer import Ints, Layer, Move, Moves, Select
from cartrial.dosing.isotonic import PRIOR, SAME
from cartrial.dosing.operating import Floats

FAR = 2.0  # further from a target than any rate

Table = NDArray[np.int8]


def decisions(decide: Decide, *, most: int, cohort: int) -> Table:
    """The decisions (most + 1, most + 1), by patients and DLTs at a dose.

    Of `most` subjects in cohorts, the last of which may be short; what no dose can have is STAY.
    """
    table = np.full((most + 1, most + 1), Decision.STAY, np.int8)
    for treated in range(1, most + 1):
        if treated % cohort in (0, most % cohort):
            for dlts in range(treated + 1):
                table[treated, dlts] = decide(treated=treated, dlts=dlts)
    return table


def interval_move(table: Table, *, first: int, cohort: int) -> Move:
    """The moves of a design that starts at level `first`; as `interval.advise`."""

    def move(layer: Layer) -> Moves:
        barred = lowest_barred(table, layer)
        here = np.maximum(layer.current, 1)
        rows = np.arange(len(layer))
        decision = table[layer.treated[rows, here - 1], layer.dlts[rows, here - 1]]
        level = np.maximum(here + np.maximum(decision, Decision.DEESCALATE), 1)
        level[layer.current == 0] = first
        level = np.minimum(level, np.minimum(barred - 1, layer.levels))
        return Moves(level, barred, np.full(len(layer), cohort))

    return move


def nearest(table: Table, *, target: float, prior: float = PRIOR, highest: float = 1.0) -> Select:
    """The level nearest to the target of those not barred; as `isotonic.nearest_level`."""

    def select(layer: Layer) -> Ints:
        levels = _levels(layer)
        allowed = (_by_level(layer.treated) > 0) & (levels < lowest_barred(table, layer))
        rates = isotonic_rates(layer, allowed, prior)
        allowed &= rates <= highest
        distance = np.where(allowed, np.abs(rates - target), FAR)
        tied = allowed & (distance - distance.min(axis=0) < SAME)
        below = tied & (rates < target - SAME)
        lowest = np.where(tied, levels, layer.levels + 1).min(axis=0)
        highest_below = np.where(below, levels, 0).max(axis=0)
        found = np.where(highest_below > 0, highest_below, lowest % (layer.levels + 1))
        return np.asarray(found, np.int64)

    return select


def lowest_barred(table: Table, layer: Layer) -> Ints:
    """The lowest level barred so far or now, of each counts."""
    out = table[_by_level(layer.treated), _by_level(layer.dlts)] == Decision.ELIMINATE
    return np.asarray(np.where(out, _levels(layer), layer.barred).min(axis=0))


def isotonic_rates(layer: Layer, allowed: NDArray[np.bool_], prior: float) -> Floats:
    """The rates (J, S), non-decreasing over the levels allowed; of no meaning at the others.

    The rate of a level is the highest, over the blocks of levels that begin at or below it, of the
    lowest mean of a block that ends at or above it.
    """
    a = _by_level(layer.dlts) + prior
    both = _by_level(layer.treated) + 2 * prior
    weight = np.where(allowed, both**2 * (both + 1) / (a * (both - a)), 0.0)
    weighted = weight * a / both
    total, toxic, rates = np.zeros_like(weight), np.zeros_like(weight), np.zeros_like(weight)
    means = []  # by the last level of a block, (its first level, S)
    for last in range(len(weight)):
        total[: last + 1] += weight[last]
        toxic[: last + 1] += weighted[last]
        means.append(toxic[: last + 1] / np.maximum(total[: last + 1], SAME))
    lowest = means[-1]
    for level in reversed(range(len(weight))):
        lowest = np.minimum(lowest[: level + 1], means[level])
        rates[level] = lowest.max(axis=0)
    return rates


def _levels(layer: Layer) -> Ints:
    return np.arange(1, layer.levels + 1)[:, None]


def _by_level(counts: Ints) -> Ints:
    """The counts (S, J) as (J, S): along many trials array operations are faster than along J."""
    return np.ascontiguousarray(counts.T)
