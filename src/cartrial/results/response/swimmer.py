"""Swimmer figure: the course of each infused subject, by dose level, the longest followed on top.

Beside it stands cytokine release syndrome. Where responses are published without dates a bar is the
published duration of the best response instead.

Reading: how long after the infusion a published response began is not known, so that its bar starts
at 0 and says nothing of the infusion. One that is not said to be ongoing has no mark: whether it
ended or was no longer followed is not known.
"""

from dataclasses import replace

import polars as pl

from cartrial.results.population import Trial
from cartrial.results.responders import BY, in_use, primary
from cartrial.results.response.figures import STATUS, SwimmerCrs, SwimmerMark, SwimmerSpan
from cartrial.results.response.lane import Lane, lanes
from cartrial.results.response.published import published_durations
from cartrial.results.result import Figure
from cartrial.results.syndrome import episodes
from cartrial.results.table import Drawn, counted, tidy

TITLE = "Response of each subject over time (swimmer)"
PUBLISHED = "Best response of each subject, for as long as it is published to have lasted"
NAMES = ("swimmer_spans", "swimmer_marks", "swimmer_crs")
NOTHING = Figure(
    "swimmer",
    "orr",
    "swimmer",
    TITLE,
    population="",
    x="",
    y="Subject",
    empty="Not collected: responses with their dates.",
)

Rows = list[dict[str, object]]


def swimmer(trial: Trial) -> tuple[Drawn, ...]:
    """The course of each infused subject from the infusion to the date last known alive."""
    nothing = replace(NOTHING, population=trial.infused.label)
    if followed := lanes(trial):
        return (_followed(trial, nothing, followed),)
    if lasted := published_durations(trial):
        return (_published(trial, nothing, lasted),)
    return (Drawn(nothing, {}),)


def _followed(trial: Trial, nothing: Figure, followed: tuple[Lane, ...]) -> Drawn:
    crs, left_out = _crs(trial, followed)
    on_crs = _notes_on_crs(left_out) if crs or left_out else ()
    notes = *_notes(trial), *on_crs
    figure = replace(nothing, title=TITLE, x="Months since the infusion", footnotes=notes)
    return _drawn(figure, followed, crs)


def _published(trial: Trial, nothing: Figure, lasted: tuple[Lane, ...]) -> Drawn:
    others = sorted(trial.infused.everyone - {lane.subject for lane in lasted})
    notes = (
        "Bar: how long the best response lasted, as published; when it began is not known. Arrow: "
        "ongoing when it was published; without one it is not said to be.",
        *([f"No duration is published for: {', '.join(others)}."] if others else []),
    )
    figure = replace(nothing, title=PUBLISHED, x="Months in the best response", footnotes=notes)
    return _drawn(figure, lasted, [])


def _notes(trial: Trial) -> tuple[str, ...]:
    word, _ = in_use(trial)
    return (
        f"Colour: response {BY[primary(trial)]} as last assessed, confirmed or not; grey before "
        "the first. Progression is marked where it is an event.",
        f"First response is marked in {word} responders. A bar ends at the date last known alive.",
    )


def _notes_on_crs(left_out: int) -> tuple[str, ...]:
    return (
        "At the left: cytokine release syndrome (CRS) in days from the infusion, and its worst "
        "grade; an arrow where its end is not known.",
        f"CRS whose first day is not known, not drawn: {counted(left_out, 'episode')}."
        if left_out
        else "",
    )


def _crs(trial: Trial, followed: tuple[Lane, ...]) -> tuple[Rows, int]:
    """The episodes after the first infusion, and how many have no day on which they began."""
    order = {lane.subject: place for place, lane in enumerate(followed, start=1)}
    first = episodes(trial, "CRS").filter(pl.col("subject").is_in(order.keys()))
    first = first.filter(pl.col("INFNO").fill_null(1) == 1)
    dated = first.filter(pl.col("ASTDAY").is_not_null() & pl.col("ASTDTF").is_null())
    rows: Rows = [
        {
            "subject": row["subject"],
            "order": order[row["subject"]],
            "first": row["ASTDAY"],
            "last": row["AENDAY"],
            "until": 1 + (row["ASTDAY"] if row["AENDAY"] is None else row["AENDAY"]),
            "grade": "grade missing" if row["level"] is None else f"grade {row['level']}",
        }
        for row in dated.unique(["subject", "ASTDAY"], keep="first", maintain_order=True).iter_rows(
            named=True
        )
    ]
    return rows, first.height - dated.height


def _drawn(figure: Figure, shown: tuple[Lane, ...], crs: Rows) -> Drawn:
    spans: Rows = []
    marks: Rows = []
    for order, lane in enumerate(shown, start=1):
        who = {
            "subject": lane.subject,
            "order": order,
            "group": lane.group,
            "group_order": lane.group_order,
        }
        spans += [
            who | {"start": a, "end": b, "status": status, "status_order": STATUS.index(status) + 1}
            for a, b, status in lane.stretches
        ]
        marks += [who | {"month": month, "mark": mark} for month, mark in lane.marks]
    tables = tidy(SwimmerSpan, spans), tidy(SwimmerMark, marks), tidy(SwimmerCrs, crs)
    return Drawn(replace(figure, data=NAMES, empty=""), dict(zip(NAMES, tables, strict=True)))
