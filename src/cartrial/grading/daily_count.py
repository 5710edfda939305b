"""Blood counts by day: runs below a limit, days without a count, and where follow-up ends.

What ICAHT and T-ICAHT share:

    several counts on a day     the lowest
    up to 7 missing days        linear between the counts on both sides
    more, or none on one side   unknown: all low, or all recovered
    two runs of low days        one run where fewer than 3 consecutive recovered days lie between;
                                those days count
    after the follow-up         an open run may have gone on: it is a lower bound

All subjects are judged together: an array has a row for each of them and a column for each day of
the window, which holds how many limits the count of that day reaches.

Source: Liang, automated grading of ICAHT (github.com/emilyliangmd/automatedicahtgrading, c3e01090),
for the rules above; CIBMTR definition of neutrophil recovery, 3 consecutive days.
Reading: death, progression and new therapy end the time that counts, so that only a run which is
open then (fewer than 3 recovered days since its last low day) leaves the grade open. After the last
contact, and for a subject still followed at the data cut, the days that nobody saw are unknown.
Nothing after the follow-up is used; a count before the window is a neighbour to interpolate from.
Interpolated counts are not rounded and nothing is carried beyond the last count. A count is a whole
number of cells per litre: up to 10^6 x 10^9/L a float holds it, and is exact at every limit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cartrial.errors import DataError

Stop = Literal["death", "progression", "new therapy", "last contact", "ongoing"]
STOPS: tuple[Stop, ...] = ("death", "progression", "new therapy", "last contact", "ongoing")
ENDS: tuple[Stop, ...] = ("death", "progression", "new therapy")  # later days do not count
LOST: tuple[Stop, ...] = ("death", "last contact")  # the last count has the last word
BRIDGED = 7  # missing days, at most, that are interpolated
STABLE = 3  # consecutive days of recovery that part two runs
CELLS = 1e9  # per litre, in the unit of the counts
NO_COUNT, RECOVERED, LOW = -1, 0, 9  # levels: none, no limit, every limit

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Cells = NDArray[np.float64]
Levels = NDArray[np.int8]
GradeOf = Callable[[Levels], Whole]


@dataclass(frozen=True)
class Span:
    """Days in a row, the first and the last included."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """How many days it has."""
        return self.last - self.first + 1


@dataclass(frozen=True)
class Limits:
    """Limits of a count in cells per litre, the widest first, and how a count reaches one."""

    cells: tuple[float, ...]
    reaches: Callable[[Cells, Any], Flags]

    def level(self, cells: Cells, parts: Whole | int = 1) -> Levels:
        """How many limits a count reaches; it is given as a multiple, `parts` times itself."""
        level = np.zeros(len(cells), dtype=np.int8)
        for limit in self.cells:
            level += self.reaches(cells, limit * parts)
        return level


@dataclass(frozen=True)
class Daily:
    """The lowest count of each day up to the end of follow-up, of every subject that is followed.

    `followed` has subject, followed_to (last day that counts) and stop, in the order of the
    subjects; `row` is that of a count in it. The counts are in the order of subjects and days.
    """

    followed: pl.DataFrame
    row: Whole
    day: Whole
    cells: Cells

    @property
    def to(self) -> Whole:
        """The last day that counts of each subject."""
        return self.followed["followed_to"].to_numpy()

    def stopped(self, stops: Sequence[Stop]) -> Flags:
        """Whether the follow-up of each subject was ended by one of these."""
        return self.followed["stop"].is_in(stops).to_numpy()

    def may_count(self, span: Span) -> Flags:
        """The days of a span of which a count could still be told; none after its end."""
        days = np.arange(span.first, span.last + 1)
        return (days <= self.to[:, None]) | ~self.stopped(ENDS)[:, None]


@dataclass(frozen=True)
class Window:
    """The levels of each day of a window: `NO_COUNT` where it has none, or was not followed.

    `later` says whether a count after the window is known.
    """

    span: Span
    level: Levels
    interpolated: Flags
    followed: Flags
    later: Flags

    @property
    def counted(self) -> Flags:
        """The days that have a count, measured or interpolated."""
        return self.level > NO_COUNT

    @property
    def unknown(self) -> Flags:
        """The followed days without a count."""
        return self.followed & ~self.counted

    def days(self, chosen: Flags, row: int) -> tuple[int, ...]:
        """The chosen days of one subject."""
        return tuple((self.span.first + np.flatnonzero(chosen[row])).tolist())


@dataclass(frozen=True)
class Bounds:
    """The lowest and the highest grade that the unknown days leave, and those days.

    Days after a follow-up that ended (`ENDS`) may be among them: nobody can tell of those any more.
    """

    lowest: Whole
    highest: Whole
    missing: Flags


def daily(counts: pl.DataFrame, followed: pl.DataFrame) -> Daily:
    """The counts (subject, day, value in 10^9/L) of the subjects in `followed`, by day.

    A null value is a day without a count.
    """
    ends = followed.select("subject", "followed_to", "stop").sort("subject")
    _check(counts, ends)
    lowest = (
        counts.filter(pl.col("value").is_not_null())
        .join(ends.with_row_index("row"), on="subject")
        .filter(pl.col("day") <= pl.col("followed_to"))
        .group_by("row", pl.col("day").cast(pl.Int64))
        .agg((pl.col("value").min() * CELLS).round())
        .sort("row", "day")
    )
    row, day, cells = (column.to_numpy() for column in lowest.get_columns())
    return Daily(ends, row.astype(np.int64), day, cells)


def one_case(
    counts: Sequence[tuple[int, float]], followed_to: int, stop: Stop
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The counts (day, 10^9/L) and the follow-up of one subject as the frames of many."""
    days = {"day": pl.Int64, "value": pl.Float64}
    given = pl.DataFrame(counts, schema=days, orient="row").with_columns(subject=pl.lit("case"))
    return given, pl.DataFrame({"subject": ["case"], "followed_to": [followed_to], "stop": [stop]})


def _check(counts: pl.DataFrame, ends: pl.DataFrame) -> None:
    odd = ends.filter(~pl.col("stop").is_in(STOPS))
    if odd.height:
        allowed, (subject, _, stop) = ", ".join(STOPS), odd.row(0)
        raise DataError(f"{subject}: the end of follow-up must be one of {allowed}, got {stop}")
    early = ends.filter(pl.col("followed_to") < 0)
    if early.height:
        raise DataError(f"follow-up: must reach day 0, got {early['followed_to'][0]}")
    alone = counts.join(ends, on="subject", how="anti")
    if alone.height:
        first = alone["subject"].sort()[0]
        raise DataError(f"{first}: counts must have an end of follow-up, got none")


# ---------------------------------------------------------------- the days of a window
def window(seen: Daily, span: Span, limits: Limits) -> Window:
    """The levels of a window, with short gaps interpolated."""
    shape = (seen.followed.height, span.days)
    level = np.full(shape, NO_COUNT, dtype=np.int8)
    interpolated = np.zeros(shape, dtype=np.bool_)
    later = np.zeros(shape[0], dtype=np.bool_)
    later[seen.row[seen.day > span.last]] = True

    def put(row: Whole, day: Whole, levels: Levels) -> tuple[Whole, Whole]:
        inside = (day >= span.first) & (day <= span.last)
        at = row[inside], day[inside] - span.first
        level[at] = levels[inside]
        return at

    put(seen.row, seen.day, limits.level(seen.cells))
    parts = np.diff(seen.day)
    bridged = (np.diff(seen.row) == 0) & (parts <= BRIDGED + 1)
    for step in range(1, BRIDGED + 1):
        before = np.flatnonzero(bridged & (parts > step))
        n = parts[before]
        between = (n - step) * seen.cells[before] + step * seen.cells[before + 1]
        at = put(seen.row[before], seen.day[before] + step, limits.level(between, n))
        interpolated[at] = True
    followed = np.arange(span.first, span.last + 1) <= seen.to[:, None]
    return Window(span, level, interpolated, followed, later)


def in_runs(low: Flags) -> Flags:
    """The days of the runs of low days, joined where the recovery between two is not stable."""
    joined = low.copy()
    for apart in range(2, STABLE + 1):
        both = low[:, :-apart] & low[:, apart:]
        for step in range(1, apart):
            joined[:, step : step - apart] |= both
    return joined


def run_lengths(low: Flags) -> Whole:
    """How many days of its run each day ends; 0 outside of runs."""
    day = np.arange(low.shape[1])
    outside = np.where(in_runs(low), -1, day)
    return day - np.maximum.accumulate(outside, axis=1)


def last_day(days: Flags) -> Whole:
    """The last of the days in each row, counted from 0; -1 where there is none."""
    from_the_end = np.argmax(days[:, ::-1], axis=1)
    return np.where(days.any(axis=1), days.shape[1] - 1 - from_the_end, -1)


# ---------------------------------------------------------------- what the unknown days leave
def bounds(seen: Window, of: Daily, grade_of: GradeOf) -> Bounds:
    """The grades of the levels with every unknown day recovered, and with every one low.

    More low days never lower a grade.
    """
    gaps, silent = _gaps(seen, of)
    otherwise = np.where(silent, NO_COUNT, RECOVERED).astype(np.int8)
    lowest = grade_of(np.where(gaps, otherwise, seen.level))
    highest = np.maximum(lowest, grade_of(np.where(gaps, np.int8(LOW), seen.level)))
    return Bounds(lowest, highest, gaps & (lowest < highest)[:, None])


def _gaps(seen: Window, of: Daily) -> tuple[Flags, Flags]:
    """The days without a count that bear on the grade; those which hold nothing if not low.

    They leave the last word to the last count of who was lost: the days after the follow-up, and a
    short gap at its end.
    """
    day = np.arange(seen.level.shape[1])
    unknown = seen.unknown
    at_end = unknown & (day > last_day(seen.counted)[:, None])
    final = ~seen.later & (at_end.sum(axis=1) <= BRIDGED)
    after = ~seen.followed & _may_go_on(seen, of)[:, None]
    silent = of.stopped(LOST)[:, None] & (after | (at_end & final[:, None]))
    return unknown | after, silent


def _may_go_on(seen: Window, of: Daily) -> Flags:
    """Whether the days after the follow-up bear on the grade."""
    day = np.arange(seen.level.shape[1])
    recent = seen.followed & (day > last_day(seen.followed)[:, None] - STABLE)
    low: Flags = np.any(recent & (seen.level != RECOVERED), axis=1)
    return low | ~of.stopped(ENDS)
