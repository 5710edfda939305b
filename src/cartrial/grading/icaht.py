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

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from cartrial import schema as s
from cartrial.grading.daily_count import (
    Count,
    FollowUp,
    Span,
    Stop,
    Window,
    bounds,
    longest,
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

SCALE = "ICAHT-2023"
SEVERE, PROFOUND = Fraction(1, 2), Fraction(1, 10)  # 10^9/L
LATE_LIMITS = (Fraction(3, 2), Fraction(1), SEVERE, PROFOUND)  # 10^9/L, of grade 1 to 4
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
    rows = [
        _row(subject, icaht(given, followed_to=end.to, stop=end.stop))
        for subject, (given, end) in counts_by_subject(counts, followed).items()
    ]
    return Icaht.validate(pl.DataFrame(rows, schema=s.empty(Icaht).schema), cast=True)


def icaht(
    counts: Sequence[tuple[int, float]], *, followed_to: int, stop: Stop = "ongoing"
) -> IcahtResult:
    """The grades from the ANC (day, 10^9/L) of one subject, up to the end of its follow-up."""
    end = FollowUp(followed_to, stop)
    lowest = lowest_by_day(counts, end)
    seen = window(lowest, EARLY, end)
    severe, profound = (longest(runs(seen.counts, low, 0)) for low in (_is_severe, _is_profound))
    return IcahtResult(
        early=_early(seen, end, severe, profound),
        late=_late({day: n for day, n in lowest.items() if LATE.first <= day <= LATE.last}, end),
        severe=severe,
        profound=profound,
        interpolated=seen.interpolated,
        unknown=seen.unknown,
    )


def early_grade(counts: Sequence[Count]) -> int:
    """The grade of the counts from day 0 on, up to the last one; no count is no neutropenia."""
    severe = runs(counts, _is_severe, 0)
    if severe and severe[-1].first <= BEGINS_BY and severe[-1].last == len(counts) - 1:
        return 4
    return run_grade(severe=_days(longest(severe)), profound=_days(_longest_profound(counts)))


def run_grade(*, severe: int, profound: int) -> int:
    """The early grade by the days of the longest runs of ANC <=500/uL and <=100/uL."""
    if severe >= EARLY.days or profound >= 14:
        return 4
    if severe >= 14 or profound >= 7:
        return 3
    if severe >= 7:
        return 2
    return 1 if severe else 0


def value_grade(value: Fraction) -> int:
    """The late grade that an ANC (10^9/L) reaches."""
    return sum(value <= limit for limit in LATE_LIMITS)


def _is_severe(value: Fraction) -> bool:
    return value <= SEVERE


def _is_profound(value: Fraction) -> bool:
    return value <= PROFOUND


def _longest_profound(counts: Sequence[Count]) -> Span | None:
    return longest(runs(counts, _is_profound, 0))


def _days(span: Span | None) -> int:
    return span.days if span else 0


# ---------------------------------------------------------------- in words
def _early(seen: Window, end: FollowUp, severe: Span | None, profound: Span | None) -> Grade:
    found = bounds(seen, end, _is_severe, early_grade)
    by_runs = run_grade(severe=_days(severe), profound=_days(profound))
    parts = [
        f"ANC ≤{limit}/uL for {counted_days(run.days)} ({run})"
        for limit, run in ((500, severe), (100, profound))
        if run
    ]
    if severe and found.lowest > by_runs:
        parts.append(f"began on day {severe.first} and still there at the last ANC")
    none = "no ANC ≤500/uL" if seen.counted else "no ANC"
    said = ", ".join(parts) or f"{none} from day 0 to {min(end.to, EARLY.last)}"
    inputs = early_inputs("an ANC", seen, end)
    return graded(SCALE, found, said, end, analyte="ANC", inputs=inputs)


def _late(values: dict[int, Fraction], end: FollowUp) -> Grade:
    found = second_lowest(values.values(), end, value_grade)
    inputs = late_inputs("ANC", values, lambda n: f"{float(1000 * n):g}/uL")
    known = (*inputs, ("Followed to", str(end)))
    return graded(SCALE, found, late_words(inputs, "ANC", end), end, analyte="ANC", inputs=known)


def _row(subject: str, found: IcahtResult) -> dict[str, object]:
    return {
        "subject": subject,
        **columns("early", found.early),
        **columns("late", found.late),
        "interpolated_days": len(found.interpolated),
        "unknown_days": len(found.unknown),
        "severe_days": _days(found.severe),
        "severe_first": found.severe.first if found.severe else None,
        "severe_last": found.severe.last if found.severe else None,
        "profound_days": _days(found.profound),
        "profound_first": found.profound.first if found.profound else None,
        "profound_last": found.profound.last if found.profound else None,
    }
