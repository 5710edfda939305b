"""What an unknown limit of normal or baseline could be, so that a grade can be bounded.

A baseline is normal, low, high, or the record itself; where nobody says, it is each of those that
what is known allows. Within one of them every unknown number has a smallest and a largest value:

    lower limit        0 to the upper limit
    upper limit        the lower limit or more
    baseline, normal   lower to upper limit
    baseline, low      0 to the lower limit
    baseline, high     the upper limit or more

A grade rises or falls with each of these numbers, so the grades at the smallest and at the largest
hold the grade of every completion.

Reading: an indicator that is given is believed; one that is not follows from the baseline and the
    limits of normal of the same row. A baseline says nothing about unknown limits: those of its own
    day may have been others.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from cartrial.grading.ctcae.criteria import Reference
from cartrial.grading.ctcae.exact import Flags, Floats

Index = NDArray[np.int64]
Kinds = NDArray[np.int8]


class Kind(IntEnum):
    """What is known of a baseline."""

    UNKNOWN = -1
    NORMAL = 0
    LOW = 1
    HIGH = 2
    RECORD = 3  # the row is the baseline


KNOWN = (Kind.NORMAL, Kind.LOW, Kind.HIGH, Kind.RECORD)


@dataclass(frozen=True)
class Values:
    """The numbers of some rows, NaN where unknown, and the kind of their baseline."""

    value: Floats
    low: Floats
    high: Floats
    base: Floats
    kind: Kinds

    def take(self, rows: Index) -> "Values":
        """Some of the rows."""
        return Values(
            self.value[rows], self.low[rows], self.high[rows], self.base[rows], self.kind[rows]
        )

    def of(self, reference: Reference | None) -> Floats:
        """The numbers that a limit is a multiple of; the values themselves where it is none."""
        match reference:
            case "LLN":
                return self.low
            case "ULN":
                return self.high
            case "BASE":
                return self.base
            case None:
                return self.value


def kinds(given: Kinds, base: Floats, low: Floats, high: Floats) -> Kinds:
    """The kind of each baseline: as given, else by the limits of normal, else unknown."""
    found = np.full(len(given), Kind.UNKNOWN, np.int8)
    found[(base >= low) & (base <= high)] = Kind.NORMAL
    found[base < low] = Kind.LOW
    found[base > high] = Kind.HIGH
    return np.where(given == Kind.UNKNOWN, found, given)


def completions(values: Values) -> tuple[Values, Values, Index]:
    """Each row once for every kind that its baseline could be, and the number of the row.

    First with every unknown number at its smallest, then at its largest; in the order of the rows.
    """
    could = np.stack([_allowed(values, kind) for kind in KNOWN], axis=1)
    rows, of = np.nonzero(could)
    small, large = _bounds(values.take(rows), np.array(KNOWN, np.int8)[of])
    return small, large, rows


def _allowed(values: Values, kind: Kind) -> Flags:
    """Whether the baseline could be of this kind."""
    unsaid = values.kind == Kind.UNKNOWN
    base, low, high = values.base, values.low, values.high
    match kind:
        case Kind.NORMAL:
            open_to = ~((base < low) | (base > high))
        case Kind.LOW:
            open_to = ~((base >= low) | (base > high))
        case Kind.HIGH:
            open_to = ~((base <= high) | (base < low))
        case _:
            open_to = np.zeros(len(base), np.bool_)
    return np.asarray((unsaid & open_to) | (values.kind == kind))


def _bounds(values: Values, kind: Kinds) -> tuple[Values, Values]:
    """The rows with every unknown number at its smallest, and at its largest."""
    low, high, base = values.low, values.high, values.base
    lows = (_first(low, at=0), _first(low, high))
    highs = (_first(high, low, at=0), _first(high))
    which = [kind == Kind.NORMAL, kind == Kind.LOW, kind == Kind.HIGH]
    least = [_first(base, low, at=0), _first(base, at=0), _first(base, high, low, at=0)]
    most = [_first(base, high), _first(base, low, high), _first(base)]
    bases = (np.select(which, least, base), np.select(which, most, base))
    small, large = zip(lows, highs, bases, strict=True)
    return Values(values.value, *small, kind), Values(values.value, *large, kind)


def _first(*known: Floats, at: float = np.inf) -> Floats:
    """The first number that is known, else `at`."""
    found = known[0]
    for other in known[1:]:
        found = np.where(np.isnan(found), other, found)
    return np.where(np.isnan(found), at, found)
