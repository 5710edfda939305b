"""Immune effector cell-associated haematotoxicity (ICAHT): early and late grade from the ANC.

    grade                      0     1         2         3             4
    early, day 0-30
      run of ANC ≤500/uL       -     1-6 d     7-13 d    14-30 d       never >500 (31 d)
      run of ANC ≤100/uL       -     -         -         7-13 d        14 d or more
    late, day 31-100           -     ≤1500     ≤1000     ≤500          ≤100

The early grade is that of the longest run, cut at day 30. It is also 4 where neutropenia (≤500/uL)
that began on day 0-3 is still there at the last ANC: no recovery, or an early death. The late grade
is the one that the second-lowest value reaches, or the lowest where it is the only one.

Source: Rejeski 2023, Blood 142:865-877. doi:10.1182/blood.2023020578; thresholds and data rules as
in Liang's automated grading (see daily_count).
Reading: the values of the late grade are those of days, the lowest of each. No value from day 31 on
is not assessable. Who died or was lost up to 7 days after the last ANC is judged by it; who is
still followed, progressed or got new therapy might have recovered: a lower bound. A late grade is
open until day 100 is reached or the follow-up has ended, for a value to come may be a lower one.
Oracle: the ten published synthetic patients (tests/oracle/icaht)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.grading.daily_count import (
    NO_COUNT,
    Daily,
    Levels,
    Limits,
    Span,
    Stop,
    Whole,
    Window,
    bounds,
    daily,
    last_day,
    one_case,
    run_lengths,
    window,
)
from cartrial.grading.grade import Grade
from cartrial.grading.haematotoxicity import (
    EARLY,
    Haematotoxicity,
    Row,
    as_table,
    days_in_words,
    early_inputs,
    early_words,
    grade_told,
    late_inputs,
    late_words,
    second_lowest,
    span_in_words,
    subjects,
    with_grade,
)

SCALE = "ICAHT-2023"
EARLY_LIMITS = Limits((0.5e9, 0.1e9), np.less_equal)  # severe and profound, per litre
LATE_LIMITS = Limits((1.5e9, 1.0e9, 0.5e9, 0.1e9), np.less_equal)  # of grade 1 to 4
SEVERE, PROFOUND = 1, 2  # levels of the early limits
BEGINS_BY = 3  # day, of a neutropenia that does not recover


@dataclass(frozen=True)
class IcahtResult:
    """The grades of one subject, and the runs as far as counts prove them."""

    early: Grade
    late: Grade
    severe: Span | None  # longest run of ANC <= 500/uL
    profound: Span | None  # longest run of ANC <= 100/uL
    interpolated: tuple[int, ...]  # early days with an interpolated count
    unknown: tuple[int, ...]  # early days that were followed without a count


class Icaht(Haematotoxicity):
    """Haematotoxicity by neutrophils (ICAHT): one record per subject."""

    severe_days = s.count("Longest run of ANC ≤500/uL", "day", max=31)
    severe_first = s.count("Its first day", "day", nullable=True, max=30)
    severe_last = s.count("Its last day", "day", nullable=True, max=30)
    profound_days = s.count("Longest run of ANC ≤100/uL", "day", max=31)
    profound_first = s.count("First day of the run ≤100/uL", "day", nullable=True, max=30)
    profound_last = s.count("Last day of the run ≤100/uL", "day", nullable=True, max=30)


def derive_icaht(counts: pl.DataFrame, followed: pl.DataFrame) -> s.DataFrame[Icaht]:
    """Early and late ICAHT of each subject in `followed`, in the order of the subjects.

    `counts` has subject, day and value (ANC, 10^9/L), several a day allowed; `followed` has one row
    per subject: subject, followed_to (last day that counts) and stop (one of `STOPS`).
    """
    of = daily(counts, followed)
    return as_table(Icaht, _graded(of, window(of, EARLY, EARLY_LIMITS)))


def icaht_results(counts: pl.DataFrame, followed: pl.DataFrame) -> dict[str, IcahtResult]:
    """The grades of each subject as the bedside asks for them, from the same frames."""
    of = daily(counts, followed)
    seen = window(of, EARLY, EARLY_LIMITS)
    rows = _graded(of, seen).iter_rows(named=True)
    return {
        row["subject"]: IcahtResult(
            early=grade_told(SCALE, "early", row, early_inputs("an ANC", row)),
            late=grade_told(SCALE, "late", row, late_inputs("ANC", row, _shown)),
            severe=_run_of(row, "severe"),
            profound=_run_of(row, "profound"),
            interpolated=seen.days(seen.interpolated, number),
            unknown=seen.days(seen.unknown, number),
        )
        for number, row in enumerate(rows)
    }


def icaht(
    counts: Sequence[tuple[int, float]], *, followed_to: int, stop: Stop = "ongoing"
) -> IcahtResult:
    """The grades from the ANC (day, 10^9/L) of one subject, up to the end of its follow-up."""
    (found,) = icaht_results(*one_case(counts, followed_to, stop)).values()
    return found


def early_grade(levels: Levels) -> Whole:
    """The grade of the days from day 0 on, up to the last one; no count is no neutropenia."""
    severe, profound = run_lengths(levels >= SEVERE), run_lengths(levels >= PROFOUND)
    last = last_day(levels > NO_COUNT)
    still = severe[np.arange(len(levels)), last]
    unrecovered = (still > 0) & (last - still < BEGINS_BY)
    by_runs = run_grade(severe=severe.max(axis=1), profound=profound.max(axis=1))
    return np.where(unrecovered, 4, by_runs)


def run_grade(*, severe: Whole, profound: Whole) -> Whole:
    """The early grade by the days of the longest runs of ANC <=500/uL and <=100/uL."""
    reached = [
        (severe >= EARLY.days) | (profound >= 14),
        (severe >= 14) | (profound >= 7),
        severe >= 7,
        severe >= 1,
    ]
    return np.select(reached, [4, 3, 2, 1], 0)


# ---------------------------------------------------------------- all subjects
def _graded(of: Daily, seen: Window) -> pl.DataFrame:
    """The grades and runs of every subject, with what is known of them."""
    severe, profound = run_lengths(seen.level >= SEVERE), run_lengths(seen.level >= PROFOUND)
    told = subjects(of, seen).with_columns(*_run("severe", severe), *_run("profound", profound))
    early = bounds(seen, of, early_grade)
    by_runs = run_grade(severe=severe.max(axis=1), profound=profound.max(axis=1))
    began = pl.format("began on day {} and still there at the last ANC", "severe_first")
    parts = (
        _run_in_words("severe", 500),
        _run_in_words("profound", 100),
        pl.when(pl.Series(early.lowest > by_runs)).then(began),
    )
    said = early_words(parts, "ANC", "ANC ≤500/uL")
    told = with_grade(told, "early", early, of, said=said, analyte="ANC")
    late = second_lowest(told, of, LATE_LIMITS)
    said = late_words(told, "ANC", _shown)
    return with_grade(told, "late", late, of, said=said, analyte="ANC")


def _run(name: str, lengths: Whole) -> Iterator[pl.Expr]:
    """The longest run of each subject, the first of them where several are."""
    longest, last = lengths.max(axis=1), lengths.argmax(axis=1)
    any_day = pl.Series(longest > 0)
    yield pl.lit(pl.Series(longest)).alias(f"{name}_days")
    yield pl.when(any_day).then(pl.Series(last - longest + 1)).alias(f"{name}_first")
    yield pl.when(any_day).then(pl.Series(last)).alias(f"{name}_last")


def _run_in_words(name: str, limit: int) -> pl.Expr:
    span = span_in_words(pl.col(f"{name}_first"), pl.col(f"{name}_last"))
    return pl.format("ANC ≤{}/uL for {} ({})", pl.lit(limit), days_in_words(f"{name}_days"), span)


def _shown(cells: float) -> str:
    return f"{cells / 1e6:g}/uL"


def _run_of(row: Row, name: str) -> Span | None:
    return Span(row[f"{name}_first"], row[f"{name}_last"]) if row[f"{name}_days"] else None
