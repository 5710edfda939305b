"""Course of each subject: disease, CAR and response on one axis of months, a panel a subject.

A panel has three strips: the measures of the disease in percent of their baseline, on a logarithm
that reaches 0; CAR on a log scale, a result that is no value open at its limit; and the response as
a band, with what happened on it. On a narrow screen the panels stack.
"""

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from cartrial.report.figures import kinetic_axes, response_scale, spider, theme
from cartrial.results.result import Figure

COLUMNS = 3
WIDTH = 186  # pixels, of a panel
DISEASE, CAR, BAND = 100, 56, 12  # pixels, the heights of the strips
SMALL = 10  # size of the titles of axes, which stand at every panel
LETTERS = 0.18  # of the axis: a stretch with room for the letters of its response
DRAWN = alt.NamedData(name="course")
KINDS = ("disease", "car", "response", "mark")
LOOKS = {
    "M-protein in serum": ("#0072b2", [1, 0]),
    "M-protein in urine": ("#009e73", [5, 2]),
    "free light chains": ("#a0407f", [2, 2]),
}


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> alt.TopLevelConcatSpec:
    """Panels in rows of three; tables: disease, CAR, responses, marks."""
    disease, car, responses, marks = tables
    last = max([1.0, *responses["axis"].to_list(), *disease["month"].to_list()])
    strips = []
    if disease.height:
        strips.append(_disease(disease, _x(figure, last, bare=True)))
    if car.height:
        strips.append(_car(car, _x(figure, last, bare=True)))
    strips.append(_responses(responses, marks, _x(figure, last, bare=False), last))
    chart = theme.configured(alt.concat(_panel(strips), columns=COLUMNS, spacing=16))
    parts = zip(KINDS, tables, strict=True)
    chart.datasets = {
        DRAWN.name: [row | {"kind": kind} for kind, table in parts for row in table.to_dicts()]
    }
    spec = chart.to_dict(validate=False)
    [panel] = spec["concat"]
    shown = responses.sort("order").unique("subject", keep="first", maintain_order=True)
    panels = [
        _of_subject(panel, order, f"{subject} · {group}")
        for subject, order, group in shown.select("subject", "order", "group").iter_rows()
    ]
    return alt.TopLevelConcatSpec(**spec | {"concat": panels})


def _panel(strips: list[theme.Chart]) -> theme.Chart:
    heading = alt.TitleParams(
        "", anchor="start", fontSize=11, fontWeight="normal", color=theme.INK, offset=4
    )
    return alt.vconcat(*strips, spacing=5, bounds="flush", title=heading)


def _of_subject(panel: Mapping[str, Any], order: int, title: str) -> Mapping[str, Any]:
    """The panel, drawn once, of one subject: Altair takes long to draw each again."""
    mine = [{"filter": f"datum.order == {order}"}]
    strips = [strip | {"transform": mine} for strip in panel["vconcat"]]
    return {**panel, "vconcat": strips, "title": panel["title"] | {"text": title}}


def _x(figure: Figure, last: float, *, bare: bool) -> alt.X:
    ticks = {"labels": False, "ticks": False} if bare else {"titleFontSize": SMALL}
    axis = alt.Axis(values=response_scale.months(last), labelOverlap="greedy", **ticks)
    scale = alt.Scale(domain=[0, last * 1.03], nice=False)
    return alt.X("month:Q", title=None if bare else figure.x, scale=scale, axis=axis)


def _of(kind: str) -> alt.Chart:
    return alt.Chart(DRAWN).transform_filter(f"datum.kind == '{kind}'")


def _disease(disease: pl.DataFrame, x: alt.X) -> theme.Chart:
    values = [*disease["percent"].to_list(), 100.0]
    y = spider.percent_of_baseline("percent", "% of baseline", values)
    y["axis"]["titleFontSize"] = SMALL
    seen = set(disease["measure"].to_list())
    looks = {measure: look for measure, look in LOOKS.items() if measure in seen}
    colours = {measure: colour for measure, (colour, _) in looks.items()}
    strokes = alt.Scale(domain=list(looks), range=[stroke for _, stroke in looks.values()])
    legend = alt.Legend(symbolType="stroke", symbolSize=300, orient="bottom")
    colour = theme.coloured("measure", colours, None, legend=legend)
    stroke = alt.StrokeDash("measure:N", title=None, scale=strokes, legend=legend)
    base = _of("disease").encode(x=x, y=y, color=colour)
    line = base.mark_line(strokeWidth=1.5).encode(strokeDash=stroke)
    dots = base.mark_circle(size=20, opacity=1).encode(tooltip=_told())
    return alt.layer(line, dots, width=WIDTH, height=DISEASE)


def _car(car: pl.DataFrame, x: alt.X) -> theme.Chart:
    y = kinetic_axes.concentration("shown", "CAR", car["shown"].to_list())
    y["axis"]["titleFontSize"] = SMALL
    y["axis"]["values"] = y["axis"]["values"][::2]
    at: dict[str, Any] = {"x": x, "y": y}
    told = [
        alt.Tooltip("month:Q", title="Month", format=".1f"),
        alt.Tooltip("shown:Q", title="CAR, or the limit", format=",.4~r"),
        alt.Tooltip("unit:N", title="Unit"),
        alt.Tooltip("status:N", title="Status"),
    ]
    line = _of("car").mark_line(strokeWidth=1.3, color=theme.ALL).encode(**at)
    seen = _of("car").transform_filter("datum.status == 'quantified'")
    below = _of("car").transform_filter("datum.status != 'quantified'")
    dots = seen.mark_circle(size=16, opacity=1, color=theme.ALL).encode(**at, tooltip=told)
    limit = below.mark_point(size=22, shape="triangle-down", strokeWidth=1.1, fill="white")
    open_ = limit.encode(**at, color=alt.value(theme.ALL), tooltip=told)
    return alt.layer(line, dots, open_, width=WIDTH, height=CAR)


def _responses(responses: pl.DataFrame, marks: pl.DataFrame, x: alt.X, last: float) -> theme.Chart:
    colours = response_scale.colours(responses, "status")
    at = alt.X("start:Q", title=x["title"], scale=x["scale"], axis=x["axis"])
    legend = alt.Legend(columns=9, symbolType="square")
    spans = _of("response").mark_bar(height=BAND, stroke=theme.QUIET, strokeWidth=0.4)
    band = spans.encode(
        x=at,
        x2="end:Q",
        y=alt.value(BAND / 2),
        fill=alt.Fill(
            "status:N",
            title="Response",
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=legend,
        ),
        tooltip=[
            alt.Tooltip("subject:N", title="Subject"),
            alt.Tooltip("status:N", title="Response"),
            alt.Tooltip("start:Q", title="From month", format=".1f"),
            alt.Tooltip("end:Q", title="To month", format=".1f"),
        ],
    )
    return alt.layer(band, *_letters(at, last), *_marks(marks, x), width=WIDTH, height=BAND)


def _letters(x: alt.X, last: float) -> list[alt.Chart]:
    """The response in letters, where its stretch has room for them."""
    roomy = _of("response").transform_filter(f"datum.end - datum.start > {LETTERS * last:.2f}")
    words = roomy.transform_filter("datum.status != 'follow-up'").transform_calculate(
        at=response_scale.LETTERS_AT
    )
    dark = " || ".join(f"datum.status == '{status}'" for status in response_scale.DARK)
    ink = alt.ColorValue(theme.INK, condition={"test": dark, "value": "white"})
    mark = words.mark_text(align="left", dx=8, fontSize=8.5)
    at = alt.X("at:Q", title=x["title"], scale=x["scale"], axis=x["axis"])
    return [mark.encode(x=at, y=alt.value(BAND / 2), text="status:N", color=ink)]


def _marks(marks: pl.DataFrame, x: alt.X) -> list[alt.Chart]:
    """What happened, on the band."""
    if marks.is_empty():
        return []
    shape = response_scale.marks(marks, alt.Legend(orient="bottom", columns=2))["shape"]
    mark = _of("mark").mark_point(
        size=52, filled=True, fill=theme.INK, stroke="white", strokeWidth=0.8, opacity=1
    )
    told = response_scale.happened()
    return [mark.encode(x=x, y=alt.value(BAND / 2), shape=shape, tooltip=told)]


def _told() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("subject:N", title="Subject"),
        alt.Tooltip("measure:N", title="Measure"),
        alt.Tooltip("month:Q", title="Month", format=".1f"),
        alt.Tooltip("percent:Q", title="% of baseline", format=",.1f"),
        alt.Tooltip("value:Q", title="Value", format=",.4~r"),
        alt.Tooltip("unit:N", title="Unit"),
    ]
