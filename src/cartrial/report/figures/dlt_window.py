"""DLT window figure: for each infused subject, the documented part of its window, and its status.

The track is the whole window, the bar its documented days. The status stands in words beside it.
"""

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.result import Figure

LANE, LEAST_LANE, HIGHEST = 19, 4, 1300  # pixels
LABELLED = 90  # subjects
STATUS = {
    "DLT": "#d55e00",
    "complete": "#0072b2",
    "pending": "#56b4e9",
    "maturing": "#e69f00",
    "not evaluable": "#aab4be",
}


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Bars that fill to the end of the window; table: bars."""
    (bars,) = tables
    bars = bars.with_columns(words=_words())
    subjects = theme.in_order(bars, "subject", "order")
    window = max([1, *bars.get_column("window").to_list()])
    step = min(LANE, max(LEAST_LANE, HIGHEST // max(1, len(subjects))))
    x = alt.X(
        "days:Q",
        title=figure.x,
        scale=alt.Scale(domain=[0, window], nice=False),
        axis=alt.Axis(values=[d for d in range(0, window + 1, 14)], grid=False),
    )
    labels = len(subjects) <= LABELLED
    y = alt.Y(
        "subject:N",
        title=figure.y,
        sort=subjects,
        axis=alt.Axis(ticks=False, domain=False, labels=labels, labelPadding=6),
    )
    layers = _layers(bars, x, y, round(step * 0.62), labels=labels)
    size = {"width": theme.WIDTH - 170, "height": step * len(subjects)}
    return theme.configured(alt.layer(*layers, **size))


def _words() -> pl.Expr:
    """The status in words; a pending one with its days, a DLT with its day."""
    status, days, day = pl.col("status"), pl.col("days"), pl.col("day")
    return (
        pl.when(status == "pending")
        .then(pl.format("pending, {} days", days))
        .when((status == "DLT") & day.is_not_null())
        .then(pl.format("DLT, day {}", day))
        .otherwise(status)
    )


def _layers(
    bars: pl.DataFrame, x: alt.X, y: alt.Y, thickness: int, *, labels: bool
) -> list[alt.Chart]:
    data = theme.inline(bars)
    seen = set(bars.get_column("status").to_list())
    colours = {status: colour for status, colour in STATUS.items() if status in seen}
    track = (
        alt.Chart(data)
        .mark_bar(height=max(2, thickness), color="#eef1f4")
        .encode(x=alt.X("window:Q", title=x["title"], scale=x["scale"]), y=y)
    )
    bar = (
        alt.Chart(data, name="lanes")
        .mark_bar(height=max(2, thickness))
        .encode(
            x=x,
            y=y,
            color=theme.coloured("status", colours, "DLT status"),
            opacity=theme.in_focus("pointed", "chosen"),
            tooltip=_tooltip(),
        )
        .add_params(theme.pointed_at(), theme.chosen("status"), theme.picked())
    )
    met = (
        alt.Chart(theme.inline(bars.filter(pl.col("day").is_not_null())))
        .mark_point(
            shape="diamond", size=70, fill="#7f1d00", stroke="white", strokeWidth=1, opacity=1
        )
        .encode(x=alt.X("day:Q", title=x["title"], scale=x["scale"]), y=y, tooltip=_tooltip())
    )
    said = [_said(data, y)] if labels else []
    return [track, bar, met, *said]


def _said(data: alt.InlineData, y: alt.Y) -> alt.Chart:
    text = alt.Chart(data).transform_calculate(said="datum.words + '  ·  ' + datum.group")
    mark = text.mark_text(align="left", dx=10, fontSize=10.5, color=theme.QUIET)
    words: alt.Chart = mark.encode(x=alt.value("width"), y=y, text="said:N")
    return words


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("group:N", title="Dose level"),
        alt.Tooltip("words:N", title="Status"),
        alt.Tooltip("days:Q", title="Documented days"),
        alt.Tooltip("window:Q", title="Window, days"),
        alt.Tooltip("reason:N", title="Reason"),
    ]
