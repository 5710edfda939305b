"""Cumulative incidence of competing events: a step curve with its band for each cause.

A panel for each group. The curves differ in colour and in stroke.
"""

import altair as alt
import polars as pl

from cartrial.report.figures import response_scale, theme
from cartrial.results.figures import CAUSES
from cartrial.results.result import Figure

HEIGHT = 220  # pixels, of a panel
COLOURS = dict(zip(CAUSES, ("#d55e00", "#334155"), strict=True))
STROKES = dict(zip(CAUSES, ([1, 0], [6, 3]), strict=True))


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Curves that rise from 0; table: incidence."""
    (points,) = tables
    last = max([1.0, *points["month"].to_list()])
    groups = points["group"].unique(maintain_order=True).to_list()
    panels = [
        _panel(points.filter(group=group), figure, last, title=group if len(groups) > 1 else "")
        for group in groups
    ]
    return theme.configured(panels[0] if len(panels) == 1 else alt.vconcat(*panels, spacing=14))


def _panel(points: pl.DataFrame, figure: Figure, last: float, *, title: str) -> theme.Chart:
    axis = alt.Axis(values=response_scale.months(last), grid=False)
    x = alt.X("month:Q", title=figure.x, scale=alt.Scale(domain=[0, last], nice=False), axis=axis)
    scale, ticks = alt.Scale(domain=[0, 100]), alt.Axis(values=[0, 25, 50, 75, 100])
    y = alt.Y("incidence:Q", title=figure.y, scale=scale, axis=ticks)
    seen = [cause for cause in CAUSES if cause in points["cause"].to_list()]
    colours = {cause: COLOURS[cause] for cause in seen}
    legend = alt.Legend(symbolType="stroke", symbolSize=300)
    strokes = alt.Scale(domain=seen, range=[STROKES[cause] for cause in seen])
    stroke = alt.StrokeDash("cause:N", title=None, scale=strokes, legend=legend)
    colour = theme.coloured("cause", colours, None, legend=legend)
    base = alt.Chart(theme.inline(points)).encode(x=x, detail="cause:N")
    low = alt.Y("lower:Q", title=figure.y, scale=scale)
    bands = [
        base.transform_filter(f"datum.cause == '{cause}'")
        .mark_area(interpolate="step-after", opacity=0.13, fill=colours[cause])
        .encode(y=low, y2="upper:Q")
        for cause in seen
    ]
    line = base.mark_line(interpolate="step-after", strokeWidth=2)
    line = line.encode(y=y, color=colour, strokeDash=stroke)
    steps = base.mark_circle(size=130, opacity=0.0).encode(y=y, tooltip=_tooltip())
    heading = alt.TitleParams(title, anchor="start", fontSize=12, color=theme.INK)
    named = {"title": heading} if title else {}
    return alt.layer(*bands, line, steps, width=theme.WIDTH, height=HEIGHT, **named)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("cause:N", title="Cause"),
        alt.Tooltip("month:Q", title="Month", format=".1f"),
        alt.Tooltip("incidence:Q", title="Cumulative incidence, %", format=".1f"),
        alt.Tooltip("lower:Q", title="Lower limit, %", format=".1f"),
        alt.Tooltip("upper:Q", title="Upper limit, %", format=".1f"),
    ]
