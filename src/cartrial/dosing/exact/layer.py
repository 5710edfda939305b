"""Many counts at once, as arrays: what a design is asked when whole trials are enumerated.

    Policy.move(layer) -> Moves        the next level of each
    Policy.select(layer) -> levels     the level that each would select as its end

A design that answers for one `Counts` at a time does so through `one_by_one`; one that can answer
for all of them in a few array operations brings a policy of its own, which has to say the same.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from cartrial.dosing.counts import Advice, Counts
from cartrial.errors import RuleError

Ints = NDArray[np.int64]
Advise = Callable[[Counts], Advice]
LARGEST = 2**62  # whole number that stands for a row


@dataclass(frozen=True)
class Layer:
    """S counts of J levels: `treated` and `dlts` are (S, J), `current` and `barred` (S,).

    `last` (S, 2) are the patients and DLTs of the last cohort, 0 where nobody asks for them.
    """

    treated: Ints
    dlts: Ints
    current: Ints
    barred: Ints
    last: Ints

    def __len__(self) -> int:
        return len(self.current)

    def __iter__(self) -> Iterator[Counts]:
        """Each counts by itself."""
        rows = zip(*(column.tolist() for column in self._columns()), strict=True)
        for treated, dlts, current, barred, (n, y) in rows:
            yield Counts(tuple(treated), tuple(dlts), current, barred, (n, y) if n else None)

    def take(self, rows: Ints) -> "Layer":
        """The counts of some rows, in their order."""
        return Layer(*(column[rows] for column in self._columns()))

    def _columns(self) -> tuple[Ints, ...]:
        return self.treated, self.dlts, self.current, self.barred, self.last


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


def start(levels: int) -> Layer:
    """The one counts of a trial that has not begun."""
    nobody, none = np.zeros((1, levels), np.int64), np.zeros((1, 2), np.int64)
    return Layer(nobody, nobody, none[:, 0], np.full(1, levels + 1, np.int64), none)


def joined(layers: Sequence[Layer]) -> Layer:
    """The counts of all layers, one after the other."""
    columns = zip(*(layer._columns() for layer in layers), strict=True)
    return Layer(*(np.concatenate(column) for column in columns))


def distinct(columns: Sequence[Ints]) -> tuple[Ints, Ints]:
    """The first row of each kind, and of which kind each row is; the columns are 0 or more."""
    kinds = [int(column.max(initial=0)) + 1 for column in columns]
    if prod(kinds) < LARGEST:
        key = np.ravel_multi_index(tuple(columns), kinds)
    else:
        key = np.unique(np.stack(columns), axis=1, return_inverse=True)[1].ravel()
    _, first, kind = np.unique(key, return_index=True, return_inverse=True)
    return first, kind


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
