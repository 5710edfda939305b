"""Spider figure: the measure of the disease of each subject over time, in percent of its baseline.

The scale is a logarithm that reaches 0, so that the depth of a response is seen: a fall to a tenth
is as far from a fall to a hundredth as the first is from the baseline.
"""

from itertools import cycle, islice

import altair as alt
import polars as pl

from cartrial.report.figures import response_scale, theme
from cartrial.results.result import Figure

HEIGHT = 320  # pixels
TICKS = (0, 1, 10, 100, 1000, 10_000)  # percent
SHAPES = ("circle", "square", "triangle-up", "triangle-down", "cross")  # of dose levels
PROGRESSION = "progression"


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """A line for each subject; tables: points, progressions, limits."""
    points, progressions, limits = tables
    last = max([1.0, *points["month"].to_list()])
    scale = alt.Scale(domain=[0, last * 1.02], nice=False)
    axis = alt.Axis(values=response_scale.months(last), grid=False)
    x = alt.X("month:Q", title=figure.x, scale=scale, axis=axis)
    y = percent_of_baseline("percent", figure.y, [*points["percent"].to_list(), 100.0])
    layers = [*reference(limits, y), *_lines(points, x, y), *_marks(progressions, x, y)]
    chart = alt.layer(*layers, width=theme.WIDTH - 30, height=HEIGHT)
    return theme.configured(chart.resolve_scale(color="independent", shape="independent"))


def percent_of_baseline(field: str, title: str, values: list[float]) -> alt.Y:
    """A scale of percent that is logarithmic from 1 % on, and reaches 0."""
    top = max(values) * 1.3
    scale = alt.Scale(type="symlog", constant=1, domain=[0, top], nice=False)
    axis = alt.Axis(values=[tick for tick in TICKS if tick <= top], format=",~r")
    return alt.Y(f"{field}:Q", title=title, scale=scale, axis=axis)


def reference(limits: pl.DataFrame, y: alt.Y) -> list[alt.Chart]:
    """A dashed rule at each limit, named on the right."""
    base = alt.Chart(theme.inline(limits))
    at = alt.Y("percent:Q", title=y["title"], scale=y["scale"], axis=y["axis"])
    rule = base.mark_rule(strokeDash=[4, 3], color=theme.LINE).encode(y=at)
    words = base.mark_text(align="left", dx=4, fontSize=10, color=theme.QUIET)
    return [rule, words.encode(y=at, x=alt.value("width"), text="words:N")]


def _lines(points: pl.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    colours = theme.group_colours(theme.in_order(points, "group", "group_order"))
    quiet = theme.coloured("group", colours, None, legend=None)
    colour = theme.coloured("group", colours, "Dose level")
    shapes = alt.Scale(domain=list(colours), range=[*islice(cycle(SHAPES), len(colours))])
    focus = theme.in_focus("pointed", "chosen", shown=0.9)
    base = alt.Chart(theme.inline(points)).encode(x=x, y=y, opacity=focus, detail="subject:N")
    line = base.mark_line(strokeWidth=1.5, strokeJoin="round").encode(color=quiet)
    dots = base.mark_point(size=34, filled=True).encode(
        color=colour,
        shape=alt.Shape("group:N", title="Dose level", scale=shapes),
        tooltip=_tooltip(),
    )
    params = theme.pointed_at(), theme.chosen("group"), theme.picked()
    return [line, dots.properties(name="curves").add_params(*params)]


def _marks(progressions: pl.DataFrame, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """The progressions, on the line of their subject; a legend of nothing has no size."""
    if progressions.is_empty():
        return []
    shape, fill = response_scale.MARKS[PROGRESSION]
    named = progressions.with_columns(mark=pl.lit(PROGRESSION))
    legend = alt.Legend(orient="bottom")
    return [
        alt.Chart(theme.inline(named))
        .mark_point(size=90, stroke="white", strokeWidth=1, opacity=1, fill=fill)
        .encode(
            x=alt.X("at:Q", title=x["title"], scale=x["scale"], axis=x["axis"]),
            y=y,
            shape=alt.Shape("mark:N", title=None, scale=alt.Scale(range=[shape]), legend=legend),
            opacity=theme.in_focus("pointed", "chosen"),
            tooltip=response_scale.happened(),
        )
    ]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("group:N", title="Dose level"),
        alt.Tooltip("month:Q", title="Month", format=".1f"),
        alt.Tooltip("percent:Q", title="% of baseline", format=",.1f"),
        alt.Tooltip("value:Q", title="Value", format=",.4~r"),
        alt.Tooltip("unit:N", title="Unit"),
        alt.Tooltip("measure:N", title="Measure"),
    ]
