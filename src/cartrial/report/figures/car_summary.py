"""CAR by group: the median of each visit with its quartiles, and the geometric mean."""

import altair as alt
import polars as pl

from cartrial.report.figures import kinetic_axes, theme
from cartrial.results.result import Figure

HEIGHT = 260  # pixels


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """A line with its band for each group; table: middles."""
    (middles,) = tables
    values = [v for name in ("median", "q1", "q3", "geometric_mean") for v in middles[name]]
    y = kinetic_axes.concentration("median", figure.y, values)
    last = max([float(kinetic_axes.EARLY), *middles["day"].to_list()])
    x = kinetic_axes.days(figure.x, last)
    colours = theme.group_colours(theme.in_order(middles, "group", "group_order"))
    quiet = theme.coloured("group", colours, None, legend=None)
    shade, line = theme.of_chosen(0.12, 0.0), theme.of_chosen(1.0, theme.FADED)
    base = alt.Chart(theme.inline(middles)).encode(x=x, color=quiet)
    seen = base.encode(opacity=line, tooltip=_tooltip())
    at = {"title": y["title"], "scale": y["scale"], "axis": y["axis"]}
    legend = alt.Legend(symbolType="circle") if len(colours) > 1 else None
    layers = [
        kinetic_axes.day_28(x),
        base.mark_area().encode(y=alt.Y("q1:Q", **at), y2="q3:Q", opacity=shade),
        base.mark_line(strokeWidth=2).encode(y=y, opacity=line),
        seen.transform_filter("!datum.below")
        .mark_circle(size=48)
        .encode(y=y, color=theme.coloured("group", colours, None, legend=legend))
        .properties(name="middles")
        .add_params(theme.chosen("group")),
        seen.transform_filter("datum.below && datum.median != null")
        .mark_point(shape="triangle-down", size=52, strokeWidth=1.5, fill="white")
        .encode(y=y),
        seen.transform_filter("datum.geometric_mean != null")
        .mark_point(shape="diamond", size=42, strokeWidth=1.3)
        .encode(y=alt.Y("geometric_mean:Q", **at)),
    ]
    layered = alt.layer(*layers, width=theme.WIDTH, height=HEIGHT)
    return theme.configured(layered.resolve_scale(color="independent"))


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("group:N", title="Group"),
        alt.Tooltip("visit:N", title="Visit"),
        alt.Tooltip("n:Q", title="Measured"),
        alt.Tooltip("quantified:Q", title="Quantified"),
        alt.Tooltip("median:Q", title="Median", format=",.4~r"),
        alt.Tooltip("q1:Q", title="Lower quartile", format=",.4~r"),
        alt.Tooltip("q3:Q", title="Upper quartile", format=",.4~r"),
        alt.Tooltip("geometric_mean:Q", title="Geometric mean", format=",.4~r"),
        alt.Tooltip("below:N", title="Median below LLOQ"),
        alt.Tooltip("unit:N", title="Unit"),
    ]
