"""Outlook figure: the tree of what comes next, from now on the left to the last cohort looked at.

A box is what is done after an outcome; where the dose goes is in words, and in the colour.
"""

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.figures import OUTLOOK
from cartrial.results.result import Figure

ROW = 36  # pixels
BOX, GAP = 0.80, 0.20  # of the width of a column
NARROW = 150  # pixels of a box
HALF = 0.40  # of the height of a row
COLOURS = {
    "start": "#d6e8f5",
    "escalate": "#cdebd9",
    "stay": "#d6e8f5",
    "de-escalate": "#fde0c0",
    "wait": "#eceff2",
    "stop": "#f6c6b8",
    "end": "#e2ddf0",
}


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Boxes joined by lines; table: forks."""
    (forks,) = tables
    rows = max(forks["place"])
    columns = max(forks["depth"]) + 1
    placed = forks.with_columns(
        low=pl.col("depth").cast(pl.Float64),
        high=pl.col("depth") + BOX,
        middle=pl.col("depth") + BOX / 2,
        before=pl.col("depth") - GAP,
        top=pl.col("place") - HALF,
        bottom=pl.col("place") + HALF,
    )
    x = alt.Scale(domain=[0, columns - GAP], nice=False)
    y = alt.Scale(domain=[0.5, rows + 0.5], nice=False, reverse=True)
    layers = [_lines(placed, x, y), _boxes(placed, x, y), *_words(placed, x, y, columns)]
    size = {"width": theme.WIDTH + 60, "height": ROW * rows}
    return theme.configured(alt.layer(*layers, **size))


def _across(field: str, scale: alt.Scale) -> alt.X:
    return alt.X(f"{field}:Q", scale=scale, axis=None)


def _down(field: str, scale: alt.Scale) -> alt.Y:
    return alt.Y(f"{field}:Q", scale=scale, axis=None)


def _lines(forks: pl.DataFrame, x: alt.Scale, y: alt.Scale) -> alt.Chart:
    data = theme.inline(forks.filter(pl.col("from_place").is_not_null()))
    mark = alt.Chart(data).mark_rule(color=theme.LINE, strokeWidth=1.2)
    shown: alt.Chart = mark.encode(
        x=_across("before", x), x2="low:Q", y=_down("from_place", y), y2="place:Q"
    )
    return shown


def _boxes(forks: pl.DataFrame, x: alt.Scale, y: alt.Scale) -> alt.Chart:
    seen = set(forks["kind"].to_list())
    colours = {kind: COLOURS[kind] for kind in OUTLOOK if kind in seen}
    shown: alt.Chart = (
        alt.Chart(theme.inline(forks), name="forks")
        .mark_rect(cornerRadius=4, stroke=theme.LINE, strokeWidth=0.6)
        .encode(
            x=_across("low", x),
            x2="high:Q",
            y=_down("top", y),
            y2="bottom:Q",
            color=theme.coloured("kind", colours, None, legend=None),
            tooltip=[
                alt.Tooltip("seen:N", title="Seen"),
                alt.Tooltip("next:N", title="Then"),
                alt.Tooltip("reason:N", title="Why"),
            ],
        )
    )
    return shown


def _words(forks: pl.DataFrame, x: alt.Scale, y: alt.Scale, columns: int) -> list[alt.Chart]:
    """Two lines in each box, smaller where the boxes are narrow, and cut where they do not fit."""
    base = alt.Chart(theme.inline(forks)).encode(x=_across("middle", x), y=_down("place", y))
    box = f"{BOX / (columns - GAP):.4f} * width"
    narrow, room = f"{box} < {NARROW}", alt.ExprRef(f"{box} - 4")
    small, large = (alt.ExprRef(f"{narrow} ? {size - 1.5} : {size}") for size in (9.5, 10.5))
    seen = base.mark_text(dy=-6, fontSize=small, limit=room, color=theme.QUIET)
    then = base.mark_text(dy=6, fontSize=large, limit=room, color=theme.INK, fontWeight="bold")
    return [seen.encode(text="seen:N"), then.encode(text="next:N")]
