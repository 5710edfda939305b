"""Worst grades figure: for each dose level, the share of subjects with each worst grade."""

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.result import Figure

ROW = 34  # pixels
COLOURS = {
    "none": "#e9edf1",
    "grade 1": "#fee0b6",
    "grade 2": "#fdb863",
    "grade 3": "#e66101",
    "grade 4": "#a63603",
    "grade 5": "#4a1500",
    "grade missing": "#b9a9d6",
}
DARK = ("grade 3", "grade 4", "grade 5")


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Bars of 100 %, the number of subjects written in each piece; table: shares."""
    (shares,) = tables
    shares = shares.filter(pl.col("n") > 0).with_columns(
        words=pl.format("{}  (N = {})", pl.col("group"), pl.col("of")),
        dark=pl.col("grade").is_in(DARK),
    )
    groups = theme.in_order(shares, "words", "group_order")
    seen = set(shares.get_column("grade").to_list())
    colours = {grade: colour for grade, colour in COLOURS.items() if grade in seen}
    base = alt.Chart(theme.inline(shares)).encode(
        x=alt.X(
            "percent:Q",
            title=figure.x,
            stack="zero",
            scale=alt.Scale(domain=[0, 100]),
            axis=alt.Axis(values=[0, 25, 50, 75, 100]),
        ),
        y=alt.Y("words:N", title=None, sort=groups, axis=alt.Axis(ticks=False, domain=False)),
        order=alt.Order("grade_order:Q"),
    )
    size = {"width": theme.WIDTH - 60, "height": ROW * len(groups)}
    return theme.configured(alt.layer(_pieces(base, colours), _numbers(base), **size))


def _pieces(base: alt.Chart, colours: dict[str, str]) -> alt.Chart:
    chosen = theme.chosen("grade")
    shown: alt.Chart = (
        base.mark_bar(height=22, stroke="white", strokeWidth=1)
        .properties(name="pieces")
        .encode(
            color=theme.coloured("grade", colours, "Worst grade"),
            opacity=theme.of_chosen(1.0, 0.25),
            tooltip=[
                alt.Tooltip("group:N", title="Group"),
                alt.Tooltip("grade:N", title="Worst grade"),
                alt.Tooltip("n:Q", title="Subjects"),
                alt.Tooltip("of:Q", title="Of"),
                alt.Tooltip("percent:Q", title="%", format=".1f"),
                alt.Tooltip("subjects:N", title="Who"),
            ],
        )
        .add_params(chosen)
    )
    return shown


def _numbers(base: alt.Chart) -> alt.Chart:
    ink = alt.ColorValue(theme.INK, condition={"test": "datum.dark", "value": "white"})
    shown: alt.Chart = base.mark_text(fontSize=11).encode(
        x=alt.X("percent:Q", stack="zero", bandPosition=0.5),
        text="n:Q",
        color=ink,
        detail="grade:N",
    )
    return shown
