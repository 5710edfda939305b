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

import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.grading.daily_count import (
    Bounds,
    Daily,
    Levels,
    Limits,
    Stop,
    Whole,
    Window,
    bounds,
    daily,
    in_runs,
    one_case,
    window,
)
from cartrial.grading.grade import Grade
from cartrial.grading.haematotoxicity import (
    EARLY,
    LATE,
    Haematotoxicity,
    as_table,
    days_in_words,
    early_inputs,
    early_words,
    grade_told,
    late_inputs,
    late_words,
    second_lowest,
    subjects,
    with_grade,
)

SCALE = "T-ICAHT-2025"
EARLY_LIMITS = Limits((50e9, 20e9), np.less)  # per litre
LATE_LIMITS = Limits((100e9, 50e9, 20e9), np.less)  # of grade 1, 2 and 3
LONG_LIMIT = Limits((20e9,), np.less)  # of grade 4, for 14 days


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
    of = daily(counts, followed)
    return as_table(TIcaht, _graded(of, window(of, EARLY, EARLY_LIMITS)))


def t_icaht_results(counts: pl.DataFrame, followed: pl.DataFrame) -> dict[str, TIcahtResult]:
    """The grades of each subject as the bedside asks for them, from the same frames."""
    of = daily(counts, followed)
    seen = window(of, EARLY, EARLY_LIMITS)
    rows = _graded(of, seen).iter_rows(named=True)
    return {
        row["subject"]: TIcahtResult(
            early=grade_told(SCALE, "early", row, early_inputs("platelets", row)),
            late=grade_told(SCALE, "late", row, late_inputs("platelets", row, _shown)),
            below_50=row["below_50_days"],
            below_20=row["below_20_days"],
            interpolated=seen.days(seen.interpolated, number),
            unknown=seen.days(seen.unknown, number),
        )
        for number, row in enumerate(rows)
    }


def t_icaht(
    counts: Sequence[tuple[int, float]], *, followed_to: int, stop: Stop = "ongoing"
) -> TIcahtResult:
    """The grades from the platelets (day, 10^9/L) of one subject, up to the end of follow-up."""
    (found,) = t_icaht_results(*one_case(counts, followed_to, stop)).values()
    return found


def early_grade(levels: Levels) -> Whole:
    """The grade of the days from day 0 on; no count is no thrombocytopenia."""
    return days_grade(below_50=days_below(levels, 1), below_20=days_below(levels, 2))


def days_below(levels: Levels, level: int) -> Whole:
    """The days of all runs below a limit together."""
    days: Whole = in_runs(levels >= level).sum(axis=1)
    return days


def days_grade(*, below_50: Whole, below_20: Whole) -> Whole:
    """The early grade by the days below 50 and below 20 x 10^9/L."""
    reached = [below_20 >= 14, below_20 >= 1, below_50 >= 7, below_50 >= 1]
    return np.select(reached, [4, 3, 2, 1], 0)


def long_grade(levels: Levels) -> Whole:
    """The late grade by the days of platelets <20, where a late value reaches 3."""
    return np.where(days_below(levels, 1) >= 14, 4, 3)


# ---------------------------------------------------------------- all subjects
def _graded(of: Daily, seen: Window) -> pl.DataFrame:
    """The grades and low days of every subject, with what is known of them."""
    below = {50: days_below(seen.level, 1), 20: days_below(seen.level, 2)}
    told = subjects(of, seen).with_columns(
        pl.Series(f"below_{limit}_days", days) for limit, days in below.items()
    )
    parts = [
        pl.format("platelets <{} on {}", pl.lit(limit), days_in_words(f"below_{limit}_days"))
        for limit in below
    ]
    early = bounds(seen, of, early_grade)
    said = early_words(parts, "platelets", "platelets <50")
    told = with_grade(told, "early", early, of, said=said, analyte="platelets")
    return _with_late(told, of)


def _with_late(told: pl.DataFrame, of: Daily) -> pl.DataFrame:
    """The late grade: where a value reaches 3, the days below 20 tell 3 from 4."""
    by_value = second_lowest(told, of, LATE_LIMITS)
    seen = window(of, LATE, LONG_LIMIT)
    by_days = bounds(seen, of, long_grade)
    low = by_value.lowest == 3
    found = Bounds(
        lowest=np.where(low, by_days.lowest, by_value.lowest),
        highest=np.where(low, by_days.highest, by_value.highest),
        missing=np.where(low[:, None], by_days.missing, by_value.missing),
    )
    counted = told.with_columns(long_days=pl.Series(days_below(seen.level, 1)))
    days = pl.when(pl.Series(low)).then(pl.format(", <20 on {}", days_in_words("long_days")))
    said = pl.concat_str(late_words(told, "platelets", _shown), days, ignore_nulls=True)
    return with_grade(counted, "late", found, of, said=said, analyte="platelets")


def _shown(cells: float) -> str:
    return f"{cells / 1e9:g} x 10^9/L"
