"""Exact operating characteristics: every trial that a design can lead to, enumerated once.

From the first cohort on, each decision and each number of DLTs is followed until the design stops
or the subjects are used up. Trials that arrive at the same counts are one from there on. The
probability of an end is a product of powers of the true rates p, counted as often as there are ways
to it:

    ways x p1^DLTs (1 - p1)^(patients - DLTs) x p2^... x ...

so that the enumeration is needed once, and a scenario is two matrix products.

Reading: a cohort is cut short where fewer subjects are left than it has places.
Oracle: closed form of the 3+3; R packages BOIN 2.7.2, escalation 0.2.3, Keyboard 0.1.3 and dfcrm
0.2-2.1 (tests/oracle/boin, escalation, keyboard, dfcrm)
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import binom

from cartrial.dosing.exact.layer import Ints, Layer, Policy, distinct, joined, start
from cartrial.dosing.operating import (
    SAME,
    Floats,
    OperatingCharacteristics,
    with_complements,
)
from cartrial.errors import RuleError

MOST_STATES = 500_000  # after any decision
MOST_ENDS = 2**11  # worked out together
AT_ONCE = 2**14  # probabilities: with more the products are shared among threads, at a loss
TINY = 1e-300  # stands for a rate of 0, which has no logarithm


@dataclass(frozen=True)
class Ends:
    """Every end of a trial: T of them, over J levels.

    `treated` and `dlts` are (T, J); `ways` (T,) is how many courses lead there, `selected` (T,) the
    level selected, 0 for none, `stopped` (T,) whether the rule ended it with subjects left.
    """

    treated: Ints
    dlts: Ints
    ways: Floats
    selected: Ints
    stopped: NDArray[np.bool_]

    @cached_property
    def levels(self) -> int:
        """The number of dose levels."""
        return int(self.treated.shape[1])

    def probabilities(self, truth: ArrayLike) -> Floats:
        """The probability of each end, (..., T), under true rates (..., J)."""
        rates = with_complements(truth, levels=self.levels, least=TINY)
        return np.asarray(np.exp(np.log(rates) @ self._powers) * self.ways)

    def means(self, truth: ArrayLike) -> Floats:
        """The means of the outcomes, (..., 2 J + 2), under true rates (..., J).

        The probability that each level is selected, the number of patients by level, and the
        probability that the trial is stopped.
        """
        logs = np.log(with_complements(truth, levels=self.levels, least=TINY))
        if logs.ndim == 1:
            one: Floats = np.exp(logs.dot(self._powers)).dot(self._outcomes)
            return one
        flat = logs.reshape(-1, 2 * self.levels)
        found = np.zeros((len(flat), self._outcomes.shape[1]))
        some = min(len(self.ways), MOST_ENDS)
        step = max(1, AT_ONCE // some)
        for i in range(0, len(flat), step):
            for j in range(0, len(self.ways), some):
                course = np.exp(flat[i : i + step] @ self._powers[:, j : j + some])
                found[i : i + step] += course @ self._outcomes[j : j + some]
        return found.reshape(*logs.shape[:-1], found.shape[1])

    @cached_property
    def _powers(self) -> Floats:
        """The powers of the rates and of their complements, (2 J, T)."""
        return np.concatenate([self.dlts, self.treated - self.dlts], axis=1).T.astype(np.float64)

    @cached_property
    def _outcomes(self) -> Floats:
        """What is averaged, as often as there are ways to it, (T, 2 J + 2)."""
        chosen = self.selected[:, None] == np.arange(self.levels + 1)
        outcomes = np.column_stack([chosen, self.treated, self.stopped])
        return np.asarray(outcomes * self.ways[:, None])


def enumerate_ends(policy: Policy, *, levels: int, subjects: int, most: int = MOST_STATES) -> Ends:
    """Every end of a trial of at most `subjects`; refused beyond `most` states."""
    layer, ways, ends = start(levels), np.ones(1), []
    while True:
        moves = policy.move(layer)
        left = subjects - layer.treated.sum(axis=1)
        size = np.where(moves.level > 0, np.minimum(moves.places, left), 0)
        layer.barred[:] = moves.barred
        over, on = np.flatnonzero(size == 0), np.flatnonzero(size)
        if len(over):
            ends.append((layer.take(over), ways[over], left[over] > 0))
        if not len(on):
            break
        cohort = moves.level[on], size[on]
        layer, ways = _next(layer.take(on), ways[on], *cohort, last=policy.asks_last)
        _check_size(layer, subjects, most)
    layers, courses, stopped = (list(parts) for parts in zip(*ends, strict=True))
    done = joined(layers)
    return _joined(done, np.concatenate(courses), policy.select(done), np.concatenate(stopped))


def evaluate(ends: Ends, truth: ArrayLike, *, target: float) -> OperatingCharacteristics:
    """The operating characteristics under true rates (J,), or under each of a grid (..., J)."""
    rates, levels = np.asarray(truth, np.float64), ends.levels
    means = ends.means(rates)
    patients = means[..., levels + 1 : -1]
    over = np.vecdot(patients, rates > target + SAME)
    return OperatingCharacteristics(
        selection=means[..., : levels + 1],
        patients=patients,
        dlts=patients * rates,  # a cohort's level is settled before its DLTs
        over_target=over / np.add.reduce(patients, axis=-1),
        stopped=means[..., -1],
    )


def _check_size(layer: Layer, subjects: int, most: int) -> None:
    if len(layer) > most:
        raise RuleError(
            f"exact enumeration: states must be at most {most:,}, got {len(layer):,} with "
            f"{layer.treated.sum(axis=1).max()} of {subjects} subjects treated. Take larger "
            "cohorts, fewer subjects or levels, or simulate"
        )


def _next(
    layer: Layer, ways: Floats, level: Ints, size: Ints, *, last: bool
) -> tuple[Layer, Floats]:
    """The counts after a cohort at each level, for every number of DLTs; equal ones are joined.

    The layer itself gets the patients of the cohort.
    """
    layer.treated[np.arange(len(layer)), level - 1] += size
    layer.current[:] = level
    kinds = size + 1
    parent = np.repeat(np.arange(len(layer)), kinds)
    row, n = np.arange(len(parent)), size[parent]
    y = row - (np.cumsum(kinds) - kinds)[parent]
    child = layer.take(parent)
    child.dlts[row, level[parent] - 1] += y
    if last:
        child.last[:] = np.column_stack([n, y])
    first, kind = distinct(child.rows)
    return child.take(first), _sums(kind, ways[parent] * binom(n, y), len(first))


def _joined(done: Layer, ways: Floats, selected: Ints, stopped: NDArray[np.bool_]) -> Ends:
    """The ends, where equal ones are one."""
    first, kind = distinct(np.column_stack([done.seen, selected, stopped]))
    total = _sums(kind, ways, len(first))
    return Ends(done.treated[first], done.dlts[first], total, selected[first], stopped[first])


def _sums(kind: Ints, ways: Floats, kinds: int) -> Floats:
    return np.bincount(kind, weights=ways, minlength=kinds).astype(np.float64)
