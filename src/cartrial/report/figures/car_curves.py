"""CAR persistence figure: each subject's curve on a log scale, with the limit of quantification.

A quantified value is a filled circle. A result below the limit, or not detected, is drawn open at
half the limit: it is a place on the paper, not a value. Early days get more room than late ones.
"""

from math import ceil, floor, log10, sqrt
from typing import Any

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.result import Figure

HEIGHT = 330  # pixels
MARGIN = 1.6  # of the scale, beyond the outermost points
MOST_RULES = 2  # limits drawn as rules of their own
STRETCH = 10  # days: below it the axis is nearly linear, above it nearly logarithmic
DAYS = (0, 3, 7, 14, 28, 61, 91, 183, 365, 548, 730, 1096, 1461, 1826)
SHAPES = {
    "below quantification": ("triangle-down", "below quantification, drawn at LLOQ/2"),
    "not detected": ("cross", "not detected, drawn at LLOQ/2"),
}


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Individual curves coloured by dose level; tables: measurements, limits."""
    points, limits = tables
    x, y = _x(points, figure.x), _y(points, limits, figure.y)
    focus = theme.in_focus("pointed", "chosen", shown=0.85)
    legend = alt.Legend()
    curve = {"x": x, "y": y, "color": _colour(points, None), "opacity": focus}
    quantified = pl.col("status") == "quantified"
    line = alt.Chart(theme.inline(points)).mark_line(strokeWidth=1.4, strokeJoin="round")
    dot = alt.Chart(theme.inline(points.filter(quantified)), name="curves").mark_circle(size=42)
    layers = [
        *_limit(limits, y),
        line.encode(**curve, detail="subject:N"),
        dot.encode(**curve | {"color": _colour(points, legend)}, tooltip=_tooltip()).add_params(
            theme.pointed_at(), theme.chosen("group"), theme.picked()
        ),
        _open(points.filter(~quantified), curve),
    ]
    layered = alt.layer(*layers, width=theme.WIDTH, height=HEIGHT)
    return theme.configured(layered.resolve_scale(color="independent"))


def _open(points: pl.DataFrame, curve: dict[str, Any]) -> alt.Chart:
    """The results that are no value: open symbols at half the limit."""
    words = {name: words for name, (_, words) in SHAPES.items()}
    seen = set(points.get_column("status").to_list())
    used = [SHAPES[name] for name in SHAPES if name in seen]
    scale = alt.Scale(domain=[words for _, words in used], range=[shape for shape, _ in used])
    shape = alt.Shape("drawn:N", title=None, scale=scale, legend=alt.Legend(orient="bottom"))
    drawn = points.with_columns(drawn=pl.col("status").replace_strict(words, default=None))
    marks = alt.Chart(theme.inline(drawn)).mark_point(size=46, strokeWidth=1.6)
    shown: alt.Chart = marks.encode(**curve, shape=shape, tooltip=_tooltip())
    return shown


def _x(points: pl.DataFrame, title: str) -> alt.X:
    first, last = _ends(points)
    return alt.X(
        "day:Q",
        title=f"{title}; early days stretched",
        scale=alt.Scale(type="symlog", constant=STRETCH, domain=[first, last], nice=False),
        axis=alt.Axis(values=[d for d in DAYS if d <= last], grid=False, format="d"),
    )


def _ends(points: pl.DataFrame) -> tuple[float, float]:
    days = points.get_column("day").to_list()
    return min([0.0, *days]), max([28.0, *days])


def _y(points: pl.DataFrame, limits: pl.DataFrame, title: str) -> alt.Y:
    shown = [v for v in points.get_column("shown").to_list() if v and v > 0]
    shown += [v for v in limits.get_column("lloq").to_list() if v and v > 0]
    low, high = floor(log10(min(shown))), ceil(log10(max(shown)))
    domain = [min(shown) / MARGIN, max(shown) * MARGIN]
    powers = [10.0**p for p in range(low, high + 1) if domain[0] <= 10.0**p <= domain[1]]
    return alt.Y(
        "shown:Q",
        title=title,
        scale=alt.Scale(type="log", domain=domain, nice=False),
        axis=alt.Axis(values=powers, labelExpr=_power_labels(low, high)),
    )


def _power_labels(low: int, high: int) -> str:
    """An expression that writes 10⁴ for 10,000, as vega has no format that does."""
    digits = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    words = {p: f"10{str(p).translate(digits)}" for p in range(low, high + 1)}
    words |= {p: f"{10**p:,}" for p in range(0, 4) if p in words}
    words |= {-1: "0.1", -2: "0.01"} if low < 0 else {}
    text = "datum.label"
    for power, word in words.items():
        text = f"round(log(datum.value) / LN10) == {power} ? '{word}' : {text}"
    return text


def _colour(points: pl.DataFrame, legend: alt.Legend | None) -> alt.Color:
    colours = theme.group_colours(theme.in_order(points, "group", "group_order"))
    return theme.coloured("group", colours, "Dose level", legend=legend)


def _limit(limits: pl.DataFrame, y: alt.Y) -> list[alt.Chart]:
    """A rule at each limit; a band from the lowest to the highest where they are many."""
    found = limits.get_column("lloq").drop_nulls().unique().sort().to_list()
    if not found:
        return []
    many = len(found) > MOST_RULES
    low, high = theme.plain(found[0]), theme.plain(found[-1])
    words = [f"LLOQ {low} to {high}"] if many else [f"LLOQ {theme.plain(x)}" for x in found]
    ends = [(found[0], found[-1])] if many else [(x, x) for x in found]
    table = pl.DataFrame(
        [(a, b, sqrt(a * b), word) for (a, b), word in zip(ends, words, strict=True)],
        schema=["low", "high", "middle", "words"],
        orient="row",
    )
    base = alt.Chart(theme.inline(table))
    at = {"title": y["title"], "scale": y["scale"]}
    mark = (
        base.mark_rect(color=theme.QUIET, opacity=0.14).encode(y=alt.Y("low:Q", **at), y2="high:Q")
        if many
        else base.mark_rule(strokeDash=[4, 3], color=theme.QUIET).encode(y=alt.Y("low:Q", **at))
    )
    label = base.mark_text(align="left", dx=6, color=theme.QUIET, fontSize=11).encode(
        x=alt.value("width"), y=alt.Y("middle:Q", **at), text="words:N"
    )
    return [mark, label]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("group:N", title="Dose level"),
        alt.Tooltip("visit:N", title="Visit"),
        alt.Tooltip("day:Q", title="Day", format=".1~f"),
        alt.Tooltip("value:Q", title="Value", format=",.4~r"),
        alt.Tooltip("unit:N", title="Unit"),
        alt.Tooltip("status:N", title="Status"),
        alt.Tooltip("lloq:Q", title="LLOQ"),
    ]
