"""Worst grade: the one of each subject, where an event without grade makes it unknown.

    events of a subject     worst grade
    1, 3                    3
    1, missing              missing: it may be higher
    3, missing              missing, yet grade 3 or higher
    5, missing              5

Reading: data that grade by severity in words alone are shown by these words, never as grades.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from cartrial.adam.adverse.adae import Adae
from cartrial.results.population import Trial

WORDS = {"MILD": 1, "MODERATE": 2, "SEVERE": 3, "LIFE THREATENING": 4, "FATAL": 5}
SCALES = {
    "CTCAE-5.0": "CTCAE v5.0 (NCI 2017)",
    "CTCAE-4.03": "CTCAE v4.03 (NCI 2010)",
    "CTCAE-6.0": "CTCAE v6.0 (NCI)",
    "other": "the scale of the study, not CTCAE",
}
HIGH = 3  # grade 3, or severe
FATAL = 5


@dataclass(frozen=True)
class Scale:
    """How events are graded: the words for the levels from 1, for `high`, and for a missing one."""

    labels: tuple[str, ...]
    high: str
    missing: str


GRADES = Scale(
    ("Grade 1", "Grade 2", "Grade 3", "Grade 4", "Grade 5"), "Grade 3 or higher", "Grade missing"
)
SEVERITIES = Scale(
    ("Mild", "Moderate", "Severe", "Life threatening", "Fatal"),
    "Severe or worse",
    "Severity missing",
)


@dataclass(frozen=True)
class Worst:
    """Who had any event, by worst grade; `high` are those certainly at 3 or above."""

    any: frozenset[str]
    at: Mapping[int, frozenset[str]]
    high: frozenset[str]
    missing: frozenset[str]


def adverse_events(trial: Trial) -> tuple[pl.DataFrame, Scale]:
    """The adverse events with `level`, their grade from 1 to 5, and the scale it is on."""
    events = trial.frame(Adae)
    by_grade = events.filter(pl.col("ATOXGRN").is_not_null() | (pl.col("AECAT") != ""))
    if events.is_empty() or not by_grade.is_empty() or events["AESEV"].null_count() == len(events):
        return events.with_columns(level=pl.col("ATOXGRN")), GRADES
    level = (
        pl.col("AESEV")
        .str.to_uppercase()
        .str.replace("-", " ")
        .replace_strict(WORDS, default=None, return_dtype=pl.Int64)
    )
    return events.with_columns(level=level), SEVERITIES


def grade_note(trial: Trial, scale: Scale) -> str:
    """Which grade of an event is shown, and by which scale."""
    if scale is SEVERITIES:
        return "Severity as recorded: these data have no grades, and none is made up."
    name = SCALES[trial.study.standards.adverse_events]
    return (
        f"Grades of the investigator by {name}: the worst from the infusion on, the grade at the "
        "infusion included; of an event that ended before it, or of a subject not infused, the "
        "worst it had."
    )


def worst(events: Iterable[tuple[str, int | None]]) -> Worst:
    """The worst grade of each subject, from (subject, grade) of every event."""
    found: dict[str, list[int | None]] = {}
    for subject, level in events:
        found.setdefault(subject, []).append(level)
    known = {s: max((n for n in levels if n is not None), default=0) for s, levels in found.items()}
    unsure = {s for s, levels in found.items() if None in levels and known[s] < FATAL}
    return Worst(
        any=frozenset(found),
        at={
            level: frozenset(s for s in found if s not in unsure and known[s] == level)
            for level in range(1, FATAL + 1)
        },
        high=frozenset(s for s in found if known[s] >= HIGH),
        missing=frozenset(unsure),
    )


def pairs(events: pl.DataFrame) -> list[tuple[str, int | None]]:
    """(subject, grade) of every event."""
    return list(events.select("subject", "level").iter_rows())
