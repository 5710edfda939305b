"""Kaplan-Meier figure: the curve, its limits, the censored, and the numbers at risk below it.

Limits are a band, censored subjects are strokes on the curve. The table of numbers at risk stands
under the axis and shares it, so that a number is read at its month.
"""

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.result import Figure

HEIGHT = 260  # pixels
ROW = 18  # pixels, of the numbers at risk
ABOVE_NUMBERS = 66  # pixels, for the axis between
SEPARATE = 2  # up to so many curves have a band: more would hide one another


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """The curve over its table of numbers at risk; tables: curve, censored, at risk."""
    curve, censored, at_risk = tables
    groups = curve.get_column("group").unique(maintain_order=True).to_list()
    colour = theme.coloured("group", theme.group_colours(groups), None, legend=None)
    months = at_risk.get_column("month").unique().sort().to_list()
    x = alt.X(
        "month:Q",
        title=figure.x,
        scale=alt.Scale(
            domain=[0, max([*months, *curve.get_column("month").to_list()])], nice=False
        ),
        axis=alt.Axis(values=months, grid=False, format="~g"),
    )
    upper = _curves(curve, censored, figure.y, x, groups)
    lower = _numbers(at_risk, x, colour, len(groups))
    both = alt.vconcat(upper, lower, spacing=ABOVE_NUMBERS, bounds="flush")
    return theme.configured(both.resolve_scale(color="independent"))


def _curves(
    curve: pl.DataFrame, censored: pl.DataFrame, title: str, x: alt.X, groups: list[str]
) -> theme.Chart:
    """Band, curve, points that answer to the pointer, strokes; the curve alone has the legend."""
    y = alt.Y(
        "survival:Q",
        title=title,
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], tickCount=5),
    )
    colours = theme.group_colours(groups)
    colour = theme.coloured("group", colours, None, legend=None)
    legend = alt.Legend(symbolType="stroke") if len(groups) > 1 else None
    base = alt.Chart(theme.inline(curve)).encode(x=x, color=colour)
    chosen = theme.chosen("group")
    fade, shade = theme.of_chosen(1.0, theme.FADED), theme.of_chosen(0.13, 0.0)
    limits = base.mark_area(interpolate="step-after").encode(
        y=alt.Y("lower:Q", title=title), y2="upper:Q", opacity=shade
    )
    line = (
        base.properties(name="curves")
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(y=y, opacity=fade, color=theme.coloured("group", colours, None, legend=legend))
        .add_params(chosen, theme.picked())
    )
    steps = base.mark_circle(size=130, opacity=0.0).encode(y=y, tooltip=_step_tooltip())
    strokes = (
        alt.Chart(theme.inline(censored))
        .mark_point(shape="stroke", angle=90, size=90, strokeWidth=1.6, filled=False)
        .encode(x=x, y=y, color=colour, opacity=theme.in_focus("chosen"), tooltip=_censor_tooltip())
    )
    shown = [limits] if len(groups) <= SEPARATE else []
    layered = alt.layer(*shown, line, steps, strokes, width=theme.WIDTH, height=HEIGHT)
    figure: theme.Chart = layered.resolve_scale(color="independent")
    return figure


def _step_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("month:Q", title="Month", format=".1f"),
        alt.Tooltip("survival:Q", title="Without the event, %", format=".1f"),
        alt.Tooltip("lower:Q", title="Lower limit, %", format=".1f"),
        alt.Tooltip("upper:Q", title="Upper limit, %", format=".1f"),
        alt.Tooltip("n_risk:Q", title="At risk"),
        alt.Tooltip("n_event:Q", title="Events"),
    ]


def _censor_tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("subject:N", title="Censored subject"),
        alt.Tooltip("month:Q", title="Month", format=".1f"),
        alt.Tooltip("description:N", title="Why"),
    ]


def _numbers(at_risk: pl.DataFrame, x: alt.X, colour: alt.Color, groups: int) -> alt.Chart:
    y = alt.Y(
        "group:N",
        title=None,
        sort=None,
        axis=alt.Axis(domain=False, ticks=False, labelColor=theme.INK, labelPadding=18),
    )
    bare = alt.Axis(labels=False, ticks=False, domain=False, grid=False)
    heading = alt.TitleParams(
        "Number at risk", anchor="start", fontSize=11, fontWeight="normal", color=theme.QUIET
    )
    shown: alt.Chart = (
        alt.Chart(theme.inline(at_risk), title=heading)
        .mark_text(fontSize=11)
        .encode(
            x=alt.X("month:Q", title=None, scale=x["scale"], axis=bare),
            y=y,
            text="n_risk:Q",
            color=colour,
            tooltip=[alt.Tooltip("n_risk:Q", title="At risk"), alt.Tooltip("subjects:N")],
        )
        .properties(width=theme.WIDTH, height=ROW * groups)
    )
    return shown
