"""The report as PDF: the same sections, tables and figures, in the font of the page."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file
from importlib.resources import files as resources
from itertools import groupby
from statistics import fmean
from typing import Any

from cartrial.report.document import Document, DrawnFigure, ReportProse, ReportSection
from cartrial.report.table import ReportTable, ShownCell, ShownRow, in_population, on_paper
from cartrial.report.typeset import set_length, typeset
from cartrial.results.result import data_cut

STATES = {"met": "▲ Met", "not met": "○ Not met", "not assessable": "? Not assessable"}
WIDE = 130  # characters: a table that needs more lies on its side
SIZES = ((5, 8.5), (7, 7.8), (99, 7.0))  # up to so many columns: points
PADDING = 2  # characters
NARROWEST, WIDEST = 6, 38  # characters that a column's width answers to
WIDEST_LABEL = 14  # characters of a column's header on one line


def to_pdf(document: Document) -> bytes:
    """The whole report."""
    return typeset("report.typ", _report(document))


def _report(document: Document) -> dict[str, Any]:
    study = document.study
    known = (study.id, study.registry, study.phase, study.condition)
    return {
        "id": " · ".join(part for part in known if part),
        "title": study.title,
        "purpose": study.purpose,
        "said": study.drafted_from,
        "footer": f"{study.id} · {data_cut(document.cutoff)}",
        "facts": [
            {"label": "Data cut", "text": str(document.cutoff or "not given")},
            *({"label": line.label, "text": line.sentence} for line in document.facts),
        ],
        "pauses": [
            {"label": STATES[line.state], "text": f"{line.label}: {line.sentence}"}
            for line in document.pauses
        ],
        "outcomes": [_outcome(section) for section in document.outcomes],
        "front": [_table(table) for table in document.front.tables],
        "sections": [
            _section(section, first=number == 0) for number, section in enumerate(document.sections)
        ],
        "values": [
            {"place": value.place, "value": value.value, "mark": value.mark}
            for value in document.values
        ],
    }


def _outcome(section: ReportSection) -> dict[str, str]:
    return {
        "label": section.title,
        "role": section.outcome.role if section.outcome else "not registered",
        "text": "\n".join(line.sentence for line in section.headlines) or "–",
    }


def _section(section: ReportSection, *, first: bool) -> dict[str, Any]:
    outcome = section.outcome
    registered = None
    if outcome is not None:
        frame = f", time frame {outcome.time_frame}" if outcome.time_frame else ""
        registered = {
            "by": f"{section.claim}: {outcome.role} outcome{frame}",
            "quote": [text for text in (f"{outcome.measure}.", outcome.description) if text],
        }
    return {
        "title": section.title,
        "break-before": first or section.id == "listing",
        "registered": registered,
        "lines": [line.sentence for line in section.headlines] if outcome else [],
        "sheets": _sheets([_part(part) for part in section.parts]),
        "nothing": section.nothing,
    }


def _sheets(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts in their order; neighbours that lie on their side share their pages."""
    on_its_side = groupby(parts, key=lambda part: part.get("wide", False))
    return [{"wide": wide, "parts": list(group)} for wide, group in on_its_side]


def _part(part: ReportTable | DrawnFigure | ReportProse) -> dict[str, Any]:
    match part:
        case ReportTable():
            return _table(part)
        case DrawnFigure():
            return _figure(part)
        case ReportProse():
            return _prose(part)


def _prose(prose: ReportProse) -> dict[str, Any]:
    return {
        "title": prose.title,
        "paragraphs": prose.paragraphs,
        "references": prose.references,
    }


# ---------------------------------------------------------------- tables
def _table(whole: ReportTable) -> dict[str, Any]:
    table = on_paper(whole)
    columns, widths = 1 + len(table.header), _widths(table)
    wide = sum(widths) > WIDE
    return {
        "title": table.title,
        "listing": table.listing,
        "shown": table.shown,
        "empty": table.empty,
        "stacked": table.stacked,
        "wide": wide,
        "size": next(size for most, size in SIZES if columns <= most or most == SIZES[-1][0]),
        "widths": widths,
        "prose": _prose_shares(table) if wide else [0] * columns,
        "header": [
            {"label": label, "size": size}
            for label, size in zip((table.stub, *table.header), ("", *table.sizes), strict=True)
        ],
        "rows": [_row(row) for row in table.rows],
        "notes": [
            *({"mark": mark, "text": why} for mark, why in table.reasons),
            *_unmarked((in_population(table.population), *table.footnotes, *table.method)),
        ],
    }


def _unmarked(lines: Sequence[str]) -> list[dict[str, str]]:
    return [{"mark": "", "text": line} for line in lines if line]


def _row(row: ShownRow) -> dict[str, Any]:
    return {
        "label": row.label,
        "indent": row.indent,
        "heading": not row.cells,
        "cells": [_cell(cell) for cell in row.cells],
    }


def _cell(cell: ShownCell) -> dict[str, Any]:
    return {
        "text": cell.text,
        "interval": cell.interval,
        "mark": cell.mark,
        "nothing": cell.nothing,
        "count": cell.count,
    }


def _widths(table: ReportTable) -> list[int]:
    """The share of each column: its longest text, within limits; a word is never cut."""
    return [_width(texts) for texts in _columns(table)]


def _prose_shares(table: ReportTable) -> list[float]:
    """What a column of prose takes of the room that is left: its usual length; 0 of another."""
    columns = [[len(text) for text in texts] for texts in _columns(table)]
    return [fmean(sizes) if max(sizes) > WIDEST else 0 for sizes in columns]


def _columns(table: ReportTable) -> list[list[str]]:
    """The texts of each column, its header among them."""
    columns = [[table.stub, *(row.label + "  " * row.indent for row in table.rows if row.cells)]]
    for number, (label, size) in enumerate(zip(table.header, table.sizes, strict=True)):
        cells = [row.cells[number] for row in table.rows if row.cells]
        texts = [text for cell in cells for text in (cell.text + cell.mark, cell.interval)]
        columns.append([label[:WIDEST_LABEL], size, *texts])
    return columns


def _width(texts: Sequence[str]) -> int:
    word = max((set_length(word) for text in texts for word in text.split()), default=0)
    return PADDING + max(NARROWEST, word, min(WIDEST, max(map(set_length, texts), default=0)))


# ---------------------------------------------------------------- figures
def _figure(figure: DrawnFigure) -> dict[str, Any]:
    lines = (in_population(figure.population), *figure.footnotes)
    svg = "" if figure.spec is None else to_svg(figure.spec)
    return {
        "title": figure.title,
        "empty": figure.empty,
        "svg": svg,
        "notes": [] if figure.spec is None else _unmarked(lines),
    }


def to_svg(spec: Mapping[str, Any]) -> str:
    """A figure as SVG, in the font of the report."""
    import vl_convert

    _register_font()
    svg: str = vl_convert.vegalite_to_svg(dict(spec))
    return svg


def to_png(spec: Mapping[str, Any], *, scale: float = 2) -> bytes:
    """A figure as PNG, so many pixels to one of the figure, in the font of the report."""
    import vl_convert

    _register_font()
    png: bytes = vl_convert.vegalite_to_png(dict(spec), scale=scale)
    return png


@cache
def _register_font() -> None:
    import vl_convert

    with as_file(resources("cartrial.report") / "fonts") as folder:
        vl_convert.register_font_directory(str(folder))
