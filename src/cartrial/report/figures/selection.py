"""Selection figure: how probably each dose level is selected, scenario by scenario."""

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.result import Figure

ROW = 38  # pixels
NONE = "#c9d1d9"
LEVELS = ("#deebf7", "#9ecae1", "#4292c6", "#08519c", "#08306b")
DARK_FROM = 3  # the level from which the ink is white
LEAST = 4.0  # percent: with less there is no room for the number


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Bars of 100 %, the probability written in each piece; table: shares."""
    (shares,) = tables
    scenarios = theme.in_order(shares, "scenario", "scenario_order")
    levels = theme.in_order(shares, "level", "level_order")
    colours = dict(zip(levels, _colours(len(levels) - 1), strict=True))
    base = alt.Chart(
        theme.inline(shares.with_columns(dark=pl.col("level_order") >= _dark(len(levels) - 1)))
    ).encode(
        x=alt.X(
            "percent:Q",
            title=figure.x,
            stack="zero",
            scale=alt.Scale(domain=[0, 100]),
            axis=alt.Axis(values=[0, 25, 50, 75, 100]),
        ),
        y=alt.Y(
            "scenario:N", title=figure.y, sort=scenarios, axis=alt.Axis(ticks=False, domain=False)
        ),
        order=alt.Order("level_order:Q"),
    )
    size = {"width": theme.WIDTH - 110, "height": ROW * len(scenarios)}
    return theme.configured(alt.layer(_pieces(base, colours), _numbers(base), **size))


def _colours(levels: int) -> list[str]:
    """Grey for none, then from light to dark; the darkest again where there are more levels."""
    return [NONE, *(LEVELS[min(n, len(LEVELS) - 1)] for n in range(levels))]


def _dark(levels: int) -> int:
    return min(DARK_FROM, levels + 1)


def _pieces(base: alt.Chart, colours: dict[str, str]) -> alt.Chart:
    frame = alt.condition("datum.correct", alt.value(theme.INK), alt.value("white"))
    shown: alt.Chart = (
        base.mark_bar(height=24)
        .properties(name="pieces")
        .encode(
            color=theme.coloured("level", colours, "Selected"),
            stroke=frame,
            strokeWidth=alt.condition("datum.correct", alt.value(2), alt.value(0.8)),
            opacity=theme.of_chosen(1.0, 0.25),
            tooltip=[
                alt.Tooltip("scenario:N", title="Scenario"),
                alt.Tooltip("level:N", title="Selected"),
                alt.Tooltip("percent:Q", title="%", format=".1f"),
            ],
        )
        .add_params(theme.chosen("level"))
    )
    return shown


def _numbers(base: alt.Chart) -> alt.Chart:
    ink = alt.ColorValue(theme.INK, condition={"test": "datum.dark", "value": "white"})
    wide = {"test": f"datum.percent >= {LEAST}", "value": 11}
    shown: alt.Chart = base.mark_text().encode(
        x=alt.X("percent:Q", stack="zero", bandPosition=0.5),
        text=alt.Text("percent:Q", format=".0f"),
        size=alt.SizeValue(0, condition=wide),
        color=ink,
        detail="level:N",
    )
    return shown
