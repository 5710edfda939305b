"""Heat map figure: the grade of each subject on each day, dose level by dose level.

A lane for each subject, a cell for each day. The grade is written in the cell, so that colour is
never alone; on a narrow screen, where it would not fit, the pointer tells it.
"""

import altair as alt
import polars as pl

from cartrial.report.figures import theme
from cartrial.results.figures import LAST_HEAT_DAY
from cartrial.results.result import Figure

LANE, LEAST_LANE, HIGHEST = 26, 4, 1600  # pixels
LABELLED = 90  # subjects: with more, lanes are too thin for names
LETTER, BESIDE = 6.3, 14  # pixels: of a letter of a name, and between a lane's and its level's
NARROWEST = 12  # pixels of a cell with room for its grade
COLOURS = {
    "grade 0": "#d9eaf5",
    "grade 1": "#fee0b6",
    "grade 2": "#fdb863",
    "grade 3": "#e66101",
    "grade 4": "#a63603",
    "grade 5": "#4a1500",
    "not assessable": "#b9a9d6",
    "not assessed": "#eceff2",
}
DARK = ("grade 3", "grade 4", "grade 5")
DRUGS = {"tocilizumab": ("triangle-up", "#005a32"), "steroid": ("circle", "#08306b")}
UP, DOWN = -0.17, 0.27  # of a lane, from its middle: a grade, and below it the marks of drugs
MARK = 0.34  # of a lane: the height of the mark of a drug


def draw(figure: Figure, tables: tuple[pl.DataFrame, ...]) -> theme.Chart:
    """Lanes of coloured days; tables: days, treatments."""
    days, drugs = tables
    days = days.with_columns(dark=pl.col("colour").is_in(DARK))
    lanes = theme.in_order(days, "lane", "order")
    step = min(LANE, max(LEAST_LANE, HIGHEST // max(1, len(lanes))))
    x, y = _x(figure.x), _y(figure.y, lanes)
    labelled = len(lanes) <= LABELLED
    beside = LETTER * max(map(len, lanes)) if labelled else 0
    layers = [
        _cells(days, x, y),
        *([_grades(days, x, y, UP * step if drugs.height else 0)] if labelled else []),
        _frames(days.filter("differs"), x, y),
        *_drugs(drugs, x, y, step),
        *_levels(days, y, beside + BESIDE),
    ]
    size = {"width": theme.WIDTH - 100, "height": step * len(lanes)}
    return theme.configured(alt.layer(*layers, **size))


def _x(title: str) -> alt.X:
    scale = alt.Scale(domain=list(range(LAST_HEAT_DAY + 1)))
    axis = alt.Axis(values=[*range(0, LAST_HEAT_DAY + 1, 5)], ticks=False, labelAngle=0, grid=False)
    return alt.X("day:O", title=title, scale=scale, axis=axis)


def _y(title: str, lanes: list[str]) -> alt.Y:
    axis = alt.Axis(
        ticks=False,
        domain=False,
        grid=False,
        labels=len(lanes) <= LABELLED,
        labelPadding=6,
        titleAngle=0,
        titleAlign="right",
        titleX=-6,
        titleY=-8,
    )
    return alt.Y("lane:N", title=title, scale=alt.Scale(domain=lanes), axis=axis)


def _cells(days: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    seen = set(days.get_column("colour").to_list())
    colours = {grade: colour for grade, colour in COLOURS.items() if grade in seen}
    shown: alt.Chart = (
        alt.Chart(theme.inline(days), name="days")
        .mark_rect(stroke="white", strokeWidth=1)
        .encode(
            x=x,
            y=y,
            color=theme.coloured("colour", colours, None, legend=alt.Legend(columns=8, offset=24)),
            opacity=theme.in_focus("chosen", faded=0.2),
            tooltip=_tooltip(),
        )
        .add_params(theme.chosen("colour"), theme.picked())
    )
    return shown


def _grades(days: pl.DataFrame, x: alt.X, y: alt.Y, offset: float) -> alt.Chart:
    written = days.filter(pl.col("mark").is_not_null())
    ink = alt.ColorValue(theme.INK, condition={"test": "datum.dark", "value": "white"})
    size = alt.ExprRef(f"bandwidth('x') < {NARROWEST} ? 0 : 9.5")
    mark = alt.Chart(theme.inline(written)).mark_text(fontSize=size, yOffset=offset)
    shown: alt.Chart = mark.encode(x=x, y=y, text="mark:N", color=ink, tooltip=_tooltip())
    return shown


def _frames(days: pl.DataFrame, x: alt.X, y: alt.Y) -> alt.Chart:
    """A frame around each day whose recorded grade disagrees with the derived one."""
    mark = alt.Chart(theme.inline(days)).mark_rect(filled=False, stroke=theme.INK, strokeWidth=1.6)
    shown: alt.Chart = mark.encode(x=x, y=y, tooltip=_tooltip())
    return shown


def _drugs(drugs: pl.DataFrame, x: alt.X, y: alt.Y, step: float) -> list[alt.Chart]:
    """Marks at the lower edge of a cell, below its grade, each drug at its own place."""
    seen = [drug for drug in DRUGS if drug in drugs.get_column("drug").to_list()]
    if not seen:
        return []
    shapes = alt.Scale(domain=seen, range=[DRUGS[drug][0] for drug in seen])
    fills = alt.Scale(domain=seen, range=[DRUGS[drug][1] for drug in seen])
    legend = alt.Legend(orient="bottom", symbolSize=90)
    mark = alt.Chart(theme.inline(drugs)).mark_point(
        size=(MARK * step) ** 2, stroke="white", strokeWidth=1, opacity=1, yOffset=DOWN * step
    )
    shown: alt.Chart = mark.encode(
        x=x,
        y=y,
        xOffset=alt.XOffset("drug:N", scale=alt.Scale(domain=list(DRUGS))),
        shape=alt.Shape("drug:N", title=None, scale=shapes, legend=legend),
        fill=alt.Fill("drug:N", title=None, scale=fills, legend=legend),
        opacity=theme.in_focus(),
        tooltip=[
            alt.Tooltip("lane:N", title="Subject"),
            alt.Tooltip("day:Q", title="Day"),
            alt.Tooltip("drug:N", title="Given"),
        ],
    )
    return [shown]


def _levels(days: pl.DataFrame, y: alt.Y, beside: float) -> list[alt.Chart]:
    """The name of each dose level at the left of its first lane, with a rule above it."""
    first = days.sort("order").unique("group", keep="first", maintain_order=True)
    left = alt.value(-beside - LETTER * max(map(len, first.get_column("group"))))
    base = alt.Chart(theme.inline(first.select("lane", "group")))
    name = base.mark_text(align="left", color=theme.INK, fontSize=11)
    rule = base.mark_rule(color=theme.LINE, strokeWidth=0.8)
    top = alt.Y("lane:N", title=y["title"], scale=y["scale"], bandPosition=0)
    return [
        rule.encode(x=left, x2=alt.value("width"), y=top),
        name.encode(x=left, y=y, text="group:N"),
    ]


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("lane:N", title="Subject"),
        alt.Tooltip("group:N", title="Dose level"),
        alt.Tooltip("day:Q", title="Day"),
        alt.Tooltip("recorded:N", title="Recorded"),
        alt.Tooltip("derived:N", title="Derived"),
        alt.Tooltip("rule:N", title="Rule"),
        alt.Tooltip("missing:N", title="Missing"),
    ]
