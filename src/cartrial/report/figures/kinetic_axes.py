"""The axes of CAR kinetics: days, of which the first 28 take half the width, and a log scale.

The day axis is straight on either side of day 28, where a line stands.
"""

from collections.abc import Iterable
from math import ceil, floor, log10, sqrt

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.statistic import SUPERSCRIPT

MARGIN = 1.6  # of the scale, beyond the outermost points
MOST_RULES = 2  # limits drawn as rules of their own
EARLY = 28  # days
EARLY_SHARE = 0.5  # of the width
EARLY_DAYS = (0, 7, 14, 21, 28)
LATER_DAYS = (91, 183, 274, 365, 548, 730, 1096, 1461, 1826)


def days(title: str, last: float, *, width: str = "width") -> alt.X:
    """The axis of days up to the last, stretched to day 28; `width` is the signal of its width."""
    later = last > EARLY
    places = alt.ExprRef(f"{EARLY_SHARE} * {width}"), alt.ExprRef(width)
    scale = (
        alt.Scale(domain=[0, EARLY, last], range=[0, *places], nice=False)
        if later
        else alt.Scale(domain=[0, EARLY], nice=False)
    )
    ticks = [*EARLY_DAYS, *(day for day in LATER_DAYS if day <= last)]
    axis = alt.Axis(values=ticks, grid=False, format="d", labelOverlap="greedy")
    return alt.X("day:Q", title=title, scale=scale, axis=axis)


def day_28(x: alt.X) -> alt.Chart:
    """The line at which the axis of days changes its pace."""
    mark = alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=theme.LINE, strokeWidth=1)
    shown: alt.Chart = mark.encode(x=alt.XDatum(EARLY, scale=x["scale"], type="quantitative"))
    return shown


def concentration(field: str, title: str, values: Iterable[float | None]) -> alt.Y:
    """A log scale that holds the values, with its powers of ten."""
    domain, powers = reach(values)
    axis = alt.Axis(values=powers, labelExpr=power_labels(powers))
    scale = alt.Scale(type="log", domain=domain, nice=False)
    return alt.Y(f"{field}:Q", title=title, scale=scale, axis=axis)


def exposure(field: str, title: str, values: Iterable[float | None]) -> alt.X:
    """The same across."""
    domain, powers = reach(values)
    axis = alt.Axis(values=powers, labelExpr=power_labels(powers))
    scale = alt.Scale(type="log", domain=domain, nice=False)
    return alt.X(f"{field}:Q", title=title, scale=scale, axis=axis)


def reach(values: Iterable[float | None]) -> tuple[list[float], list[float]]:
    """The ends of a log scale and its ticks; where powers of ten are few, also 2 and 5 of each."""
    shown = [value for value in values if value and value > 0]
    ends = [min(shown) / MARGIN, max(shown) * MARGIN]
    powers = range(floor(log10(ends[0])), ceil(log10(ends[1])) + 1)
    ticks = [10.0**p for p in powers if ends[0] <= 10.0**p <= ends[1]]
    if len(ticks) < 2:
        ticks = [
            m * 10.0**p for p in powers for m in (1, 2, 5) if ends[0] <= m * 10.0**p <= ends[1]
        ]
    return ends, ticks


def power_labels(ticks: Iterable[float]) -> str:
    """An expression that writes 10⁴ for 10,000, as vega has no format that does."""
    text = "format(datum.value, ',~r')"
    for tick in ticks:
        power = round(log10(tick))
        if power >= 4 and tick == 10.0**power:
            word = f"10{str(power).translate(SUPERSCRIPT)}"
            text = f"datum.value == {tick:.0f} ? '{word}' : {text}"
    return text


def limits(found: Iterable[float], y: alt.Y) -> list[alt.Chart]:
    """A rule at each limit of quantification; a band from lowest to highest where they are many."""
    known = sorted(set(found))
    if not known:
        return []
    low, high = theme.plain(known[0]), theme.plain(known[-1])
    many = len(known) > MOST_RULES
    words = [f"LLOQ {low} to {high}"] if many else [f"LLOQ {theme.plain(x)}" for x in known]
    ends = [(known[0], known[-1])] if many else [(x, x) for x in known]
    table = pl.DataFrame(
        [(a, b, sqrt(a * b), word) for (a, b), word in zip(ends, words, strict=True)],
        schema=["low", "high", "middle", "words"],
        orient="row",
    )
    base = alt.Chart(theme.inline(table))
    at = {"title": y["title"], "scale": y["scale"], "axis": y["axis"]}
    mark = (
        base.mark_rect(color=theme.QUIET, opacity=0.14).encode(y=alt.Y("low:Q", **at), y2="high:Q")
        if many
        else base.mark_rule(strokeDash=[4, 3], color=theme.QUIET).encode(y=alt.Y("low:Q", **at))
    )
    label = base.mark_text(align="right", dx=-4, dy=-7, color=theme.QUIET, fontSize=10).encode(
        x=alt.value("width"), y=alt.Y("middle:Q", **at), text="words:N"
    )
    return [mark, label]
