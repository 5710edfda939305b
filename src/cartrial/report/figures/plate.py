"""Plate figure: for each analyte the wells with their cycles, and the standard curve below them.

A well is coloured by its Ct and framed by its role; its sample and its Ct are written in it. On the
curve a standard is a circle, and a sample or control a cross at the copies that the curve reads.
"""

from typing import Any

import altair as alt
import polars as pl

from cartrial.kinetics.assay.copies import quantified_from
from cartrial.kinetics.assay.plate import Plate
from cartrial.kinetics.assay.run import Run
from cartrial.protocol.assay import Qpcr
from cartrial.report.figures import theme

CELL_HEIGHT = 31  # pixels
CURVE_HEIGHT = 260
FRAME, GAP = 2.2, 0.07  # pixels; of a well
BLANK = "#f6f7f9"  # a well that did not cross the threshold, or was not read
MOST_LETTERS = 11  # of a sample's name in a well
ROLES = {
    "standard": ("standard", "#0072b2"),
    "control": ("control", "#009e73"),
    "ntc": ("no template", "#d55e00"),
    "sample": ("sample", "#c5ced8"),
}
WORDS = {"ntc": "NTC"}
LIGHT_FROM = 24  # cycles: earlier wells are dark, their words white
CT_STEPS = (10, 15, 20, 25, 30, 35, 40)


def plate_figure(plate: Plate, limits: Qpcr) -> dict[str, Any]:
    """The plate as a Vega-Lite specification, on white."""
    parts = [part for run in plate.runs for part in _run(plate, run, limits)]
    chart = alt.vconcat(*parts, spacing=26).resolve_scale(
        color="independent", fill="independent", stroke="independent", shape="independent"
    )
    spec: dict[str, Any] = theme.configured(chart).to_dict(validate=False)
    spec["config"]["background"] = "white"
    spec["config"]["padding"] = 14
    return spec


def _run(plate: Plate, run: Run, limits: Qpcr) -> list[alt.LayerChart | alt.FacetChart]:
    mine = plate.wells.filter(pl.col("analyte") == run.analyte)
    wells = mine.with_columns(
        row=pl.col("well").str.slice(0, 1),
        column=pl.col("well").str.slice(1).cast(pl.Int64),
        role_name=pl.col("role").replace({key: name for key, (name, _) in ROLES.items()}),
        name=_name(),
        ct_words=_ct_words(),
        dark=(pl.col("ct") < LIGHT_FROM).fill_null(False),
    )
    return [_wells(wells, run), *([_curve(wells, run, limits)] if run.curve else [])]


def _name() -> pl.Expr:
    known = pl.format("{} copies", pl.col("copies").map_elements(_short, return_dtype=pl.String))
    name = pl.when(pl.col("role") == "standard").then(known).otherwise(pl.col("sample_id"))
    told = pl.coalesce(name, pl.col("role").replace(WORDS))
    return (
        pl.when(told.str.len_chars() > MOST_LETTERS)
        .then(told.str.slice(0, MOST_LETTERS - 1) + "…")
        .otherwise(told)
    )


def _short(copies: float) -> str:
    return (
        f"{copies:.0e}".replace("e+0", "e").replace("e+", "e") if copies >= 1e4 else f"{copies:g}"
    )


def _ct_words() -> pl.Expr:
    written = pl.col("ct").map_elements(lambda ct: f"{ct:.2f}", return_dtype=pl.String)
    none = pl.when(pl.col("undetermined")).then(pl.lit("undet.")).otherwise(pl.lit("not read"))
    return pl.coalesce(written, none)


# ---------------------------------------------------------------- wells
def _wells(wells: pl.DataFrame, run: Run) -> alt.LayerChart | alt.FacetChart:
    wide = max([12, *wells["column"]]) > 12 or max(["H", *wells["row"]]) > "H"
    columns, rows = (24, "ABCDEFGHIJKLMNOP") if wide else (12, "ABCDEFGH")
    top = alt.Axis(orient="top", ticks=False, domain=False, labelAngle=0, grid=False)
    left = alt.Axis(ticks=False, domain=False, grid=False)
    at = {
        "x": alt.X(
            "column:O",
            title=None,
            axis=top,
            scale=alt.Scale(domain=[*range(1, columns + 1)], paddingInner=GAP),
        ),
        "y": alt.Y(
            "row:N", title=None, axis=left, scale=alt.Scale(domain=[*rows], paddingInner=GAP)
        ),
    }
    data = alt.Chart(theme.inline(wells.drop("at")))
    silent = alt.Chart(theme.inline(wells.filter(pl.col("ct").is_null()).drop("at")))
    frame = {**at, "stroke": _stroke(wells)}
    blank = silent.mark_rect(strokeWidth=FRAME, fill=BLANK).encode(**frame)
    cell = data.mark_rect(strokeWidth=FRAME).encode(**frame, fill=_fill())
    ink = alt.ColorValue(theme.INK, condition={"test": "datum.dark", "value": "white"})
    name = data.mark_text(fontSize=8.5, dy=-6).encode(**at, text="name:N", color=ink)
    cycle = data.mark_text(fontSize=10.5, dy=6).encode(**at, text="ct_words:N", color=ink)
    layers = [blank, cell, *([] if wide else [name]), cycle]
    size = {"width": theme.WIDTH, "height": CELL_HEIGHT * len(rows)}
    return alt.layer(*layers, **size, title=_title(run))


def _title(run: Run) -> alt.TitleParams:
    said = "accepted" if run.accepted else "REFUSED, its results are held"
    refused = [str(check) for check in run.checks if not check.passed]
    return alt.TitleParams(
        f"{run.analyte}: {said}",
        subtitle=refused,
        anchor="start",
        fontSize=13,
        fontWeight="bold",
        color=theme.INK,
        subtitleColor=theme.QUIET,
        subtitleFontSize=11,
        offset=8,
    )


def _fill() -> alt.Fill:
    """The colour of a cycle; squares in the legend, as a gradient is numbered by the process."""
    return alt.Fill(
        "ct:Q",
        title="Ct",
        scale=alt.Scale(scheme="blues", reverse=True, domain=[CT_STEPS[0], CT_STEPS[-1]]),
        legend=alt.Legend(
            type="symbol",
            symbolType="square",
            symbolStrokeWidth=0,
            values=[*CT_STEPS],
            orient="bottom",
        ),
    )


def _stroke(wells: pl.DataFrame) -> alt.Stroke:
    seen = [look for key, look in ROLES.items() if key in wells["role"].to_list()]
    scale = alt.Scale(domain=[name for name, _ in seen], range=[colour for _, colour in seen])
    legend = alt.Legend(
        symbolFillColor="white", symbolStrokeWidth=FRAME, symbolType="square", orient="bottom"
    )
    return alt.Stroke("role_name:N", title=None, scale=scale, legend=legend)


# ---------------------------------------------------------------- curve
def _curve(wells: pl.DataFrame, run: Run, limits: Qpcr) -> alt.LayerChart | alt.FacetChart:
    """The line with its standards, and what was read from it; `run` has a curve."""
    curve = run.curve
    if curve is None:
        raise ValueError("a run must have a curve to be drawn")
    crossed = wells.filter(pl.col("ct").is_not_null(), pl.col("role") != "ntc").with_columns(
        at_copies=pl.when(pl.col("role") == "standard")
        .then(pl.col("copies"))
        .otherwise(10 ** ((pl.col("ct") - curve.intercept) / curve.slope))
    )
    low, high = (
        min([curve.lowest, *crossed["at_copies"]]),
        max([curve.highest, *crossed["at_copies"]]),
    )
    low = min(low, limits.lod) / 1.6
    x = alt.X(
        "at_copies:Q",
        title="Copies in a reaction",
        scale=alt.Scale(type="log", domain=[low, high * 1.6], nice=False),
        axis=alt.Axis(format="~s", grid=True, tickCount=8),
    )
    y = alt.Y("ct:Q", title="Ct, cycles", scale=alt.Scale(zero=False, padding=12))
    ends = pl.DataFrame({"at_copies": [curve.lowest, curve.highest]}).with_columns(
        ct=pl.col("at_copies").log10() * curve.slope + curve.intercept
    )
    line = alt.Chart(theme.inline(ends)).mark_line(color=theme.QUIET).encode(x=x, y=y)
    points = alt.Chart(theme.inline(crossed.drop("at"))).mark_point(size=46, strokeWidth=1.5)
    read = points.encode(x=x, y=y, color=_colour(crossed), shape=_shape(crossed))
    layers = [*_limits(run, limits, x, high), line, read]
    size = {"width": theme.WIDTH, "height": CURVE_HEIGHT}
    fit = f"slope {curve.slope:.3f}, intercept {curve.intercept:.2f}, r² {curve.r2:.4f}, "
    title = alt.TitleParams(
        f"Standard curve: {fit}efficiency {100 * curve.efficiency:.1f} %",
        anchor="start",
        fontSize=12,
        fontWeight="normal",
        color=theme.INK,
    )
    return alt.layer(*layers, **size, title=title)


def _limits(run: Run, limits: Qpcr, x: alt.X, high: float) -> list[alt.Chart]:
    """Rules at the LOD and the LLOQ in a reaction."""
    lloq = quantified_from(run, limits)
    marks = [(limits.lod, f"LOD {limits.lod:g}"), (lloq, f"LLOQ {lloq:g}")]
    table = pl.DataFrame(marks, schema=["at_copies", "words"], orient="row")
    base = alt.Chart(theme.inline(table.filter(pl.col("at_copies") <= high)))
    rule = base.mark_rule(strokeDash=[4, 3], color=theme.QUIET).encode(x=x)
    text = base.mark_text(align="left", dx=4, dy=8, color=theme.QUIET, fontSize=11)
    return [rule, text.encode(x=x, y=alt.value(0), text="words:N")]


def _colour(wells: pl.DataFrame) -> alt.Color:
    seen = _seen(wells)
    names = {ROLES[key][0]: theme.INK if key == "sample" else ROLES[key][1] for key in seen}
    return theme.coloured("role_name", names, None)


def _shape(wells: pl.DataFrame) -> alt.Shape:
    seen = _seen(wells)
    shapes = ["circle" if key == "standard" else "cross" for key in seen]
    scale = alt.Scale(domain=[ROLES[key][0] for key in seen], range=shapes)
    return alt.Shape("role_name:N", title=None, scale=scale)


def _seen(wells: pl.DataFrame) -> list[str]:
    return [key for key in ROLES if key in wells["role"].to_list()]
