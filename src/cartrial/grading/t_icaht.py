"""Thrombocytopenic ICAHT (T-ICAHT): early and late grade from the platelets.

    grade                         0     1         2          3          4
    early, day 0-30
      days of platelets <50       -     1-6       7 or more  -          -
      days of platelets <20       -     -         -          1-13       14 or more
    late, day 31-100
      platelets (10^9/L)          -     <100      <50        <20        <20 for 14 d or more

The early days are all days below the limit together; days of an unstable recovery (fewer than 3 in
a row) count. The late grade is the one that the second-lowest value reaches, or the lowest where it
is the only one.

Source: Rejeski 2025, T-ICAHT: grading and prognostic impact of thrombocytopenia after CAR T-cell
therapy, table 1 (Blood; footnotes as printed there).
Reading: data rules as for ICAHT (daily_count). The late days below 20 are counted only where a late
value reaches 20; unknown days can then only raise the grade from 3 to 4. Platelets that rose by a
transfusion are not told apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from cartrial import schema as s
from cartrial.grading.daily_count import (
    Bounds,
    Count,
    FollowUp,
    Stop,
    Window,
    bounds,
    lowest_by_day,
    runs,
    window,
)
from cartrial.grading.grade import Grade
from cartrial.grading.haematotoxicity import (
    EARLY,
    LATE,
    Haematotoxicity,
    columns,
    counted_days,
    counts_by_subject,
    early_inputs,
    graded,
    late_inputs,
    late_words,
    second_lowest,
)

SCALE = "T-ICAHT-2025"
LATE_LIMITS = (100, 50, 20)  # 10^9/L, below which a late value reaches grade 1, 2 and 3


@dataclass(frozen=True)
class TIcahtResult:
    """The grades of one subject, and the early days below the limits, as far as counts go."""

    early: Grade
    late: Grade
    below_50: int
    below_20: int
    interpolated: tuple[int, ...]  # early days with an interpolated count
    unknown: tuple[int, ...]  # early days that were followed without a count


class TIcaht(Haematotoxicity):
    """Haematotoxicity by platelets (T-ICAHT): one record per subject."""

    below_50_days = s.count("Early days of platelets <50 x 10^9/L", "day", max=31)
    below_20_days = s.count("Early days of platelets <20 x 10^9/L", "day", max=31)


def derive_t_icaht(counts: pl.DataFrame, followed: pl.DataFrame) -> s.DataFrame[TIcaht]:
    """Early and late T-ICAHT of each subject in `followed`, in the order of the subjects.

    The frames are those of `derive_icaht`; the values are platelets in 10^9/L.
    """
    rows = [
        _row(subject, t_icaht(given, followed_to=end.to, stop=end.stop))
        for subject, (given, end) in counts_by_subject(counts, followed).items()
    ]
    return TIcaht.validate(pl.DataFrame(rows, schema=s.empty(TIcaht).schema), cast=True)


def t_icaht(
    counts: Sequence[tuple[int, float]], *, followed_to: int, stop: Stop = "ongoing"
) -> TIcahtResult:
    """The grades from the platelets (day, 10^9/L) of one subject, up to the end of follow-up."""
    end = FollowUp(followed_to, stop)
    lowest = lowest_by_day(counts, end)
    seen = window(lowest, EARLY, end)
    late = {day: n for day, n in lowest.items() if LATE.first <= day <= LATE.last}
    return TIcahtResult(
        early=_early(seen, end),
        late=_late(late, lowest, end),
        below_50=days_below(seen.counts, 50),
        below_20=days_below(seen.counts, 20),
        interpolated=seen.interpolated,
        unknown=seen.unknown,
    )


def days_below(counts: Sequence[Count], limit: int) -> int:
    """The days of all runs below a limit together."""
    return sum(run.days for run in runs(counts, lambda value: value < limit, 0))


def days_grade(*, below_50: int, below_20: int) -> int:
    """The early grade by the days below 50 and below 20 x 10^9/L."""
    if below_20:
        return 4 if below_20 >= 14 else 3
    if below_50:
        return 2 if below_50 >= 7 else 1
    return 0


def value_grade(value: Fraction) -> int:
    """The late grade that a platelet count (10^9/L) reaches, however long."""
    return sum(value < limit for limit in LATE_LIMITS)


def early_grade(counts: Sequence[Count]) -> int:
    """The grade of the counts from day 0 on; no count is no thrombocytopenia."""
    return days_grade(below_50=days_below(counts, 50), below_20=days_below(counts, 20))


# ---------------------------------------------------------------- in words
def _early(seen: Window, end: FollowUp) -> Grade:
    found = bounds(seen, end, lambda value: value < 50, early_grade)
    below = [(limit, days_below(seen.counts, limit)) for limit in (50, 20)]
    parts = [f"platelets <{limit} on {counted_days(days)}" for limit, days in below if days]
    none = "no platelets <50" if seen.counted else "no platelets"
    said = ", ".join(parts) or f"{none} from day 0 to {min(end.to, EARLY.last)}"
    inputs = early_inputs("platelets", seen, end)
    return graded(SCALE, found, said, end, analyte="platelets", inputs=inputs)


def _late(values: dict[int, Fraction], lowest: dict[int, Fraction], end: FollowUp) -> Grade:
    found = second_lowest(values.values(), end, value_grade)
    inputs = late_inputs("platelets", values, lambda n: f"{float(n):g} x 10^9/L")
    said = late_words(inputs, "platelets", end)
    if found.lowest == 3:
        seen = window(lowest, LATE, end)
        found = _by_days(found, seen, end)
        said += f", <20 on {counted_days(days_below(seen.counts, 20))}"
    known = (*inputs, ("Followed to", str(end)))
    return graded(SCALE, found, said, end, analyte="platelets", inputs=known)


def _by_days(found: Bounds, seen: Window, end: FollowUp) -> Bounds:
    """Grade 3 or 4 by the late days below 20."""
    return bounds(
        seen,
        end,
        lambda value: value < 20,
        lambda counts: 4 if days_below(counts, 20) >= 14 else found.lowest,
    )


def _row(subject: str, found: TIcahtResult) -> dict[str, object]:
    return {
        "subject": subject,
        **columns("early", found.early),
        **columns("late", found.late),
        "interpolated_days": len(found.interpolated),
        "unknown_days": len(found.unknown),
        "below_50_days": found.below_50,
        "below_20_days": found.below_20,
    }
