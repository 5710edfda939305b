"""Blood counts by day: runs below a limit, days without a count, and where follow-up ends.

What ICAHT and T-ICAHT share:

    several counts on a day     the lowest
    up to 7 missing days        linear between the counts on both sides
    more, or none on one side   unknown: all low, or all recovered
    two runs of low days        one run where fewer than 3 consecutive recovered days lie between;
                                those days count
    after the follow-up         an open run may have gone on: it is a lower bound

Source: Liang, automated grading of ICAHT (github.com/emilyliangmd/automatedicahtgrading, c3e01090),
for the rules above; CIBMTR definition of neutrophil recovery, 3 consecutive days.
Reading: death, progression and new therapy end the time that counts, so that only a run which is
open then (fewer than 3 recovered days since its last low day) leaves the grade open. After the last
contact, and for a subject still followed at the data cut, the days that nobody saw are unknown.
Nothing after the follow-up is used; a count before the window is a neighbour to interpolate from.
Interpolated counts are not rounded and nothing is carried beyond the last count.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Literal

from cartrial.errors import DataError

Stop = Literal["death", "progression", "new therapy", "last contact", "ongoing"]
STOPS: tuple[Stop, ...] = ("death", "progression", "new therapy", "last contact", "ongoing")
ENDS: tuple[Stop, ...] = ("death", "progression", "new therapy")  # later days do not count
LOST: tuple[Stop, ...] = ("death", "last contact")  # the last count has the last word
KEPT = 2**14  # counts that are remembered as fractions
BRIDGED = 7  # missing days, at most, that are interpolated
STABLE = 3  # consecutive days of recovery that part two runs
LOW, RECOVERED = Fraction(0), Fraction(10**9)

Count = Fraction | None
IsLow = Callable[[Fraction], bool]
GradeOf = Callable[[Sequence[Count]], int]


@dataclass(frozen=True)
class Span:
    """Days in a row, the first and the last included."""

    first: int
    last: int

    @property
    def days(self) -> int:
        """How many days it has."""
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"day {self.first}" + (f" to {self.last}" if self.last > self.first else "")


@dataclass(frozen=True)
class FollowUp:
    """The last day on which a subject was followed for this, and what ended it."""

    to: int
    stop: Stop

    def reaches(self, day: int) -> bool:
        """Whether nothing is left to be seen up to a day."""
        return self.to >= day or self.stop in ENDS

    def within(self, span: Span) -> Span | None:
        """The days of a span of which a count could still be told; none after its end."""
        last = min(span.last, self.to) if self.stop in ENDS else span.last
        return Span(span.first, last) if span.first <= last else None

    def __str__(self) -> str:
        return f"day {self.to} ({self.stop})"


@dataclass(frozen=True)
class Window:
    """The lowest count of each day of a window that was followed, measured or interpolated.

    `unseen` are the days of the window after the follow-up; `later` says whether a count after the
    window is known.
    """

    first: int
    counts: tuple[Count, ...]
    interpolated: tuple[int, ...]
    unseen: int
    later: bool

    @property
    def counted(self) -> int:
        """How many followed days have a count."""
        return len(self.counts) - len(self.unknown)

    @property
    def unknown(self) -> tuple[int, ...]:
        """The followed days without a count."""
        return tuple(day for day, n in enumerate(self.counts, start=self.first) if n is None)


@dataclass(frozen=True)
class Bounds:
    """The lowest and the highest grade that the unknown days leave, and those days.

    Days after a follow-up that ended (`ENDS`) may be among them: nobody can tell of those any more.
    """

    lowest: int
    highest: int
    missing: tuple[Span, ...]


def lowest_by_day(counts: Iterable[tuple[int, float]], follow_up: FollowUp) -> dict[int, Fraction]:
    """The lowest count of each day up to the end of follow-up, exact, in the order of the days."""
    if follow_up.to < 0:
        raise DataError(f"follow-up: must reach day 0, got {follow_up.to}")
    lowest: dict[int, Fraction] = {}
    for day, value in sorted(counts):
        if day <= follow_up.to:
            lowest.setdefault(day, _exact(value))
    return lowest


@lru_cache(maxsize=KEPT)
def _exact(value: float) -> Fraction:
    """The decimal number that was written."""
    return Fraction(str(value))


def window(lowest: dict[int, Fraction], span: Span, follow_up: FollowUp) -> Window:
    """The counts of a window, with short gaps interpolated."""
    filled = dict(lowest)
    for before, after in pairwise(lowest):
        if after > span.first and before < span.last and 0 < after - before - 1 <= BRIDGED:
            step = (lowest[after] - lowest[before]) / (after - before)
            for day in range(before + 1, after):
                filled[day] = lowest[before] + (day - before) * step
    days = range(span.first, min(span.last, follow_up.to) + 1)
    return Window(
        first=span.first,
        counts=tuple(filled.get(day) for day in days),
        interpolated=tuple(day for day in days if day in filled and day not in lowest),
        unseen=span.days - len(days),
        later=any(day > span.last for day in lowest),
    )


def runs(counts: Sequence[Count], is_low: IsLow, first: int) -> tuple[Span, ...]:
    """The runs of low days, joined where the recovery between two is not stable."""
    found: list[Span] = []
    for day, count in enumerate(counts, start=first):
        if count is None or not is_low(count):
            continue
        if found and day - found[-1].last <= STABLE:
            found[-1] = Span(found[-1].first, day)
        else:
            found.append(Span(day, day))
    return tuple(found)


def longest(spans: Sequence[Span]) -> Span | None:
    """The longest run, the first of them where several are."""
    return max(spans, key=lambda span: span.days, default=None)


def bounds(seen: Window, follow_up: FollowUp, is_low: IsLow, grade_of: GradeOf) -> Bounds:
    """The grades of the counts with every unknown day recovered, and with every one low.

    `is_low` is the widest limit of the grade. More low days never lower a grade.
    """
    gaps = _gaps(seen, follow_up, is_low)

    def graded(low: tuple[bool, ...]) -> int:
        return grade_of(_completed(seen, gaps, low))

    lowest = graded((False,) * len(gaps))
    highest = graded((True,) * len(gaps)) if gaps else lowest
    if lowest >= highest:
        return Bounds(lowest, lowest, ())
    return Bounds(lowest, highest, _merged([gap.span for gap in gaps]))


@dataclass(frozen=True)
class _Gap:
    """Days without a count; what they hold if not low: a recovered count, or nothing at all."""

    span: Span
    otherwise: Count


def _gaps(seen: Window, follow_up: FollowUp, is_low: IsLow) -> list[_Gap]:
    end = seen.first + len(seen.counts) - 1
    found = [_gap(span, seen, follow_up) for span in _stretches(seen.unknown)]
    if seen.unseen and _may_go_on(seen, follow_up, is_low):
        otherwise = None if follow_up.stop in LOST else RECOVERED
        found.append(_Gap(Span(end + 1, end + seen.unseen), otherwise))
    return found


def _gap(span: Span, seen: Window, follow_up: FollowUp) -> _Gap:
    """A gap; a short one at the end leaves the last word to the last count of who was lost."""
    at_end = span.last == seen.first + len(seen.counts) - 1 and not seen.later
    final = at_end and span.days <= BRIDGED and follow_up.stop in LOST
    return _Gap(span, None if final else RECOVERED)


def _may_go_on(seen: Window, follow_up: FollowUp, is_low: IsLow) -> bool:
    """Whether the days after the follow-up bear on the grade."""
    if follow_up.stop not in ENDS:
        return True
    recent = seen.counts[-STABLE:]
    return any(count is None or is_low(count) for count in recent)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans, those that adjoin as one."""
    return tuple(_stretches([day for span in spans for day in range(span.first, span.last + 1)]))


def _stretches(days: Sequence[int]) -> list[Span]:
    grouped = groupby(enumerate(days), key=lambda pair: pair[1] - pair[0])
    members = ([day for _, day in group] for _, group in grouped)
    return [Span(stretch[0], stretch[-1]) for stretch in members]


def _completed(seen: Window, gaps: Sequence[_Gap], low: tuple[bool, ...]) -> list[Count]:
    """The counts of the window with its gaps filled, up to the last day that holds one."""
    filled: list[Count] = [*seen.counts, *(None for _ in range(seen.unseen))]
    for gap, is_low in zip(gaps, low, strict=True):
        for day in range(gap.span.first, gap.span.last + 1):
            filled[day - seen.first] = LOW if is_low else gap.otherwise
    while filled and filled[-1] is None:
        filled.pop()
    return filled
