"""Many counts at once, as arrays: what a design is asked when whole trials are enumerated.

    Policy.move(layer) -> Moves        the next level of each
    Policy.select(layer) -> levels     the level that each would select as its end

A design that answers for one `Counts` at a time does so through `one_by_one`; one that can answer
for all of them in a few array operations brings a policy of its own, which has to say the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import prod
from operator import mul

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.counts import Advice, Counts
from cartrial.errors import RuleError

Ints = NDArray[np.int64]
Advise = Callable[[Counts], Advice]
LARGEST = 2**62  # whole number that stands for a row


@dataclass(frozen=True)
class Layer:
    """S counts of J levels, one in each of the `rows` (S, 2 J + 4); the columns are views of them.

    `treated` and `dlts` are (S, J), `current` and `barred` (S,). `last` (S, 2) are the patients and
    DLTs of the last cohort, 0 where nobody asks for them.
    """

    rows: Ints

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Counts]:
        """Each counts by itself."""
        j = self.levels
        for row in self.rows.tolist():
            current, barred, n, y = row[2 * j :]
            last = (n, y) if n else None
            yield Counts(tuple(row[:j]), tuple(row[j : 2 * j]), current, barred, last)

    @property
    def levels(self) -> int:
        """The number of dose levels."""
        return int(self.rows.shape[1]) // 2 - 2

    @property
    def treated(self) -> Ints:
        """Patients by level."""
        return self.rows[:, : self.levels]

    @property
    def dlts(self) -> Ints:
        """DLTs by level."""
        return self.rows[:, self.levels : -4]

    @property
    def seen(self) -> Ints:
        """Patients, then DLTs, by level, (S, 2 J): all that a model is fitted to."""
        return self.rows[:, :-4]

    @property
    def current(self) -> Ints:
        """The level of the last cohort, 0 before the first."""
        return self.rows[:, -4]

    @property
    def barred(self) -> Ints:
        """The lowest level barred, J + 1 for none."""
        return self.rows[:, -3]

    @property
    def last(self) -> Ints:
        """Patients and DLTs of the last cohort."""
        return self.rows[:, -2:]

    def take(self, rows: Ints) -> "Layer":
        """The counts of some rows, in their order."""
        return Layer(self.rows[rows])


@dataclass(frozen=True)
class Moves:
    """The advice for each of S counts, (S,) each: `level` 0 is the end, as in `Advice` else."""

    level: Ints
    barred: Ints
    places: Ints


Move = Callable[[Layer], Moves]
Select = Callable[[Layer], Ints]


@dataclass(frozen=True)
class Policy:
    """How a design moves and what it selects, 0 for none; whether it asks for the last cohort."""

    move: Move
    select: Select
    asks_last: bool = False


def start(levels: int, *, trials: int = 1) -> Layer:
    """The counts of trials that have not begun."""
    rows = np.zeros((trials, 2 * levels + 4), np.int64)
    rows[:, -3] = levels + 1
    return Layer(rows)


def joined(layers: Sequence[Layer]) -> Layer:
    """The counts of all layers, one after the other."""
    return Layer(np.concatenate([layer.rows for layer in layers]))


def distinct(rows: Ints) -> tuple[Ints, Ints]:
    """The first row of each kind, and of which kind each row is; all numbers are 0 or more.

    The kinds stand in the order of their numbers.
    """
    kinds = (rows.max(axis=0, initial=0) + 1).tolist()
    if prod(kinds) > LARGEST:
        _, first, kind = np.unique(rows, axis=0, return_index=True, return_inverse=True)
        return first, kind
    steps = list(accumulate(reversed(kinds), mul, initial=1))[-2::-1]
    key = rows @ np.array(steps)
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    begins = np.ones(len(rows), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    kind = np.empty(len(rows), np.int64)
    kind[order] = np.cumsum(begins) - 1
    return order[begins], kind


def one_by_one(
    advise: Advise, select: Callable[[Counts], int | None], *, asks_last: bool = False
) -> Policy:
    """The policy of a design that is asked about one counts after the other."""

    def move(layer: Layer) -> Moves:
        found = [_settled(advise(counts)) for counts in layer]
        moves = np.array([(a.level or 0, a.barred, a.places) for a in found], np.int64)
        return Moves(*moves.T)

    def selected(layer: Layer) -> Ints:
        return np.array([select(counts) or 0 for counts in layer], np.int64)

    return Policy(move, selected, asks_last)


def _settled(advice: Advice) -> Advice:
    if advice.wait:
        raise RuleError(f"design: must not wait where nobody is pending, got {advice.reason}")
    return advice
