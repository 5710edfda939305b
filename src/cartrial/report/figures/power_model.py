"""Exposure over dose, both on log scales, with the power model and the proportional line."""

import altair as alt
import polars as pl

from cartrial.report.figures import kinetic_axes, theme
from cartrial.results.result import Figure

HEIGHT = 220  # pixels
DASHES = {"Power model": [1, 0], "Proportional": [5, 4]}


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Points by dose level and two lines; tables: points, lines."""
    points, lines = tables
    x = kinetic_axes.exposure("dose", figure.x, points["dose"].to_list())
    values = [*points["value"].to_list(), *lines["value"].to_list()]
    y = kinetic_axes.concentration("value", figure.y, values)
    colours = theme.group_colours(theme.in_order(points, "group", "group_order"))
    dash = alt.StrokeDash(
        "line:N",
        title=None,
        scale=alt.Scale(domain=list(DASHES), range=list(DASHES.values())),
        legend=alt.Legend(orient="bottom", symbolType="stroke"),
    )
    layers = [
        alt.Chart(theme.inline(lines))
        .mark_line(color=theme.QUIET, strokeWidth=1.6)
        .encode(x=x, y=y, strokeDash=dash),
        alt.Chart(theme.inline(points), name="doses")
        .mark_circle(size=62)
        .encode(
            x=x,
            y=y,
            color=theme.coloured("group", colours, "Dose level"),
            opacity=theme.in_focus(shown=0.85),
            tooltip=[
                alt.Tooltip("subject:N", title="Subject"),
                alt.Tooltip("group:N", title="Dose level"),
                alt.Tooltip("dose:Q", title="Dose given", format=",.3~r"),
                alt.Tooltip("value:Q", title="Exposure", format=",.4~r"),
                alt.Tooltip("unit:N", title="Unit"),
            ],
        )
        .add_params(theme.picked()),
    ]
    return theme.configured(alt.layer(*layers, width=theme.WIDTH, height=HEIGHT))
