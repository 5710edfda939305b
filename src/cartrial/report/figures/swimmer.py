"""Swimmer figure: one lane for each subject, its response over time and what happened to it.

Lanes stand under the name of their dose level. Cytokine release syndrome takes days where the
course takes months, so that it has a scale of days of its own, at the left of the lanes; its worst
grade is written beside its bar.
"""

import altair as alt
import polars as pl

from cartrial.report.figures import grades, response_scale, theme
from cartrial.results.result import Figure

LANE, LEAST_LANE, HIGHEST = 19, 4, 1300  # pixels
LABELLED = 90  # subjects: with more, lanes are too thin for names
CRS_TO, COURSE_FROM = 0.17, 0.23  # of the width
LEAST_DAYS = 14  # on the scale of CRS
MOST_WEEKS = 4  # with a tick for each
LETTER, GAP = 7, 10  # pixels: of a letter of a response, and from the start of its stretch
CRS_TITLE = "CRS, days"


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Lanes by dose level, then length of follow-up; tables: spans, marks, CRS."""
    spans, marks, crs = tables
    subjects = theme.in_order(spans, "subject", "order")
    labelled = len(subjects) <= LABELLED
    first = spans.sort("order").unique("group", keep="first", maintain_order=True)
    levels = dict(first.select("subject", "group").iter_rows())
    lanes = [lane for one in subjects for lane in (levels.get(one), one) if lane is not None]
    step = min(LANE, max(LEAST_LANE, HIGHEST // max(1, len(lanes))))
    x, y = _months(spans, marks, figure.x, beside_crs=crs.height > 0), _lanes(lanes, levels, figure)
    layers = [
        _levels(levels, y),
        _spans(spans, x, y, step),
        *([_letters(spans, x, y)] if step == LANE else []),
        *([_happenings(marks, x, y)] if marks.height else []),
        *(_crs(crs, y, step, labelled=labelled) if crs.height else []),
    ]
    chart = alt.layer(*layers, width=theme.WIDTH - 20, height=step * len(lanes))
    return theme.configured(chart.resolve_scale(x="independent", color="independent"))


def _months(spans: pl.DataFrame, marks: pl.DataFrame, title: str, *, beside_crs: bool) -> alt.X:
    last = max([1.0, *spans.get_column("end").to_list(), *marks.get_column("month").to_list()])
    places = alt.ExprRef(f"{COURSE_FROM if beside_crs else 0} * width"), alt.ExprRef("width")
    scale = alt.Scale(domain=[0, last * 1.02], range=[*places], nice=False)
    axis = alt.Axis(values=response_scale.months(last), orient="bottom", labelOverlap="greedy")
    return alt.X("start:Q", title=title, scale=scale, axis=axis)


def _lanes(lanes: list[str], levels: dict[str, str], figure: Figure) -> alt.Y:
    """The axis of subjects; the lane of a dose level has no name there."""
    named = f"indexof({list(levels.values())}, datum.value) < 0 ? datum.value : ''"
    axis = alt.Axis(
        ticks=False,
        domain=False,
        labels=len(lanes) <= LABELLED + len(levels),
        grid=False,
        labelPadding=6,
        labelExpr=named,
    )
    return alt.Y("subject:N", title=figure.y, scale=alt.Scale(domain=lanes), axis=axis)


def _levels(levels: dict[str, str], y: alt.Y) -> alt.Chart:
    """The name of each dose level, above its first lane."""
    table = pl.DataFrame({"subject": list(levels.values())})
    mark = alt.Chart(theme.inline(table)).mark_text(
        align="left", baseline="middle", dy=2, fontSize=11, color=theme.INK
    )
    shown: alt.Chart = mark.encode(x=alt.value(0), y=y, text="subject:N")
    return shown


def _spans(spans: pl.DataFrame, x: alt.X, y: alt.Y, step: int) -> alt.Chart:
    colours = response_scale.colours(spans, "status")
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


def _letters(spans: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """The response in letters, where its stretch has room for them: the figure is read in grey."""
    [_, last], [first_pixel, _] = x["scale"]["domain"], x["scale"]["range"]
    pixels = f"(datum.end - datum.at) / {last} * (width - {first_pixel['expr']})"
    named = f"datum.status != 'follow-up' && {pixels} > {LETTER} * length(datum.status) + 2 * {GAP}"
    dark = " || ".join(f"datum.status == '{status}'" for status in response_scale.DARK)
    mark = alt.Chart(theme.inline(spans)).mark_text(
        align="left", dx=GAP, fontSize=9, text=alt.ExprRef(f"{named} ? datum.status : ''")
    )
    ink = alt.ColorValue(theme.INK, condition={"test": dark, "value": "white"})
    at = alt.X("at:Q", scale=x["scale"], axis=None)
    shown: alt.Chart = mark.transform_calculate(at=response_scale.LETTERS_AT).encode(
        x=at, y=y, color=ink
    )
    return shown


def _happenings(marks: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    shown: alt.Chart = (
        alt.Chart(theme.inline(marks))
        .mark_point(size=64, stroke=theme.INK, strokeWidth=1, opacity=1)
        .encode(
            x=alt.X("month:Q", scale=x["scale"], axis=None),
            y=y,
            opacity=theme.in_focus("pointed"),
            tooltip=response_scale.happened(),
            **response_scale.marks(marks, alt.Legend(orient="bottom")),
        )
    )
    return shown


def _crs(crs: pl.DataFrame, y: alt.Y, step: int, *, labelled: bool) -> list[alt.Chart]:
    """The episodes on their scale of days, the worst grade beside each."""
    last = max([LEAST_DAYS, *crs.get_column("until").to_list()])
    scale = alt.Scale(domain=[0, last], range=[0, alt.ExprRef(f"{CRS_TO} * width")], nice=False)
    ticks = [*range(0, int(last) + 1, 7 if last <= MOST_WEEKS * 7 else 28)]
    axis = alt.Axis(values=ticks, orient="bottom", grid=True)
    x = alt.X("first:Q", title=CRS_TITLE, scale=scale, axis=axis)
    base = alt.Chart(theme.inline(crs)).encode(y=y, opacity=theme.in_focus("pointed"))
    seen = set(crs.get_column("grade").to_list())
    colours = {grade: colour for grade, colour in grades.COLOURS.items() if grade in seen}
    legend = None if labelled else alt.Legend(orient="bottom")
    colour = theme.coloured("grade", colours, None if labelled else "CRS", legend=legend)
    bars = base.mark_bar(height=max(2, round(step * 0.42)), stroke=theme.QUIET, strokeWidth=0.5)
    mark = base.mark_text(align="left", dx=3, fontSize=10, color=theme.INK)
    words = "datum.grade == 'grade missing' ? '?' : slice(datum.grade, 6)"
    told = [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("grade:N", title="CRS, worst grade"),
        alt.Tooltip("first:Q", title="From day"),
        alt.Tooltip("last:Q", title="To day"),
    ]
    written = mark.transform_calculate(said=f"({words}) + (datum.last == null ? ' →' : '')").encode(
        x=alt.X("until:Q", scale=scale, axis=None), text="said:N"
    )
    return [
        bars.encode(x=x, x2="until:Q", color=colour, tooltip=told),
        *([written] if labelled else []),
    ]
