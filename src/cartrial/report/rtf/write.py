"""The tables and listings as RTF files: one each, and one of all with its table of contents.

Figures, where they are asked for, follow as files of their own and at the end of the book.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from cartrial import files
from cartrial.report.document import Document
from cartrial.report.rtf.encode import Running, encoded, to_book, to_file
from cartrial.report.rtf.figure import encoded_figure
from cartrial.report.rtf.names import BOOK, SUFFIX, figure_name, name_of
from cartrial.report.rtf.pages import paged
from cartrial.report.rtf.sheet import Paper
from cartrial.report.subjects import all_tables
from cartrial.report.table import ReportTable, ShownCell, ShownRow
from cartrial.results.result import data_cut

CONTENTS = "Tables and listings"
CONTENTS_WITH_FIGURES = "Tables, listings and figures"


@dataclass(frozen=True)
class Part:
    """A table, a listing or a figure: its pages, each an RTF file, and its place in the book."""

    name: str  # of its file
    number: str  # Table 3
    title: str
    paper: Paper
    pages: tuple[str, ...]


def write_rtf(document: Document, folder: Path, *, figures: bool = False) -> tuple[Path, ...]:
    """Write `t-<id>.rtf`, `l-<id>.rtf`, if asked `f-<id>.rtf`, and the book; the paths written."""
    running = Running(document.study.id, _footer(document))
    parts = [*_tables(document, running), *(_figures(document, running) if figures else ())]
    contents = _contents(parts, running, CONTENTS_WITH_FIGURES if figures else CONTENTS)
    texts = {one.name: to_file(one.pages) for one in parts}
    texts[BOOK] = to_book((one.paper, one.pages) for one in (contents, *parts))
    for name, text in texts.items():
        files.write_text(folder / f"{name}{SUFFIX}", text)
    return tuple(folder / f"{name}{SUFFIX}" for name in texts)


def _tables(document: Document, running: Running) -> Iterator[Part]:
    """Every table and listing, each kind numbered in the order of the report."""
    counts = {"Table": 0, "Listing": 0}
    for table in all_tables(document):
        kind = "Listing" if table.listing else "Table"
        counts[kind] += 1
        number, name = f"{kind} {counts[kind]}", name_of(table.id, listing=table.listing)
        yield _part(table, running, name=name, number=number)


def _figures(document: Document, running: Running) -> Iterator[Part]:
    drawn = (figure for section in document.sections for figure in section.figures)
    for count, figure in enumerate((one for one in drawn if one.spec is not None), start=1):
        number = f"Figure {count}"
        paper, page = encoded_figure(figure, running, number=number)
        yield Part(figure_name(figure.id), number, figure.title, paper, (page,))


def _part(table: ReportTable, running: Running, *, name: str, number: str) -> Part:
    source = f"Source: {'; '.join(table.sources)}." if table.sources else ""
    whole = paged(table, number=number, source=source)
    return Part(name, number, table.title, whole.columns.paper, encoded(whole, running))


def _contents(parts: Iterable[Part], running: Running, title: str) -> Part:
    """The table of contents: the page of the book on which each part begins."""
    listed = tuple(parts)
    page = 1 + len(paged(_listed(title, [(one, 0) for one in listed]), number="").pages)
    starts = []
    for one in listed:
        starts.append((one, page))
        page += len(one.pages)
    return _part(_listed(title, starts), running, name="", number="")


def _listed(title: str, starts: Iterable[tuple[Part, int]]) -> ReportTable:
    rows = [
        ShownRow(one.number, 0, (ShownCell(one.title), ShownCell(f"{page:>4}")))
        for one, page in starts
    ]
    return ReportTable(
        id="contents",
        title=title,
        listing=True,
        population="",
        shown="",
        stub="",
        header=("Title", "Page"),
        sizes=("", ""),
        rows=tuple(rows),
        method=(),
        footnotes=(),
        reasons=(),
        empty="" if rows else "No table or listing.",
    )


def _footer(document: Document) -> str:
    cut = data_cut(document.cutoff)
    return f"{document.study.id} · {cut} · cartrial {version('cartrial')}"
