"""Visual predictive check: percentiles of the samples over those of simulated trials.

Below them stands the share below quantification, on the same days.
"""

import altair as alt
import polars as pl

from cartrial.report.figures import kinetic_axes, theme
from cartrial.results.result import Figure

HEIGHT, SHARE_HEIGHT = 240, 90  # pixels
COLOURS = {"10 %": "#56b4e9", "50 %": "#0072b2", "90 %": "#56b4e9"}
SHARE_COLOUR = "#d55e00"


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Two panels on one axis of days; table: bands."""
    (bands,) = tables
    last = max([float(kinetic_axes.EARLY), *bands["day"].to_list()])
    levels, share = bands.filter(~pl.col("share")), bands.filter(pl.col("share"))
    values = [v for name in ("observed", "low", "high") for v in levels[name].to_list()]
    y = kinetic_axes.concentration("observed", figure.y, values)
    percent = alt.Y(
        "observed:Q",
        title="below LLOQ (%)",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(values=[0, 50, 100]),
    )
    upper = _panel(levels, kinetic_axes.days("", last), y, COLOURS, HEIGHT).properties(name="vpc")
    names = {name: SHARE_COLOUR for name in share["band"].unique().to_list()}
    lower = _panel(share, kinetic_axes.days(figure.x, last), percent, names, SHARE_HEIGHT)
    stacked = alt.vconcat(upper, lower, spacing=12)
    return theme.configured(stacked.resolve_scale(color="independent"))


def _panel(
    bands: pl.DataFrame, x: alt.X, y: alt.Y, colours: dict[str, str], height: int
) -> theme.Chart:
    at = {"title": y["title"], "scale": y["scale"], "axis": y["axis"]}
    colour = theme.coloured("band", colours, None, legend=None)
    base = alt.Chart(theme.inline(bands)).encode(x=x, color=colour)
    layers = [
        kinetic_axes.day_28(x),
        base.mark_area(opacity=0.22).encode(y=alt.Y("low:Q", **at), y2="high:Q"),
        base.mark_line(strokeWidth=1, strokeDash=[4, 3]).encode(y=alt.Y("median:Q", **at)),
        base.mark_line(strokeWidth=1.8, point=alt.OverlayMarkDef(size=34)).encode(
            y=y, tooltip=_tooltip()
        ),
    ]
    return alt.layer(*layers, width=theme.WIDTH, height=height)


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("band:N", title="Of the samples"),
        alt.Tooltip("start:Q", title="From day", format=".1~f"),
        alt.Tooltip("end:Q", title="To day", format=".1~f"),
        alt.Tooltip("samples:Q", title="Samples"),
        alt.Tooltip("observed:Q", title="Observed", format=",.4~r"),
        alt.Tooltip("median:Q", title="Simulated, median", format=",.4~r"),
        alt.Tooltip("low:Q", title="Simulated, low", format=",.4~r"),
        alt.Tooltip("high:Q", title="Simulated, high", format=",.4~r"),
    ]
