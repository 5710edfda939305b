"""Correct selection figure: how probably the correct level is selected, over all true curves."""

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.result import Figure

HEIGHT = 240  # pixels


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Coloured cells; table: cells.

    Squares in the legend: a gradient is numbered by the process, and no two pages would be alike.
    """
    (cells,) = tables
    left, right = min(cells["left"]), max(cells["right"])
    levels = [*range(1, round(right - 0.5) + 1)]
    x = alt.X(
        "left:Q",
        title=figure.x,
        scale=alt.Scale(domain=[left, right], nice=False),
        axis=alt.Axis(values=levels, format="d", grid=False),
    )
    y = alt.Y(
        "bottom:Q",
        title=figure.y,
        scale=alt.Scale(domain=[min(cells["bottom"]), max(cells["top"])], nice=False),
        axis=alt.Axis(grid=False),
    )
    fill = alt.Fill(
        "percent:Q",
        title="Correctly selected, %",
        scale=alt.Scale(scheme="viridis", domain=[0, 100]),
        legend=alt.Legend(type="symbol", symbolType="square", values=[0, 25, 50, 75, 100]),
    )
    mark = alt.Chart(theme.inline(cells), name="cells").mark_rect(strokeWidth=0)
    chart = mark.encode(
        x=x,
        x2="right:Q",
        y=y,
        y2="top:Q",
        fill=fill,
        tooltip=[
            alt.Tooltip("rates:N", title="True DLT rates"),
            alt.Tooltip("correct:N", title="Correct"),
            alt.Tooltip("percent:Q", title="Selected, %", format=".1f"),
        ],
    )
    return theme.configured(chart.properties(width=theme.WIDTH - 60, height=HEIGHT))
