"""Response by dose level: the share of each best response, and the objective response rate."""

import altair as alt
import polars as pl

from cartrial.report.figures import response_scale, theme
from cartrial.results.result import Figure

ROW = 46  # pixels
BAR = 22  # pixels
ABOVE = 19  # pixels, from the middle of a bar to the words above it
LETTER = 8  # pixels, with the room that it needs
LOWER = 9  # pixels, from the middle of a row to that of its bar


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Bars of 100 %, in each piece its subjects, and its response where it has room for it."""
    shares, rates = tables
    dark = pl.col("response").is_in(response_scale.DARK)
    shares = shares.filter(pl.col("n") > 0).with_columns(dark=dark)
    rates = rates.with_columns(said=pl.concat_str("group", "words", separator=" · "))
    groups = theme.in_order(rates, "group", "group_order")
    y = alt.Y("group:N", scale=alt.Scale(domain=groups), axis=None)
    layers = _pieces(shares, figure.x, y), _numbers(shares, y), _rates(rates, y)
    size = {"width": theme.WIDTH, "height": ROW * len(groups)}
    return theme.configured(alt.layer(*layers, **size))


def _pieces(shares: pl.DataFrame, title: str, y: alt.Y) -> alt.Chart:
    colours = response_scale.colours(shares, "response")
    legend = alt.Legend(columns=10)
    shown: alt.Chart = (
        alt.Chart(theme.inline(shares), name="pieces")
        .mark_bar(height=BAR, yOffset=LOWER, stroke=theme.QUIET, strokeWidth=0.6)
        .encode(
            x=alt.X(
                "percent:Q",
                title=title,
                stack="zero",
                scale=alt.Scale(domain=[0, 100]),
                axis=alt.Axis(values=[0, 25, 50, 75, 100]),
            ),
            y=y,
            order=alt.Order("response_order:Q"),
            color=theme.coloured("response", colours, "Best response", legend=legend),
            opacity=theme.of_chosen(1.0, 0.25),
            tooltip=[
                alt.Tooltip("group:N", title="Group"),
                alt.Tooltip("response:N", title="Best response"),
                alt.Tooltip("n:Q", title="Subjects"),
                alt.Tooltip("of:Q", title="Of"),
                alt.Tooltip("percent:Q", title="%", format=".1f"),
                alt.Tooltip("subjects:N", title="Who"),
            ],
        )
        .add_params(theme.chosen("response"))
    )
    return shown


def _numbers(shares: pl.DataFrame, y: alt.Y) -> alt.Chart:
    ink = alt.ColorValue(theme.INK, condition={"test": "datum.dark", "value": "white"})
    words = "datum.n + ' ' + datum.response"
    roomy = f"datum.percent / 100 * width > {LETTER} * length({words})"
    shown: alt.Chart = (
        alt.Chart(theme.inline(shares))
        .mark_text(fontSize=11, dy=LOWER, text=alt.ExprRef(f"{roomy} ? {words} : datum.n"))
        .encode(
            x=alt.X("percent:Q", stack="zero", bandPosition=0.5),
            y=y,
            order=alt.Order("response_order:Q"),
            color=ink,
            detail="response:N",
        )
    )
    return shown


def _rates(rates: pl.DataFrame, y: alt.Y) -> alt.Chart:
    """The name and the rate of each group, above its bar."""
    mark = alt.Chart(theme.inline(rates)).mark_text(
        align="left", dy=LOWER - ABOVE, fontSize=11, color=theme.INK
    )
    shown: alt.Chart = mark.encode(x=alt.value(0), y=y, text="said:N")
    return shown
