"""Escalation figure: each subject in the order of infusion, at its dose level, and the steps.

The line is the level in force. Shape and colour say the DLT status; a DLT has its day beside it.
"""

import json

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.report.figures.dlt_window import STATUS
from cartrial.results.result import Figure

STEP = 58  # pixels between two levels
LABELLED = 40  # subjects: with more there is no room for their names
SHAPES = {
    "DLT": "diamond",
    "complete": "circle",
    "pending": "circle",
    "maturing": "triangle-up",
    "not evaluable": "cross",
}
ABOVE = 14  # pixels from the line to the number of a step, and to the day of a DLT


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Points over a line of steps; tables: subjects infused, steps."""
    infused, steps = (_dates_as_text(table) for table in tables)
    levels = [*range(1, max([*infused["level"], *steps["level"].drop_nulls()]) + 1)]
    x = alt.X(
        "order:Q",
        title=figure.x,
        scale=alt.Scale(domain=[0.5, infused.height + 0.5], nice=False),
        axis=_names(infused),
    )
    y = alt.Y(
        "level:Q",
        title=figure.y,
        scale=alt.Scale(domain=[0.5, len(levels) + 0.5], nice=False),
        axis=alt.Axis(values=levels, format="d", domain=False, ticks=False),
    )
    layers = [*_line(steps, x, y), _points(infused, x, y), _toxic(infused, x, y)]
    size = {"width": theme.WIDTH - 60, "height": STEP * len(levels)}
    return theme.configured(alt.layer(*layers, **size))


def _dates_as_text(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(pl.col(pl.Date).dt.to_string())


def _names(infused: pl.DataFrame) -> alt.Axis:
    """The axis of the subjects, with their keys."""
    names = json.dumps({f"{order}": key for order, key in infused["order", "subject"].iter_rows()})
    labels = infused.height <= LABELLED
    return alt.Axis(
        values=infused["order"].to_list(),
        labelExpr=f"({names})[datum.value]",
        labels=labels,
        labelAngle=-45,
        labelOverlap=False,
        grid=False,
        ticks=labels,
    )


def _line(steps: pl.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The level in force, joined where it changes, with the number of each step."""
    known = steps.filter(pl.col("level").is_not_null())
    joins = known.with_columns(before=pl.col("level").shift()).drop_nulls("before")
    start = alt.X("place:Q", title=x["title"], scale=x["scale"], axis=x["axis"])
    base = alt.Chart(theme.inline(known))
    flat = base.mark_rule(color=theme.LINE, strokeWidth=1.8).encode(x=start, x2="until:Q", y=y)
    joined = (
        alt.Chart(theme.inline(joins))
        .mark_rule(color=theme.LINE, strokeWidth=1.8)
        .encode(x=start, y=alt.Y("before:Q", title=y["title"], scale=y["scale"]), y2="level:Q")
    )
    numbers = base.mark_text(
        dx=4, dy=-ABOVE, align="left", color=theme.QUIET, fontSize=10.5, fontWeight="bold"
    ).encode(x=start, y=y, text="label:N", tooltip=_tooltip())
    return [flat, joined, numbers, *_ended(steps, start)]


def _ended(steps: pl.DataFrame, x: alt.X) -> list[alt.Chart]:
    """A line where a step ended the escalation."""
    ended = steps.filter(pl.col("level").is_null())
    if ended.is_empty():
        return []
    base = alt.Chart(theme.inline(ended)).encode(x=x, tooltip=_tooltip())
    rule = base.mark_rule(color=theme.INK, strokeWidth=1.6)
    word = base.mark_text(text="stop", align="right", dx=-5, fontSize=11, color=theme.INK)
    return [rule, word.encode(y=alt.value(8))]


def _points(infused: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    seen = [status for status in STATUS if status in infused["status"].to_list()]
    shapes = alt.Scale(domain=seen, range=[SHAPES[status] for status in seen])
    colours = {status: STATUS[status] for status in seen}
    shown: alt.Chart = (
        alt.Chart(theme.inline(infused), name="infused")
        .mark_point(size=130, filled=True, stroke="white", strokeWidth=1)
        .encode(
            x=x,
            y=y,
            color=theme.coloured("status", colours, "DLT status"),
            shape=alt.Shape("status:N", title="DLT status", scale=shapes),
            opacity=theme.in_focus("chosen", faded=0.2),
            tooltip=[
                alt.Tooltip("subject:N", title="Subject"),
                alt.Tooltip("on:N", title="Infused on"),
                alt.Tooltip("group:N", title="Dose level"),
                alt.Tooltip("words:N", title="DLT status"),
                alt.Tooltip("reason:N", title="Reason"),
            ],
        )
        .add_params(theme.chosen("status"), theme.picked())
    )
    return shown


def _toxic(infused: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    said = pl.col("words").str.replace("DLT on day ", "d")
    toxic = infused.filter(pl.col("status") == "DLT").with_columns(said=said)
    mark = alt.Chart(theme.inline(toxic)).mark_text(dy=ABOVE + 3, fontSize=9.5, color=theme.INK)
    shown: alt.Chart = mark.encode(x=x, y=y, text="said:N", opacity=theme.in_focus())
    return shown


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("number:Q", title="Step"),
        alt.Tooltip("on:N", title="On"),
        alt.Tooltip("decision:N", title="Committee"),
        alt.Tooltip("said:N", title="Design"),
    ]
