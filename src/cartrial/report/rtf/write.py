"""The tables and listings as RTF files: one each, and one of all with its table of contents."""

from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from cartrial import files
from cartrial.report.document import Document
from cartrial.report.rtf.encode import encoded, to_book, to_file
from cartrial.report.rtf.pages import Paged, paged
from cartrial.report.subjects import all_tables
from cartrial.report.table import ReportTable, ShownCell, ShownRow

BOOK = "tables-and-listings.rtf"
CONTENTS = "Tables and listings"


def write_rtf(document: Document, folder: Path) -> tuple[Path, ...]:
    """Write `t-<id>.rtf` and `l-<id>.rtf`, and the book of all; the paths written."""
    study, footer = document.study.id, _footer(document)
    tables = numbered(document)
    book = [
        (one, encoded(one, study=study, footer=footer)) for one in (contents(tables), *tables)
    ]
    texts = {one.name: to_file(pages) for one, pages in book[1:]}
    texts[BOOK] = to_book((one.columns.paper, pages) for one, pages in book)
    for name, text in texts.items():
        files.write_text(folder / name, text)
    return tuple(folder / name for name in texts)


def numbered(document: Document) -> tuple[Paged, ...]:
    """Every table and listing on its pages, numbered in the order of the report."""
    counts = {"Table": 0, "Listing": 0}
    found = []
    for table in all_tables(document):
        kind = "Listing" if table.listing else "Table"
        counts[kind] += 1
        name = f"{kind[0].lower()}-{table.id}.rtf"
        number = f"{kind} {counts[kind]}"
        found.append(paged(table, name=name, number=number, source=_source(table)))
    return tuple(found)


def contents(tables: Iterable[Paged]) -> Paged:
    """The table of contents, with the page on which each table begins."""
    listed = tuple(tables)
    empty = paged(_contents([(one, 0) for one in listed]), name="", number="")
    page, starts = 1 + len(empty.pages), []
    for one in listed:
        starts.append((one, page))
        page += len(one.pages)
    return paged(_contents(starts), name="", number="")


def _contents(starts: Iterable[tuple[Paged, int]]) -> ReportTable:
    rows = [
        ShownRow(one.number, 0, (ShownCell(one.table.title), ShownCell(f"{page:>4}")))
        for one, page in starts
    ]
    return ReportTable(
        id="contents",
        title=CONTENTS,
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


def _source(table: ReportTable) -> str:
    return f"Source: {'; '.join(table.sources)}." if table.sources else ""


def _footer(document: Document) -> str:
    cut = "no data cut" if document.cutoff is None else f"data cut {document.cutoff}"
    return f"{document.study.id} · {cut} · cartrial {version('cartrial')}"
