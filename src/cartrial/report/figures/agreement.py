"""Agreement of two assays: each pair of results, both scales logarithmic, by time."""

import altair as alt
import polars as pl

from cartrial.report.figures import kinetic_axes, theme
from cartrial.results.result import Figure

HEIGHT = 300  # pixels


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Points by time and the line of the median ratio; tables: points, line."""
    points, line = tables
    x = kinetic_axes.exposure("cells", figure.x, points["cells"].to_list())
    copies = [*points["copies"].to_list(), *line["copies"].to_list()]
    y = kinetic_axes.concentration("copies", figure.y, copies)
    colours = theme.group_colours(theme.in_order(points, "period", "period_order"))
    ratio = (
        alt.Chart(theme.inline(line))
        .mark_line(strokeDash=[5, 4], color=theme.QUIET, strokeWidth=1.4)
        .encode(x=x, y=y)
    )
    pairs = (
        alt.Chart(theme.inline(points), name="pairs")
        .mark_circle(size=46)
        .encode(
            x=x,
            y=y,
            color=theme.coloured("period", colours, None, legend=alt.Legend()),
            opacity=theme.in_focus("chosen", shown=0.75),
            tooltip=[
                alt.Tooltip("subject:N", title="Subject"),
                alt.Tooltip("group:N", title="Dose level"),
                alt.Tooltip("day:Q", title="Day", format=".1~f"),
                alt.Tooltip("copies:Q", title="qPCR", format=",.4~r"),
                alt.Tooltip("cells:Q", title="Flow", format=",.4~r"),
            ],
        )
        .add_params(theme.chosen("period"), theme.picked())
    )
    return theme.configured(alt.layer(ratio, pairs, width=theme.WIDTH, height=HEIGHT))
