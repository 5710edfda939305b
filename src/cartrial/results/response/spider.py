"""Spider figure: every value of each subject's disease, from the baseline on."""

from collections.abc import Iterator

import polars as pl

from cartrial.adam.response.adrs import Adrs
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.population import Trial
from cartrial.results.response.figures import ChangeLimit, SpiderPoint, SpiderProgression
from cartrial.results.response.lane import progressions
from cartrial.results.response.measure import (
    COUNTED,
    change_limits,
    limits_in_words,
    measured,
    named,
    who,
    without,
)
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, tidy

NAMES = ("spider_points", "spider_progressions", "spider_limits")

Row = dict[str, object]


def spider(trial: Trial) -> tuple[Drawn, ...]:
    """A curve for each subject; nothing where nobody has a value."""
    rows = measured(trial) if trial.adam.has(Adrs) else pl.DataFrame()
    if rows.is_empty():
        return ()
    own = rows.filter("defining")
    curves = own.partition_by("subject", maintain_order=True)
    notes = (
        COUNTED,
        "Month 0: the baseline. The scale is a logarithm that reaches 0.",
        "Diamond: progression, at the last value up to it.",
        limits_in_words(trial),
        named(without(trial, rows), "No curve"),
    )
    figure = Figure(
        "spider",
        "orr",
        "spider",
        "M-protein or free light chains over time",
        trial.infused.label,
        x="Months since the infusion",
        y="% of baseline",
        data=NAMES if curves else (),
        footnotes=tuple(note for note in notes if note),
        empty="" if curves else "Nobody has a value of the measure of the disease.",
    )
    tables = (
        tidy(SpiderPoint, [point for curve in curves for point in _points(trial, curve)]),
        tidy(SpiderProgression, list(_progressions(trial, own))),
        tidy(ChangeLimit, change_limits(trial)),
    )
    return (Drawn(figure, dict(zip(NAMES, tables, strict=True)) if curves else {}),)


def _points(trial: Trial, mine: pl.DataFrame) -> Iterator[Row]:
    """The baseline of one subject, and its values."""
    first = mine.row(0, named=True)
    about = {"unit": first["unit"], "measure": first["measure"]}
    start = {"month": 0.0, "percent": 100.0, "value": first["baseline"]}
    values = mine.select("month", "percent", "value").iter_rows(named=True)
    for point in (start, *values):
        yield who(trial, first["subject"]) | about | point


def _progressions(trial: Trial, own: pl.DataFrame) -> Iterator[Row]:
    """Where the curve of each subject that progressed was: its last value up to then."""
    infused = dict(trial.adsl.select("subject", "TRTSDT").iter_rows())
    for subject, on in sorted(progressions(trial).items()):
        month = (on - infused[subject]).days / DAYS_PER_MONTH
        before = own.filter(pl.col("subject") == subject, pl.col("month") <= month)
        if before.height:
            last = before.row(-1, named=True)
            at = {"month": month, "at": last["month"], "percent": last["percent"]}
            yield who(trial, subject) | at
