"""Waterfall and spider figures: how far the measure of each subject's disease changed.

Waterfall: the lowest value after the infusion against the baseline. Spider: every value, from the
baseline on.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from cartrial.adam.adrs import Adrs
from cartrial.protocol.study import DAYS_PER_MONTH
from cartrial.results.lane import progressions
from cartrial.results.measure import measured, named, without
from cartrial.results.population import Trial
from cartrial.results.responders import BY, NOT_YET, in_use, primary
from cartrial.results.response_by_dose import UNCONFIRMED
from cartrial.results.response_figures import (
    BEST,
    ChangeLimit,
    SpiderPoint,
    SpiderProgression,
    WaterfallBar,
)
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, tidy

HIGHEST = 100.0  # percent: a greater rise is cut
COUNTED = (
    "Measure: M-protein of serum, or of urine where that defines the disease, or the difference of "
    "involved and uninvolved free light chain (FLC), up to a new anti-myeloma therapy."
)
LIMITS = "Dashed: the falls of M-protein in serum that {responses} ask for."
EMPTY = "Not collected: M-protein or free light chains, before and after the infusion."

Row = dict[str, object]


def waterfall(trial: Trial) -> tuple[Drawn, ...]:
    """The best change of each subject, and the values that led there; nothing without responses."""
    if not trial.adam.has(Adrs):
        return ()
    rows = measured(trial)
    own = rows.filter("defining")
    absent = named(without(trial, rows), "No bar, no curve")
    bars = _waterfall(trial, own, absent)
    return (bars, _spider(trial, own, absent)) if own.height else (bars,)


def change_limits(trial: Trial) -> Sequence[Row]:
    """The falls of serum M-protein that the criteria ask for, the deepest first."""
    criteria = trial.study.criteria
    asked = criteria.serum.fall.model_dump() if criteria else {}
    return [
        {"change": -fall, "percent": 100 - fall, "words": f"{response}: −{fall:g} %"}
        for response, fall in asked.items()
        if fall is not None
    ]


def _who(trial: Trial, subject: str) -> Row:
    return {
        "subject": subject,
        "group": trial.group_of(subject),
        "group_order": trial.group_order(subject),
    }


def _waterfall(trial: Trial, own: pl.DataFrame, absent: str) -> Drawn:
    word, found = in_use(trial)
    lowest = own.sort("subject", "change", "month").unique("subject", keep="first")
    drawn = [_bar(trial, row, found.best) for row in lowest.iter_rows(named=True)]
    drawn.sort(key=lambda bar: (-bar["change"], -bar["response_order"], bar["subject"]))
    bars: list[Row] = [bar | {"order": order} for order, bar in enumerate(drawn, start=1)]
    names = "waterfall_bars", "waterfall_limits"
    notes = (
        COUNTED,
        f"Colour: best response {BY[primary(trial)]}, {word}."
        + (f" {UNCONFIRMED}" if word == "confirmed" else ""),
        f"A rise above {HIGHEST:g} % is cut, and its number written.",
    )
    figure = _figure(
        "waterfall",
        "Best change of the M-protein or the free light chains",
        trial,
        x="Subject",
        y="Best change from baseline (%)",
        data=names if bars else (),
        footnotes=(*notes, *_limits_note(trial), absent),
    )
    tables = tidy(WaterfallBar, bars), tidy(ChangeLimit, list(change_limits(trial)))
    return Drawn(figure, dict(zip(names, tables, strict=True)) if bars else {})


def _bar(trial: Trial, row: Mapping[str, Any], best: Mapping[str, str]) -> dict[str, Any]:
    change = row["change"]
    response = best.get(row["subject"], NOT_YET.lower())
    kept = {name: row[name] for name in ("measure", "unit", "baseline", "value", "month")}
    return (
        _who(trial, row["subject"])
        | kept
        | {
            "change": change,
            "shown": min(change, HIGHEST),
            "cut": change > HIGHEST,
            "response": response,
            "response_order": BEST.index(response) + 1,
        }
    )


def _spider(trial: Trial, own: pl.DataFrame, absent: str) -> Drawn:
    names = "spider_points", "spider_progressions", "spider_limits"
    points = [point for part in own.partition_by("subject") for point in _points(trial, part)]
    worse = list(_progressions(trial, own))
    figure = _figure(
        "spider",
        "M-protein or free light chains over time",
        trial,
        x="Months since the infusion",
        y="% of baseline",
        data=names,
        footnotes=(
            COUNTED,
            "Month 0: the baseline. The scale is a logarithm that reaches 0.",
            "Diamond: progression, at the last value up to it.",
            *_limits_note(trial),
            absent,
        ),
    )
    tables = (
        tidy(SpiderPoint, points),
        tidy(SpiderProgression, worse),
        tidy(ChangeLimit, list(change_limits(trial))),
    )
    return Drawn(figure, dict(zip(names, tables, strict=True)))


def _points(trial: Trial, mine: pl.DataFrame) -> Iterator[Row]:
    """The baseline of one subject, and its values."""
    first = mine.row(0, named=True)
    who = _who(trial, first["subject"]) | {"unit": first["unit"], "measure": first["measure"]}
    yield who | {"month": 0.0, "percent": 100.0, "value": first["baseline"]}
    for month, percent, value in mine.select("month", "percent", "value").iter_rows():
        yield who | {"month": month, "percent": percent, "value": value}


def _progressions(trial: Trial, own: pl.DataFrame) -> Iterator[Row]:
    """Where the curve of each subject that progressed was: its last value up to then."""
    infused = dict(trial.adsl.select("subject", "TRTSDT").iter_rows())
    for subject, on in sorted(progressions(trial).items()):
        month = (on - infused[subject]).days / DAYS_PER_MONTH
        before = own.filter(pl.col("subject") == subject, pl.col("month") <= month)
        if before.height:
            last = before.row(-1, named=True)
            at = {"month": month, "at": last["month"], "percent": last["percent"]}
            yield _who(trial, subject) | at


def _limits_note(trial: Trial) -> tuple[str, ...]:
    asked = [str(limit["words"]).split(":")[0] for limit in change_limits(trial)]
    return (
        (LIMITS.format(responses=" and ".join([", ".join(asked[:-1]), asked[-1]])),)
        if asked
        else ()
    )


def _figure(
    kind: str,
    title: str,
    trial: Trial,
    *,
    x: str,
    y: str,
    data: tuple[str, ...],
    footnotes: tuple[str, ...],
) -> Figure:
    return Figure(
        kind,
        "orr",
        kind,  # type: ignore[arg-type]
        title,
        trial.infused.label,
        x=x,
        y=y,
        data=data,
        footnotes=tuple(note for note in footnotes if note),
        empty="" if data else EMPTY,
    )
