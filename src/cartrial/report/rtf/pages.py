"""A table cut into pages: what belongs together stays together where there is room.

A page ends before a subject, an organ class or another block of rows begins where it can, never
after a heading, and where it must end within a block the next page says whose block goes on.

Reading: notes stand on every page where they take a fifth of it or less, else on the last page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartrial.report.rtf.sheet import (
    BETWEEN,
    LINE,
    Columns,
    columns,
    header_height,
    lines_of,
    row_height,
)
from cartrial.report.table import ReportTable, ShownRow, in_population, on_paper

MOST_NOTES = 0.2  # of a page
FULL_ENOUGH = 0.7  # of the rows that fit
AFTER_TITLE = 6  # points
CONTINUED = "(continued)"
AT_THE_END = "Notes stand on the last page of the table."


@dataclass(frozen=True)
class Page:
    """One page of a table."""

    titles: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    notes: tuple[tuple[str, str], ...]  # mark, text


@dataclass(frozen=True)
class Paged:
    """A table with its columns and pages."""

    table: ReportTable
    columns: Columns
    pages: tuple[Page, ...]


def paged(whole: ReportTable, *, number: str, source: str = "") -> Paged:
    """The table on its pages, under its number: `Table 3`."""
    table = on_paper(whole)
    at = columns(table)
    notes = _notes(table, source)
    ends = tuple(notes[-1:]) if source else ()
    high = _height_of_notes(notes, at)
    everywhere = high <= MOST_NOTES * at.paper.points
    early = notes if everywhere else (("", AT_THE_END), *ends)
    room = at.paper.points - _title_height(table, number, at) - header_height(table, at)
    before, last = room - _height_of_notes(early, at), room - high
    cuts = _cuts(table, at, before, last)
    pages = [
        Page(
            _titles(table, number, first=start == 0),
            (*_parents(table.rows, start), *table.rows[start:end]),
            notes if end == len(table.rows) else early,
        )
        for start, end in cuts
    ]
    return Paged(table, at, tuple(pages))


def _titles(table: ReportTable, number: str, *, first: bool) -> tuple[str, ...]:
    named = number if first or not number else f"{number} {CONTINUED}"
    lines = (named, table.title, in_population(table.population), table.shown)
    return tuple(line for line in lines if line)


def _notes(table: ReportTable, source: str) -> tuple[tuple[str, str], ...]:
    lines = (*table.footnotes, *table.method, source)
    return (*table.reasons, *(("", line) for line in lines if line))


def _height_of_notes(notes: Sequence[tuple[str, str]], at: Columns) -> float:
    texts = (f"{mark} {text}" if mark else text for mark, text in notes)
    return lines_of(texts, at.paper.letters) * LINE + BETWEEN


def _title_height(table: ReportTable, number: str, at: Columns) -> float:
    return lines_of(_titles(table, number, first=False), at.paper.letters) * LINE + AFTER_TITLE


# ---------------------------------------------------------------- where a page ends
def _cuts(table: ReportTable, at: Columns, before: float, last: float) -> list[tuple[int, int]]:
    """The rows of each page, from and up to; `before` and `last` are the points they may take."""
    heights = [row_height(row, at, stacked=table.stacked) for row in table.rows]
    cuts, start, count = [], 0, len(heights)
    while start < count:
        taken = sum(row_height(row, at, stacked=False) for row in _parents(table.rows, start))
        if sum(heights[start:]) + taken <= last or start == count - 1:
            end = count
        else:
            end = min(_filled(heights, start, before - taken), count - 1)
            end = _good_end(table, start, end)
        cuts.append((start, end))
        start = end
    return cuts or [(0, 0)]


def _filled(heights: Sequence[float], start: int, room: float) -> int:
    """The row before which a page is full; one row at least stands on it."""
    end, used = start, 0.0
    while end < len(heights) and used + heights[end] <= room:
        used += heights[end]
        end += 1
    return max(end, start + 1)


def _good_end(table: ReportTable, start: int, end: int) -> int:
    """A better place to end than in the midst of a block, where the page stays full enough."""
    rows = table.rows
    least = start + max(1, int(FULL_ENOUGH * (end - start)))
    for place in range(end, least - 1, -1):
        if _begins(table, place):
            return place
    for place in range(end, start, -1):
        if not _leads(rows[place - 1], rows[place]):
            return place
    return end


def _begins(table: ReportTable, place: int) -> bool:
    """Whether a block of rows begins here: another subject, or what is not indented."""
    row, before = table.rows[place], table.rows[place - 1]
    return row.label != before.label if table.listing else row.indent == 0


def _leads(row: ShownRow, after: ShownRow) -> bool:
    return not row.cells or after.indent > row.indent


def _parents(rows: Sequence[ShownRow], start: int) -> list[ShownRow]:
    """The rows that the first row of a page stands under, as they are said again."""
    if start == 0:
        return []
    found: list[ShownRow] = []
    depth = rows[start].indent
    for row in reversed(rows[:start]):
        if row.indent < depth:
            found.append(replace(row, label=f"{row.label} {CONTINUED}", cells=()))
            depth = row.indent
    return found[::-1]
