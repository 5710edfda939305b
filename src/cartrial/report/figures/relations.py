"""Exposure and outcome: one panel for each outcome, a point for each subject.

The exposure runs across, on one log scale for all panels. A graded outcome has a row for each
category, in which points are set apart; a number has its own scale upwards.
"""

from math import log10

import altair as alt
import polars as pl

from cartrial.report.figures import kinetic_axes, theme
from cartrial.results.result import Figure

ROW = 24  # pixels, of a category
HEIGHT = 110  # pixels, of a panel of numbers
DECADES = 1.3  # of values, from which their scale is logarithmic


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """The panels one under the other; table: points."""
    (points,) = tables
    names = theme.in_order(points, "outcome", "outcome_order")
    colours = theme.group_colours(theme.in_order(points, "group", "group_order"))
    exposures = points["exposure"].to_list()
    panels = []
    for number, name in enumerate(names, start=1):
        mine = points.filter(pl.col("outcome") == name)
        x = kinetic_axes.exposure("exposure", figure.x, exposures)
        if number < len(names):
            x = alt.X("exposure:Q", title=None, scale=x["scale"], axis=_bare(x))
        panels.append(_panel(name, mine, x, colours, first=number == 1))
    apart = alt.Resolve(scale=alt.ScaleResolveMap(color="independent"))
    stacked = alt.vconcat(*panels, spacing=14, resolve=apart)
    return theme.configured(stacked)


def _panel(
    name: str, points: pl.DataFrame, x: alt.X, colours: dict[str, str], *, first: bool
) -> theme.Chart:
    graded = points["category"].null_count() == 0
    legend = alt.Legend() if first and len(colours) > 1 else None
    y, height = _categories(points) if graded else _numbers(points)
    base = alt.Chart(theme.inline(points)).encode(x=x, y=y)
    marks = base.mark_point(size=52, strokeWidth=1.5).encode(
        color=theme.coloured("group", colours, "Dose level", legend=legend),
        fill=_fill(colours),
        opacity=theme.in_focus(shown=0.9),
        tooltip=_tooltip(),
    )
    marks = marks.properties(name="relations").add_params(theme.picked()) if first else marks
    middle = base.mark_tick(thickness=2, size=ROW - 6, color=theme.INK).encode(
        x=alt.X(
            "exposure:Q", aggregate="median", scale=x["scale"], axis=x["axis"], title=x["title"]
        )
    )
    layers = [middle, marks] if graded else [marks]
    heading = alt.TitleParams(
        name, anchor="start", frame="group", fontSize=11, fontWeight="normal", offset=4
    )
    return alt.layer(*layers, width=theme.WIDTH, height=height, title=heading)


def _bare(x: alt.X) -> alt.Axis:
    """The grid of an axis without its words: they stand under the last panel."""
    return alt.Axis(values=x["axis"]["values"], labels=False, ticks=False, domain=False)


def _fill(colours: dict[str, str]) -> alt.Fill:
    """The colour of the dose level; white where the true value is higher."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    open_ = {"test": "datum.censored", "value": "white"}
    return alt.Fill("group:N", scale=scale, legend=None, condition=open_)


def _categories(points: pl.DataFrame) -> tuple[alt.Y, int]:
    order = theme.in_order(points, "category", "value")
    axis = alt.Axis(ticks=False, domain=False, grid=True)
    y = alt.Y("category:N", title=None, sort=order[::-1], axis=axis)
    return y, ROW * max(len(order), 2)


def _numbers(points: pl.DataFrame) -> tuple[alt.Y, int]:
    values = points["value"].to_list()
    unit = points["unit"].to_list()[0]
    low, high = min(values), max(values)
    if low > 0 and log10(high / low) > DECADES:
        return kinetic_axes.concentration("value", unit, values), HEIGHT
    scale = alt.Scale(zero=False, nice=True)
    return alt.Y("value:Q", title=unit, scale=scale, axis=alt.Axis(tickCount=4)), HEIGHT


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("group:N", title="Dose level"),
        alt.Tooltip("outcome:N", title="Outcome"),
        alt.Tooltip("category:N", title="Category"),
        alt.Tooltip("value:Q", title="Value", format=",.4~r"),
        alt.Tooltip("unit:N", title="Unit"),
        alt.Tooltip("censored:N", title="Censored"),
        alt.Tooltip("exposure:Q", title="Exposure", format=",.4~r"),
        alt.Tooltip("exposure_unit:N", title="Unit of the exposure"),
    ]
