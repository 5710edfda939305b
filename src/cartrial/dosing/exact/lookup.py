"""Interval designs by look-up: the advice of `interval` and `isotonic` for many counts at once.

The table is filled by the very `decide` of the design, once for each number of patients and DLTs
at a dose. What follows from a decision, and which level is nearest to the target, is said here a
second time, in array operations; it is held to `interval.advise` and `isotonic.nearest_level` on
every state of every design (tests/unit/dosing/test_policy.py).
"""

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.characteristics.operating import Floats
from cartrial.dosing.decision import Decision
from cartrial.dosing.design.interval import Decide
from cartrial.dosing.exact.layer import Ints, Layer, Move, Moves, Select
from cartrial.dosing.isotonic import PRIOR, SAME

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
        here = np.maximum(layer.current, 1) - 1
        rows = np.arange(len(layer))
        decision = table[layer.treated[rows, here], layer.dlts[rows, here]]
        step = np.maximum(decision, Decision.DEESCALATE)
        begun = np.minimum(first, layer.treated.shape[1])
        level = np.where(layer.current == 0, begun, np.maximum(layer.current + step, 1))
        level = np.minimum(level, np.minimum(barred - 1, layer.treated.shape[1]))
        return Moves(level, barred, np.full(len(layer), cohort, np.int64))

    return move


def nearest(table: Table, *, target: float, prior: float = PRIOR, highest: float = 1.0) -> Select:
    """The level nearest to the target of those not barred; as `isotonic.nearest_level`."""

    def select(layer: Layer) -> Ints:
        levels = np.arange(1, layer.treated.shape[1] + 1)
        allowed = (layer.treated > 0) & (levels < lowest_barred(table, layer)[:, None])
        rates = isotonic_rates(layer, allowed, prior)
        allowed &= rates <= highest
        distance = np.where(allowed, np.abs(rates - target), FAR)
        tied = allowed & (distance - distance.min(axis=1, keepdims=True) < SAME)
        below = tied & (rates < target - SAME)
        lowest = np.where(tied.any(axis=1), tied.argmax(axis=1) + 1, 0)
        highest_below = np.where(below, levels, 0).max(axis=1)
        return np.where(highest_below > 0, highest_below, lowest)

    return select


def lowest_barred(table: Table, layer: Layer) -> Ints:
    """The lowest level barred so far or now, of each counts."""
    out = table[layer.treated, layer.dlts] == Decision.ELIMINATE
    now = np.where(out.any(axis=1), out.argmax(axis=1) + 1, layer.barred)
    return np.minimum(now, layer.barred)


def isotonic_rates(layer: Layer, allowed: NDArray[np.bool_], prior: float) -> Floats:
    """The rates (S, J), non-decreasing over the levels allowed; of no meaning at the others.

    The rate of a level is the highest, over the blocks of levels that begin at or below it, of the
    lowest mean of a block that ends at or above it.
    """
    a, b = layer.dlts + prior, layer.treated - layer.dlts + prior
    weight = np.where(allowed, (a + b) ** 2 * (a + b + 1) / (a * b), 0.0)
    weighted = weight * a / (a + b)
    rates = np.zeros_like(weight)
    for begin in range(weight.shape[1]):
        total = np.maximum(np.cumsum(weight[:, begin:], axis=1), SAME)
        means = np.cumsum(weighted[:, begin:], axis=1) / total
        lowest = np.minimum.accumulate(means[:, ::-1], axis=1)[:, ::-1]
        rates[:, begin:] = np.maximum(rates[:, begin:], lowest)
    return rates
