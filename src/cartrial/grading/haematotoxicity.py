"""Haematotoxicity as it is told: the grade of a window with its sentence, and a row per subject."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.grading.daily_count import ENDS, Bounds, Daily, Flags, Limits, Span, Window
from cartrial.grading.grade import Grade, in_words

EARLY, LATE = Span(0, 30), Span(31, 100)
PHASES = {"early": EARLY, "late": LATE}
GRADES = range(5)
WORDS = [in_words(lowest, highest) for lowest in GRADES for highest in GRADES]

Row = dict[str, Any]
Inputs = tuple[tuple[str, str], ...]
T = TypeVar("T", bound="Haematotoxicity")


class Haematotoxicity(s.Table):
    """Haematotoxicity of each subject, early (day 0-30) and late (day 31-100)."""

    subject = s.subject_key()
    early = s.count("Early grade, where it is settled", "grade", max=4, nullable=True)
    early_lowest = s.count("Early grade, lowest", "grade", max=4)
    early_highest = s.count("Early grade, highest", "grade", max=4)
    early_words = s.text("Early grade in words", private=False)
    early_rule = s.text("Early grade: what decided", private=False)
    early_missing = s.text("Early grade: what is missing", private=False, nullable=True)
    late = s.count("Late grade, where it is settled", "grade", max=4, nullable=True)
    late_lowest = s.count("Late grade, lowest", "grade", max=4)
    late_highest = s.count("Late grade, highest", "grade", max=4)
    late_words = s.text("Late grade in words", private=False)
    late_rule = s.text("Late grade: what decided", private=False)
    late_missing = s.text("Late grade: what is missing", private=False, nullable=True)
    interpolated_days = s.count("Early days with an interpolated count", "day", max=31)
    unknown_days = s.count("Early days followed without a count", "day", max=31)


def subjects(of: Daily, seen: Window) -> pl.DataFrame:
    """Each subject with its follow-up, how the days of its early window count, and late values."""
    return of.followed.with_columns(
        pl.format("day {} ({})", "followed_to", "stop").alias("end"),
        counted_days=pl.Series(seen.counted.sum(axis=1)),
        interpolated_days=pl.Series(seen.interpolated.sum(axis=1)),
        unknown_days=pl.Series(seen.unknown.sum(axis=1)),
    ).hstack(_late_values(of))


def with_grade(
    told: pl.DataFrame, phase: str, found: Bounds, of: Daily, *, said: pl.Expr, analyte: str
) -> pl.DataFrame:
    """The grade of a phase, with the sentence of what decided and the days that are missing.

    What came after a death, a progression or new therapy is not missing: no count can tell it.
    """
    span = PHASES[phase]
    tellable = of.may_count(span)
    names = [f"{phase}_{name}" for name in ("lowest", "highest", "words", "rule", "missing")]
    lowest, highest, words, rule, missing = names
    graded = told.with_columns(
        pl.Series(lowest, found.lowest),
        pl.Series(highest, found.highest),
        pl.Series(WORDS).gather(found.lowest * len(GRADES) + found.highest).alias(words),
        spans=_spans(found.missing & tellable, span.first),
        beyond=pl.Series((found.missing & ~tellable).any(axis=1)),
    )
    settled = pl.when(pl.col(lowest) == pl.col(highest)).then(lowest)
    known = pl.when(pl.col("spans").list.len() > 0)
    unknown = known.then(pl.format("; not known: {}", pl.col("spans").list.join(", ")))
    unseen = pl.when("beyond").then(pl.format("; not seen after {}", "end"))
    labels = pl.col("spans").list.eval(pl.format(f"{analyte} on {{}}", pl.element()))
    return graded.with_columns(
        settled.alias(phase),
        pl.concat_str(said, unknown, unseen, pl.lit(": "), words, ignore_nulls=True).alias(rule),
        labels.alias(missing),
    ).drop("spans", "beyond")


def _spans(days: Flags, first: int) -> pl.Series:
    """The stretches of days of each row in words; `first` is the day of the first column."""
    edges = np.diff(np.pad(days, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    row, begins = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1] - 1
    spans = pl.DataFrame({"row": row, "first": first + begins, "last": first + ends})
    told = span_in_words(pl.col("first"), pl.col("last")).alias("spans")
    by_row = spans.group_by("row", maintain_order=True).agg(told)
    return _every_row(len(days), by_row)["spans"].fill_null(pl.lit([], dtype=pl.List(pl.String)))


def _every_row(height: int, by_row: pl.DataFrame) -> pl.DataFrame:
    rows = pl.DataFrame({"row": np.arange(height)})
    return rows.join(by_row, on="row", how="left", maintain_order="left")


# ---------------------------------------------------------------- late values
def _late_values(of: Daily) -> pl.DataFrame:
    """The two lowest late values of each subject as lists: `late_cells`, `late_days`."""
    late = (of.day >= LATE.first) & (of.day <= LATE.last)
    values = {"row": of.row, "late_cells": of.cells, "late_days": of.day}
    lowest = (
        pl.DataFrame(values)
        .filter(late)
        .sort("row", "late_cells", "late_days")
        .group_by("row", maintain_order=True)
        .agg(pl.all().head(2))
    )
    return _every_row(of.followed.height, lowest).drop("row")


def second_lowest(told: pl.DataFrame, of: Daily, limits: Limits) -> Bounds:
    """The late grade: what the second-lowest value reaches, or the lowest where it is alone."""
    number = told["late_cells"].list.len().fill_null(0).to_numpy()
    reached = limits.level(told["late_cells"].list.last().fill_null(np.inf).to_numpy())
    settled = (number > 0) & ((of.to >= LATE.last) | of.stopped(ENDS))
    lowest = np.where(settled | (number > 1), reached, 0)
    highest = np.where(settled, reached, GRADES[-1])
    days = np.arange(LATE.first, LATE.last + 1)
    to_come = (days > of.to[:, None]) | (number == 0)[:, None]
    return Bounds(lowest, highest, to_come & of.may_count(LATE) & (lowest < highest)[:, None])


def late_words(told: pl.DataFrame, analyte: str, shown: Callable[[float], str]) -> pl.Expr:
    """What decides the late grade, or why nothing does."""
    label = pl.when(pl.col("late_days").list.len() > 1).then(pl.lit("second-lowest"))
    value = [None if cells is None else shown(cells) for cells in told["late_cells"].list.last()]
    decides = pl.format(
        f"{{}} {analyte} {{}} on day {{}}",
        label.otherwise(pl.lit("only")),
        pl.lit(pl.Series(value, dtype=pl.String)),
        pl.col("late_days").list.last(),
    )
    never = pl.when(pl.col("followed_to") < LATE.first).then(pl.format("followed to {}", "end"))
    none = pl.lit(f"no {analyte} from day {LATE.first} on")
    return pl.coalesce(decides, never, none)


# ---------------------------------------------------------------- in words
def counted_days(days: int) -> str:
    """A number of days in words."""
    return f"{days} day" if days == 1 else f"{days} days"


def days_in_words(name: str) -> pl.Expr:
    """The numbers of days of a column in words; none where there is no day."""
    words = {days: counted_days(days) for days in range(1, LATE.last + 1)}
    return pl.col(name).replace_strict(words, default=None, return_dtype=pl.String)


def span_in_words(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Days in a row in words."""
    to = pl.when(last > first).then(pl.format(" to {}", last)).otherwise(pl.lit(""))
    return pl.format("day {}{}", first, to)


def early_words(parts: Sequence[pl.Expr], analyte: str, widest: str) -> pl.Expr:
    """What decides the early grade: the parts that are there, or that no count is low."""
    said = pl.concat_str(*parts, separator=", ", ignore_nulls=True)
    counted = pl.col("counted_days") > 0
    none = pl.when(counted).then(pl.lit(widest)).otherwise(pl.lit(analyte))
    last = pl.col("followed_to").clip(upper_bound=EARLY.last)
    return pl.when(said == "").then(pl.format("no {} from day 0 to {}", none, last)).otherwise(said)


# ---------------------------------------------------------------- one subject
def as_table(table: type[T], graded: pl.DataFrame) -> s.DataFrame[T]:
    """The graded subjects as a declared table."""
    missing = [pl.col(f"{phase}_missing").list.join("; ").replace("", None) for phase in PHASES]
    return table.cast(graded.with_columns(missing).select(list(table.columns())))


def grade_told(scale: str, phase: str, row: Row, inputs: Inputs) -> Grade:
    """The grade of one graded subject, with what was known and what to ask."""
    missing = tuple(row[f"{phase}_missing"])
    return Grade(
        scale=scale,
        lowest=row[f"{phase}_lowest"],
        highest=row[f"{phase}_highest"],
        rule=row[f"{phase}_rule"],
        inputs=(*inputs, ("Followed to", row["end"])),
        missing=missing,
        questions=tuple(f"Were there counts of {label}?" for label in missing),
    )


def early_inputs(counts: str, row: Row) -> Inputs:
    """How many days of the early window have counts, measured or interpolated."""
    return (
        (f"Early days with {counts}", counted_days(row["counted_days"])),
        ("of them interpolated", counted_days(row["interpolated_days"])),
    )


def late_inputs(analyte: str, row: Row, shown: Callable[[float], str]) -> Inputs:
    """The two late values that count, the lowest first, each with its day."""
    labels = (f"Lowest {analyte}", f"Second-lowest {analyte}")
    values = zip(row["late_cells"] or (), row["late_days"] or (), strict=True)
    return tuple(
        (label, f"{shown(cells)} on day {day}")
        for label, (cells, day) in zip(labels, values, strict=False)
    )
