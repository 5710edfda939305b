"""Laboratory shifts: the CTCAE grade at baseline against the worst from the infusion on.

One table for grades of low values and one for grades of high values. In each, a heading for every
laboratory test with a result, a line for each grade at baseline, a column for each worst grade.

Reading: the worst counts every result from the day of the infusion on that is not the baseline. A
result that cannot be graded, as one in words, leaves the worst open: it is at least that of the
others. Where the same test was measured in several specimens or by several methods, a subject has
the worst of them.
Laboratory grades are no adverse events and enter none of their tables.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from cartrial.adam.laboratory.adlb import Adlb, is_result
from cartrial.results.interval import LABELS, Interval, grade_label, worst_of
from cartrial.results.population import ALL, Column, Population, Trial
from cartrial.results.result import Group
from cartrial.results.severity import SCALES
from cartrial.results.table import Filled, Table, nothing

Direction = Literal["low", "high"]
LETTER: dict[Direction, str] = {"low": "L", "high": "H"}
UNGRADED: Interval = (0, 4)  # a result that could not be graded: any grade that numbers can give
ALWAYS = LABELS[:5]  # grade 0 to 4 have a column even where nobody has them
MISSING = "Baseline missing"
NO_RESULT = "No result"
NOT_COLLECTED = "Not collected: laboratory results that CTCAE grades."
Intervals = Mapping[str, Interval]  # by subject


@dataclass(frozen=True)
class Shift:
    """One laboratory test in one direction: the grades of each subject before and after."""

    test: str
    baseline: Intervals
    worst: Intervals
    questions: tuple[str, ...]


def shifts(trial: Trial) -> tuple[Filled, ...]:
    """The table of low and the table of high values."""
    return _table(trial, "low"), _table(trial, "high")


def shifts_of(trial: Trial, direction: Direction) -> Iterator[Shift]:
    """Every test with a graded result of an infused subject, by its CTCAE term."""
    letter = LETTER[direction]
    renamed = {
        f"ATOXDSC{letter}": "term",
        f"ATOX{letter}LO": "lowest",
        f"ATOX{letter}HI": "highest",
        f"ATOXASK{letter}": "question",
    }
    infused = pl.col("subject").is_in(list(trial.infused.everyone))
    results = trial.frame(Adlb).filter(infused).rename(renamed)
    rows = results.filter(is_result(), pl.col("term").is_not_null())
    after = (pl.col("ADAY") >= 0) & pl.col("ABLFL").is_null()
    for (term, _), mine in rows.sort("term", "PARAMCD").group_by(
        "term", "PARAMCD", maintain_order=True
    ):
        later = mine.filter(after.fill_null(False))
        name = str(mine["PARAM"].drop_nulls().sort().first() or "").partition(" (")[0]
        yield Shift(
            f"{term} ({name.lower() if name.istitle() else name})" if name else str(term),
            _by_subject(mine.filter(pl.col("ABLFL") == "Y")),
            _by_subject(later),
            tuple(later["question"].drop_nulls().unique().sort()),
        )


def _by_subject(rows: pl.DataFrame) -> Intervals:
    found: dict[str, list[Interval]] = {}
    for subject, low, high in rows.select("subject", "lowest", "highest").iter_rows():
        interval = UNGRADED if low is None or high is None else (low, high)
        found.setdefault(subject, []).append(interval)
    worst = {subject: worst_of(intervals) for subject, intervals in found.items()}
    return {subject: interval for subject, interval in worst.items() if interval is not None}


def _table(trial: Trial, direction: Direction) -> Filled:
    name = f"lab_shift_{direction}"
    title = f"Laboratory shift, {direction} values: CTCAE grade at baseline against the worst after"
    found = list(shifts_of(trial, direction)) if trial.adam.has(Adlb) else []
    if not found:
        return nothing(name, "ae", title, trial.infused.label, NOT_COLLECTED)
    table = Table(name, Population(trial.infused.label, ()), source="ADLB, infused subjects")
    everyone = trial.infused.everyone
    after = {grade_label(interval) for shift in found for interval in shift.worst.values()}
    columns = [*(words for words in LABELS if words in after or words in ALWAYS), NO_RESULT]
    for shift in found:
        table.heading(shift.test)
        for words, before in _lines(shift, everyone):
            number = table.row(words, "n", indent=1)
            for column in (*columns, ALL):
                here = before if column == ALL else before & _at(shift, column, everyone)
                table.share(number, Column(column, column, before), here, shift.test)
    return table.fill(
        "ae",
        title,
        shown="Subjects by their grade at baseline (lines) and their worst grade from the infusion "
        "on (columns).",
        footnotes=_notes(trial, found),
        groups=[Group(name, name.replace("least grade", "least")) for name in (*columns, ALL)],
    )


def _lines(shift: Shift, everyone: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Each grade at baseline that somebody had, and who; a missing baseline last."""
    for words in LABELS:
        who = {s for s, interval in shift.baseline.items() if grade_label(interval) == words}
        if who & everyone:
            yield words, frozenset(who & everyone)
    without = everyone - frozenset(shift.baseline)
    if without:
        yield MISSING, without


def _at(shift: Shift, column: str, everyone: frozenset[str]) -> frozenset[str]:
    """The subjects whose worst grade is that of a column."""
    if column == NO_RESULT:
        return everyone - frozenset(shift.worst)
    return frozenset(s for s, interval in shift.worst.items() if grade_label(interval) == column)


def _notes(trial: Trial, found: list[Shift]) -> tuple[str, ...]:
    return (
        f"Grades by {SCALES[trial.study.standards.adverse_events]}, derived from the results; the "
        "baseline is graded against the normal range.",
        "At least: the lowest possible grade, where a limit, the baseline or a clinical answer is "
        "missing. Not assessable: not even grade 1 is proved, nor excluded.",
        "Laboratory grades are no adverse events and are counted in no other table of them.",
        *(
            f"{shift.test}, the answers that would settle an open grade: {_asked(shift)}."
            for shift in found
            if shift.questions
        ),
    )


def _asked(shift: Shift) -> str:
    """The questions of all results, each once; an interval that is wide asks several."""
    longest_first = sorted(shift.questions, key=len, reverse=True)
    return "; ".join(dict.fromkeys(part for asked in longest_first for part in asked.split("; ")))
