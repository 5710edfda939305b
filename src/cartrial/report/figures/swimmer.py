"""Swimmer figure: one lane for each subject, its response over time and what happened to it."""

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.result import Figure

LANE, LEAST_LANE, HIGHEST = 19, 4, 1300  # pixels
LABELLED = 90  # subjects: with more, lanes are too thin for names
STATUS = {
    "sCR": "#08306b",
    "CR": "#2171b5",
    "VGPR": "#6baed6",
    "PR": "#bdd7e7",
    "MR": "#d9c8a9",
    "SD": "#bfc7cf",
    "PD": "#d55e00",
    "NE": "#f2e394",
    "follow-up": "#e4e9ee",
}
MARKS = {
    "first response": ("circle", "#ffffff"),
    "progression": ("diamond", "#7f1d00"),
    "new anti-myeloma therapy": ("square", "#000000"),
    "death": ("cross", "#000000"),
    "ongoing": ("triangle-right", "#1f2933"),
}


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Lanes by length of follow-up; tables: spans, marks."""
    spans, marks = tables
    subjects = theme.in_order(spans, "subject", "order")
    last = max([1.0, *spans.get_column("end").to_list(), *marks.get_column("month").to_list()])
    x = alt.X(
        "start:Q",
        title=figure.x,
        scale=alt.Scale(domain=[0, last * 1.02], nice=False),
        axis=alt.Axis(values=[*range(0, int(last) + 1, 3 if last <= 48 else 12)]),
    )
    y = _lanes(subjects, figure.y)
    step = min(LANE, max(LEAST_LANE, HIGHEST // max(1, len(subjects))))
    layers = _spans(spans, x, y, step), _happenings(marks, x, y), _doses(spans, y)
    size = {"width": theme.WIDTH - 90, "height": step * len(subjects)}
    return theme.configured(alt.layer(*layers, **size))


def _lanes(subjects: list[str], title: str) -> alt.Y:
    labels = len(subjects) <= LABELLED
    axis = alt.Axis(ticks=False, domain=False, labels=labels, grid=False, labelPadding=6)
    return alt.Y("subject:N", title=title, sort=subjects, axis=axis)


def _spans(spans: pl.DataFrame, x: alt.X, y: alt.Y, step: int) -> alt.Chart:
    seen = set(spans.get_column("status").to_list())
    colours = {status: colour for status, colour in STATUS.items() if status in seen}
    shown: alt.Chart = (
        alt.Chart(theme.inline(spans), name="lanes")
        .mark_bar(height=max(2, round(step * 0.62)))
        .encode(
            x=x,
            x2="end:Q",
            y=y,
            color=theme.coloured("status", colours, "Response", legend=alt.Legend(columns=9)),
            opacity=theme.in_focus("pointed", "chosen"),
            tooltip=[
                alt.Tooltip("subject:N", title="Subject"),
                alt.Tooltip("group:N", title="Dose level"),
                alt.Tooltip("status:N", title="Response"),
                alt.Tooltip("start:Q", title="From month", format=".1f"),
                alt.Tooltip("end:Q", title="To month", format=".1f"),
            ],
        )
        .add_params(theme.pointed_at(), theme.chosen("status"), theme.picked())
    )
    return shown


def _happenings(marks: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    seen = set(marks.get_column("mark").to_list())
    used = {mark: look for mark, look in MARKS.items() if mark in seen}
    shapes = alt.Scale(domain=list(used), range=[shape for shape, _ in used.values()])
    fills = alt.Scale(domain=list(used), range=[fill for _, fill in used.values()])
    legend = alt.Legend(orient="bottom")
    shown: alt.Chart = (
        alt.Chart(theme.inline(marks))
        .mark_point(size=64, stroke=theme.INK, strokeWidth=1, opacity=1)
        .encode(
            x=alt.X("month:Q", title=x["title"], scale=x["scale"]),
            y=y,
            shape=alt.Shape("mark:N", title=None, scale=shapes, legend=legend),
            fill=alt.Fill("mark:N", title=None, scale=fills, legend=legend),
            opacity=theme.in_focus("pointed"),
            tooltip=[
                alt.Tooltip("subject:N", title="Subject"),
                alt.Tooltip("mark:N", title="What happened"),
                alt.Tooltip("month:Q", title="Month", format=".1f"),
            ],
        )
    )
    return shown


def _doses(spans: pl.DataFrame, y: alt.Y) -> alt.Chart:
    """The dose level of each lane, written at the right edge."""
    lanes = spans.unique("subject", keep="first", maintain_order=True)
    shown: alt.Chart = (
        alt.Chart(theme.inline(lanes.select("subject", "group")))
        .mark_text(align="left", dx=10, fontSize=10.5, color=theme.QUIET)
        .encode(x=alt.value("width"), y=y, text="group:N")
    )
    return shown
