"""Agreement of qPCR and flow: the same blood measured twice, paired, ranked, and as a ratio.

    pair         a qPCR and a flow result of one subject, each used once, closest times first, no
                 farther apart than the tolerance
    both values  only such pairs enter the ratio and the ranks; how many have one assay below its
                 limit, or both, is counted
    ratio        copies/ug DNA for each CAR+ cell/uL: its median and range
    ranks        Spearman's correlation, within each subject over time and across subjects

Reading: a subject counts once in a window of time and across subjects: by the geometric mean of its
    pairs there, so that its samples are not taken for independent ones. Below the limit is what is
    below quantification or not detected; what was not done makes no pair.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.forms.laboratory import STATUS
from cartrial.kinetics.relation import Relation, correlation

TOLERANCE = 1.0  # days
WINDOWS = ((0.0, 14.0), (14.0, 28.0), (28.0, 90.0), (90.0, float("inf")))  # days, first included


class Measured(s.Table):
    """One result of one assay at one time."""

    subject = s.subject_key()
    day = s.number("Days since the infusion", "days", primary_key=True)
    status = s.code("Result", STATUS)
    value = s.number("Value", unit_in="assay", min=0, nullable=True)

    @s.rule()
    def only_a_value_has_a_number(cls) -> pl.Expr:
        """Below a limit there is no number."""
        return (cls.status.col == "value") == cls.value.col.is_not_null()

    @s.rule()
    def a_value_is_above_zero(cls) -> pl.Expr:
        """Its logarithm is taken."""
        return cls.value.col.is_null() | (cls.value.col > 0)


class Pair(s.Table):
    """A qPCR and a flow result of one subject; a number only where the result is a value."""

    subject = s.subject_key()
    day = s.number("Day of the qPCR result", "days", primary_key=True)
    apart = s.number("Flow result later by", "days")
    copies = s.number("CAR copies", "copies/ug DNA", nullable=True)
    cells = s.number("CAR+ cells", "cells/uL", nullable=True)
    ratio = s.number("Copies for each cell", "(copies/ug)/(cells/uL)", nullable=True)


@dataclass(frozen=True)
class Counted:
    """How many pairs are values by both assays, by one alone, by neither."""

    both: int
    qpcr_alone: int
    flow_alone: int
    neither: int


@dataclass(frozen=True)
class Window:
    """The pairs of some days; `ratio` has one element for each subject, in their order."""

    first: float  # day, included
    last: float  # day, not included
    counted: Counted
    subjects: tuple[str, ...]  # with a pair of values
    ratio: tuple[float, ...]
    ranks: Relation  # across subjects

    @property
    def median(self) -> float | None:
        """The median of the subjects' ratios."""
        return median(self.ratio) if self.ratio else None


@dataclass(frozen=True)
class Agreement:
    """How two assays agree: pair by pair, in each subject over time, across subjects by window."""

    pairs: s.DataFrame[Pair]
    unpaired: Counted  # results without a partner: `qpcr_alone` and `flow_alone`
    within: tuple[tuple[str, Relation], ...]
    overall: Window
    windows: tuple[Window, ...]


def compare_assays(
    qpcr: s.DataFrame[Measured],
    flow: s.DataFrame[Measured],
    *,
    tolerance: float = TOLERANCE,
    windows: Sequence[tuple[float, float]] = WINDOWS,
    level: float = 0.95,
) -> Agreement:
    """The agreement of qPCR and flow over all subjects that have both."""
    pairs, unpaired = pair_results(qpcr, flow, tolerance=tolerance)
    return Agreement(
        pairs=pairs,
        unpaired=unpaired,
        within=tuple(_within(pairs, level)),
        overall=_window(pairs, (-float("inf"), float("inf")), level),
        windows=tuple(_window(pairs, ends, level) for ends in windows),
    )


def pair_results(
    qpcr: s.DataFrame[Measured], flow: s.DataFrame[Measured], *, tolerance: float
) -> tuple[s.DataFrame[Pair], Counted]:
    """The pairs by subject and day, and how many results of each assay found no partner."""
    done = pl.col("status") != "not done"
    left, right = (part.filter(done).with_row_index("place") for part in (qpcr, flow))
    near = (
        left.join(right, on="subject", suffix=" of flow")
        .with_columns(apart=pl.col("day of flow") - pl.col("day"))
        .filter(pl.col("apart").abs() <= tolerance)
        .sort(pl.col("apart").abs(), "subject", "day", "day of flow")
    )
    used_left: set[int] = set()
    used_right: set[int] = set()
    kept: list[int] = []
    for row, (mine, theirs) in enumerate(near.select("place", "place of flow").iter_rows()):
        if mine not in used_left and theirs not in used_right:
            used_left.add(mine)
            used_right.add(theirs)
            kept.append(row)
    both = near[kept].select("subject", "day", "apart", copies="value", cells="value of flow")
    pairs = both.with_columns(ratio=pl.col("copies") / pl.col("cells")).sort("subject", "day")
    alone = Counted(0, left.height - len(kept), right.height - len(kept), 0)
    return Pair.validate(pairs, cast=True), alone


def _within(pairs: s.DataFrame[Pair], level: float) -> Iterator[tuple[str, Relation]]:
    """The rank correlation over the times of each subject."""
    valued = pairs.filter(pl.col("ratio").is_not_null())
    for (subject,), mine in valued.group_by("subject", maintain_order=True):
        found = correlation(mine["copies"].to_numpy(), mine["cells"].to_numpy(), level=level)
        yield str(subject), found


def _window(pairs: s.DataFrame[Pair], ends: tuple[float, float], level: float) -> Window:
    first, last = ends
    mine = pairs.filter(pl.col("day") >= first, pl.col("day") < last)
    by_subject = (
        mine.filter(pl.col("ratio").is_not_null())
        .group_by("subject", maintain_order=True)
        .agg(pl.col("copies", "cells", "ratio").log().mean().exp())
    )
    return Window(
        first=first,
        last=last,
        counted=_counted(mine),
        subjects=tuple(by_subject["subject"]),
        ratio=tuple(by_subject["ratio"]),
        ranks=correlation(
            np.asarray(by_subject["copies"]), np.asarray(by_subject["cells"]), level=level
        ),
    )


def _counted(pairs: pl.DataFrame) -> Counted:
    qpcr, flow = pairs["copies"].is_not_null(), pairs["cells"].is_not_null()
    parts = (qpcr & flow, qpcr & ~flow, ~qpcr & flow, ~qpcr & ~flow)
    return Counted(*(int(part.sum()) for part in parts))
