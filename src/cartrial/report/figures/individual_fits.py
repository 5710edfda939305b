"""Fits of a population model: a small panel for each subject, with its samples and its curve."""

import altair as alt
import polars as pl

from cartrial.report.figures import kinetic_axes, theme
from cartrial.results.result import Figure

COLUMNS = 3
HEIGHT = 82  # pixels, of a panel
TITLE = 10  # size of the titles of axes, which stand at every panel
BETWEEN = 44  # pixels, with the numbers of an axis
DRAWN = alt.NamedData(name="fits")
SAMPLE, CURVE = "sample", "curve"


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Panels on the same axes; tables: samples, curves."""
    points, curves = tables
    low = min(points["shown"].to_list())
    floor = curves.with_columns(pl.col("median", "low", "high").clip(lower_bound=low))
    values = [*points["shown"].to_list(), *floor["high"].to_list()]
    y = kinetic_axes.concentration("shown", figure.y, values)
    last = max([float(kinetic_axes.EARLY), *points["day"].to_list()])
    x = kinetic_axes.days("", last, width="child_width")
    axis = alt.Axis(
        values=[0, 28, *([365] if last >= 365 else []), last],
        grid=False,
        format=".0f",
        titleFontSize=TITLE,
    )
    x = alt.X("day:Q", title=figure.x, scale=x["scale"], axis=axis)
    colours = theme.group_colours(theme.in_order(points, "group", "group_order"))
    layers = alt.layer(*_layers(x, y, colours), data=DRAWN)
    panel = layers.properties(width=(theme.WIDTH - 2 * BETWEEN) / COLUMNS, height=HEIGHT)
    order = theme.in_order(points.sort("group_order", "subject"), "subject", "group_order")
    header = alt.Header(title=None, labelPadding=2, labelFontSize=11)
    chart = panel.facet(
        facet=alt.Facet("subject:N", sort=order, header=header), columns=COLUMNS, spacing=14
    )
    rows = (points.with_columns(kind=pl.lit(SAMPLE)), floor.with_columns(kind=pl.lit(CURVE)))
    chart.datasets = {DRAWN.name: [row for part in rows for row in part.to_dicts()]}
    return theme.configured(chart)


def _layers(x: alt.X, y: alt.Y, colours: dict[str, str]) -> list[alt.Chart]:
    axis = alt.Axis(
        values=y["axis"]["values"], labelExpr=y["axis"]["labelExpr"], titleFontSize=TITLE
    )
    at = {"title": y["title"], "scale": y["scale"], "axis": axis}
    colour = theme.coloured("group", colours, "Dose level")
    curve = alt.Chart().transform_filter(f"datum.kind == '{CURVE}'").encode(x=x)
    sample = alt.Chart().transform_filter(f"datum.kind == '{SAMPLE}'").encode(x=x)
    shown = sample.encode(y=alt.Y("shown:Q", **at), color=colour, tooltip=_tooltip())
    return [
        curve.mark_area(color=theme.QUIET, opacity=0.2).encode(y=alt.Y("low:Q", **at), y2="high:Q"),
        curve.mark_line(color=theme.QUIET, strokeWidth=1.4).encode(y=alt.Y("median:Q", **at)),
        shown.transform_filter("!datum.below").mark_circle(size=26, opacity=0.9),
        shown.transform_filter("datum.below").mark_point(
            shape="triangle-down", size=28, strokeWidth=1.3
        ),
    ]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("group:N", title="Dose level"),
        alt.Tooltip("day:Q", title="Day", format=".1~f"),
        alt.Tooltip("shown:Q", title="Value, or the limit", format=",.4~r"),
        alt.Tooltip("unit:N", title="Unit"),
        alt.Tooltip("below:N", title="Below quantification"),
    ]
