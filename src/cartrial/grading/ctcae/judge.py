"""Which arms of a term's criteria a value meets, and which it could meet.

The arms of a term are ranked by grade, so the highest rank that is met gives both the grade and the
arm that decided. Rank 0 is no arm: grade 0. Unknown numbers are bounded (see `completion`): an arm
is sure when it is met with every number at its mildest, open when it is met at its most severe.
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from cartrial.grading.ctcae.completion import Index, Kind, Values, completions
from cartrial.grading.ctcae.criteria import Arm, Comparison, Grading, Reference
from cartrial.grading.ctcae.exact import Flags, meets

Ranks = NDArray[np.int8]

MISSING: dict[Reference, int] = {"LLN": 1, "ULN": 2, "BASE": 4}  # bits


@dataclass(frozen=True)
class Ladder:
    """The arms of a term in one printed unit, from grade 1 up; a question stands below none."""

    arms: tuple[Arm, ...]
    factor: Decimal  # from the unit of the values into the printed one
    severe_is_small: bool

    @property
    def grades(self) -> NDArray[np.int8]:
        """The grade of each rank."""
        return np.array([0, *(arm.grade for arm in self.arms)], np.int8)

    @property
    def needs(self) -> frozenset[Reference]:
        """The references that any arm needs."""
        return frozenset().union(*(arm.references for arm in self.arms))

    @property
    def by_baseline(self) -> bool:
        """Whether the kind of the baseline chooses the arms."""
        return any(arm.baseline not in ("-", "known") for arm in self.arms)


@dataclass(frozen=True)
class Judged:
    """The ranks of some rows, with and without the answer yes to what the printed ranges ask.

    `least` is sure without an answer, `most` is open with it. `known` is met by the numbers that
    are known, with the answer yes; it is `final` where no unknown number could raise it from 0.
    `unsettled` tells where numbers are missing that matter, `missing` which (bits of `MISSING`),
    and `asked` which arms with a question are open (bits by rank).
    """

    least: Ranks
    most: Ranks
    known: Ranks
    final: Flags
    unsettled: Flags
    missing: NDArray[np.int8]
    asked: NDArray[np.int64]


def ladder(grading: Grading, unit: str | None, factor: Decimal) -> Ladder:
    """The arms of a term for values in a printed unit."""
    arms = sorted(reversed(grading.arms_in(unit)), key=lambda arm: (arm.grade, arm.asks is None))
    return Ladder(tuple(arms), factor, grading.direction == "H")


def judge(rungs: Ladder, values: Values) -> Judged:
    """The ranks of each row."""
    met = _met(rungs, values)
    most = _highest(rungs, met, asked=True)
    judged = Judged(
        least=_highest(rungs, met, asked=False),
        most=most,
        known=most.copy(),
        final=np.ones(len(values.value), np.bool_),
        unsettled=np.zeros(len(values.value), np.bool_),
        missing=np.zeros(len(values.value), np.int8),
        asked=_asked(rungs, met),
    )
    lacking = np.zeros(len(values.value), np.bool_)
    for reference in rungs.needs:
        lacking |= np.isnan(values.of(reference))
    if rungs.by_baseline:
        lacking |= values.kind == Kind.UNKNOWN
    rows = np.flatnonzero(lacking)
    if rows.size:
        _bound(rungs, values.take(rows), judged, rows)
    return judged


def _bound(rungs: Ladder, values: Values, judged: Judged, rows: Index) -> None:
    """Put the bounds of rows that lack a number into `judged`."""
    small, large, row = completions(values)
    severe, mild = (small, large) if rungs.severe_is_small else (large, small)
    could, must = _met(rungs, severe), _met(rungs, mild)
    fair = [met & (arm.baseline != "known") for arm, met in zip(rungs.arms, could, strict=True)]
    first = np.flatnonzero(np.diff(row, prepend=-1))  # the completions of a row follow each other

    def least(met: list[Flags], *, asked: bool) -> Ranks:
        return np.minimum.reduceat(_highest(rungs, met, asked=asked), first)

    def most(met: list[Flags], *, asked: bool) -> Ranks:
        return np.maximum.reduceat(_highest(rungs, met, asked=asked), first)

    grades = rungs.grades
    lowest, highest = least(must, asked=False), most(could, asked=True)
    open_before = grades[lowest] < grades[most(could, asked=False)]  # before an answer is known
    open_after = grades[least(must, asked=True)] < grades[highest]
    judged.least[rows], judged.most[rows] = lowest, highest
    judged.final[rows] = (judged.known[rows] > 0) | (most(fair, asked=True) == 0)
    judged.unsettled[rows] = open_before | open_after
    judged.asked[rows] = np.bitwise_or.reduceat(_asked(rungs, could), first)
    missing = _missing(rungs, values.take(row), could, must)
    judged.missing[rows] = np.bitwise_or.reduceat(missing, first)
    if rungs.by_baseline:
        several = np.diff(first, append=len(row)) > 1
        judged.missing[rows[several & np.isnan(values.base)]] |= MISSING["BASE"]


def _met(rungs: Ladder, values: Values) -> list[Flags]:
    """For each arm, the rows that meet it."""
    known: dict[Comparison, Flags] = {}
    found = []
    for arm in rungs.arms:
        met = _fits(arm, values.kind)
        for comparison in arm.comparisons:
            if comparison not in known:
                reference = values.of(comparison.reference)
                known[comparison] = meets(comparison, values.value, reference, rungs.factor)
            met = met & known[comparison]
        found.append(met)
    return found


def _fits(arm: Arm, kind: NDArray[np.int8]) -> Flags:
    """Whether the baseline is of the kind that the arm is for."""
    match arm.baseline:
        case "high":
            return np.asarray(kind == Kind.HIGH)
        case "not high":
            return np.asarray(kind != Kind.HIGH)
        case "low":
            return np.asarray(kind == Kind.LOW)
        case _:
            return np.ones(len(kind), np.bool_)


def _highest(rungs: Ladder, met: list[Flags], *, asked: bool) -> Ranks:
    """The highest rank that is met; arms with a question count only when it is answered yes."""
    found = np.zeros(len(met[0]), np.int8)
    for rank, (arm, here) in enumerate(zip(rungs.arms, met, strict=True), start=1):
        if asked or arm.asks is None:
            found[here] = rank
    return found


def _asked(rungs: Ladder, met: list[Flags]) -> NDArray[np.int64]:
    found = np.zeros(len(met[0]), np.int64)
    for rank, (arm, here) in enumerate(zip(rungs.arms, met, strict=True), start=1):
        if arm.asks is not None:
            found[here] |= 1 << rank
    return found


def _missing(
    rungs: Ladder, values: Values, could: list[Flags], must: list[Flags]
) -> NDArray[np.int8]:
    """The unknown numbers of arms that are open and not sure."""
    found = np.zeros(len(values.value), np.int8)
    for arm, open_, sure in zip(rungs.arms, could, must, strict=True):
        for reference in arm.references:
            lacks = open_ & ~sure & np.isnan(values.of(reference))
            found[lacks] |= MISSING[reference]
    return found
