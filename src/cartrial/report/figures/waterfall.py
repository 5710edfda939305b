"""Waterfall figure: the best change of each subject from baseline, the greatest rise on the left.

The response stands in letters at the foot of each bar, so that colour is never alone. A rise beyond
the scale is cut, with an arrow and its number.
"""

import json

import altair as alt
import polars as pl

from cartrial.report.figures import response_scale, theme
from cartrial.results.result import Figure

HEIGHT = 300  # pixels
LABELLED = 60  # subjects: with more, bars are too thin for names
ROOM = 27  # pixels of a bar with room for letters that lie
LEAST = -100.0  # percent
SHORT = {"M-protein in urine": "urine", "free light chains": "FLC"}


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """A bar for each subject; tables: bars, limits."""
    bars, limits = tables
    labelled = bars.height <= LABELLED
    x = _subjects(bars, figure.x, labelled=labelled)
    top = max(0.0, *bars["shown"].to_list())
    room = 22 if top < 20 else 18
    scale = alt.Scale(domain=[LEAST, top + (room if labelled else 0)], nice=False)
    signed = "(datum.value > 0 ? '+' : '') + format(datum.value, 'd')"
    ticks = alt.Axis(values=[-100, -75, -50, -25, 0, 25, 50, 75, 100], labelExpr=signed)
    y = alt.Y("shown:Q", title=figure.y, scale=scale, axis=ticks)
    layers = [_bars(bars, x, y), *_limits(limits, y), _zero(y)]
    layers += [_letters(bars, x, y), _cut(bars.filter("cut"), x, y)] if labelled else []
    return theme.configured(alt.layer(*layers, width=theme.WIDTH, height=HEIGHT))


def _subjects(bars: pl.DataFrame, title: str, *, labelled: bool) -> alt.X:
    """The axis of subjects; a measure other than M-protein in serum is named beside its subject."""
    other = bars.filter(pl.col("measure").is_in(SHORT.keys()))
    words = {
        subject: f"{subject}, {SHORT[measure]}"
        for subject, measure in other.select("subject", "measure").iter_rows()
    }
    axis = alt.Axis(
        ticks=False,
        domain=False,
        labels=labelled,
        labelAngle=-90,
        labelPadding=4,
        labelExpr=f"{json.dumps(words)}[datum.value] || datum.value",
    )
    subjects = theme.in_order(bars, "subject", "order")
    return alt.X("subject:N", title=title, scale=alt.Scale(domain=subjects), axis=axis)


def _bars(bars: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    colours = response_scale.colours(bars, "response")
    shown: alt.Chart = (
        alt.Chart(theme.inline(bars), name="bars")
        .mark_bar(stroke=theme.LINE, strokeWidth=0.6)
        .encode(
            x=x,
            y=y,
            color=theme.coloured("response", colours, "Best response", legend=alt.Legend()),
            opacity=theme.in_focus("chosen", faded=0.2),
            tooltip=_tooltip(),
        )
        .add_params(theme.chosen("response"), theme.picked())
    )
    return shown


def _limits(limits: pl.DataFrame, y: alt.Y) -> list[alt.Chart]:
    base = alt.Chart(theme.inline(limits))
    at = alt.Y("change:Q", title=y["title"], scale=y["scale"])
    rule = base.mark_rule(strokeDash=[4, 3], color=theme.QUIET).encode(y=at)
    words = base.mark_text(align="left", dx=4, fontSize=10, color=theme.QUIET)
    return [rule, words.encode(y=at, x=alt.value("width"), text="words:N")]


def _zero(y: alt.Y) -> alt.Chart:
    mark = alt.Chart(alt.InlineData(values=[{}])).mark_rule(color=theme.INK, strokeWidth=1)
    shown: alt.Chart = mark.encode(y=alt.YDatum(0, scale=y["scale"], type="quantitative"))
    return shown


def _letters(bars: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """The letters above a falling bar, and at the foot of a rising one below it."""
    narrow = f"bandwidth('x') < {ROOM}"
    mark = alt.Chart(theme.inline(bars)).mark_text(
        fontSize=9.5,
        color=theme.INK,
        angle=alt.ExprRef(f"{narrow} ? 270 : 0"),
        align=alt.ExprRef(f"{narrow} ? (datum.shown > 0 ? 'right' : 'left') : 'center'"),
        baseline="middle",
        dx=alt.ExprRef(f"{narrow} ? (datum.shown > 0 ? -5 : 5) : 0"),
        dy=alt.ExprRef(f"{narrow} ? 0 : (datum.shown > 0 ? 9 : -9)"),
    )
    at = alt.YDatum(0, scale=y["scale"], type="quantitative")
    shown: alt.Chart = mark.encode(x=x, y=at, text="response:N", opacity=theme.in_focus("chosen"))
    return shown


def _cut(bars: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    mark = alt.Chart(theme.inline(bars)).mark_text(fontSize=10, dy=-8, color=theme.INK)
    words = mark.transform_calculate(said="'▲ ' + format(datum.change, '+,.0f') + ' %'")
    shown: alt.Chart = words.encode(x=x, y=y, text="said:N")
    return shown


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("group:N", title="Dose level"),
        alt.Tooltip("measure:N", title="Measure"),
        alt.Tooltip("baseline:Q", title="Baseline", format=",.4~r"),
        alt.Tooltip("value:Q", title="Lowest", format=",.4~r"),
        alt.Tooltip("unit:N", title="Unit"),
        alt.Tooltip("month:Q", title="Month", format=".1f"),
        alt.Tooltip("change:Q", title="Change, %", format="+,.1f"),
        alt.Tooltip("response:N", title="Best response"),
    ]
