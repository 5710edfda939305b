"""A table somewhere in a grid of cells: where its header is, and what stands above it.

    Results of March 2024                  lines above the table are passed over
    Patient   Date         ANC    Hb       the header: the first line that is as full as the table
                           10^9/L g/dL     a second line of the header, with the units
    001-001   2024-03-01   2.1    9.4

Reading: a header of two lines is one where the second holds units, or where the first has gaps as
    merged cells leave them and the second has none. A column without a name and without a cell is
    no column; without a name it is called by its number. A name that stands twice is numbered.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cartrial import units
from cartrial.errors import DataError
from cartrial.intake.plan.amount import read_amount
from cartrial.intake.plan.date import read_date
from cartrial.intake.source import LINE, Kind, SourceColumn, SourceTable

Cells = Sequence[str | None]
FULL = 0.5  # of the widest line's cells make a line the header
TOP = 30  # lines among which the header stands
MARKED = re.compile(r"\d[.,]\d")  # thousands or decimals
UNITS_LEAST = 2  # units make a line one of units


@dataclass(frozen=True)
class Grid:
    """Lines of cells as they stand in a sheet; line and column of each real date and number."""

    place: str
    name: str
    lines: Sequence[tuple[int, Cells]]
    dates: frozenset[tuple[int, int]] = frozenset()
    numbers: frozenset[tuple[int, int]] = frozenset()


def table_of(grid: Grid) -> tuple[SourceTable, tuple[str, ...]]:
    """The table in a grid, and what a reader should know of how it was found."""
    lines = [(at, cells) for at, cells in grid.lines if any(cells)]
    if not lines:
        raise DataError(f"{grid.place}: must hold a table, got an empty sheet")
    top = _header_line(lines)
    header, depth, units_ = _header(lines, top)
    below = lines[top + depth :]
    for at, cells in below:
        if len(cells) > len(header) and any(cells[len(header) :]):
            last = max(i for i, cell in enumerate(cells, start=1) if cell)
            fault = f"must have {len(header)} cells as the header has, got {last}"
            raise DataError(f"{grid.place}: line {at}: {fault}")
    table, remarks = _table(grid, header, units_, below)
    passed = [f"{top} line{'s'[: top > 1]} above the table passed over"] if top else []
    passed += [] if below else ["has a header and no row below it"]
    return table, tuple(f"{grid.place}: {remark}" for remark in (*passed, *remarks))


def _table(
    grid: Grid,
    header: Sequence[str],
    units_: Sequence[str],
    below: Sequence[tuple[int, Cells]],
) -> tuple[SourceTable, list[str]]:
    cells = list(zip(*(_padded(row, len(header)) for _, row in below), strict=True))
    frame = pl.DataFrame(
        [pl.Series(str(i), cells[i] if below else [], pl.String) for i in range(len(header))]
    ).select(pl.when(pl.all().str.strip_chars() != "").then(pl.all().str.strip_chars()))
    kept = [i for i, name in enumerate(header) if name or frame[str(i)].null_count() < len(below)]
    names, remarks = _names([header[i] or f"column {i + 1}" for i in kept])
    columns = tuple(
        SourceColumn(name, kind=_kind(grid, i, below), unit=units_[i])
        for i, name in zip(kept, names, strict=True)
    )
    lines = pl.Series(LINE, [at for at, _ in below], dtype=pl.Int64)
    named = frame.select(str(i) for i in kept).rename(dict(zip(map(str, kept), names, strict=True)))
    return SourceTable(grid.name, named.insert_column(0, lines), columns, grid.place), remarks


def _kind(grid: Grid, i: int, below: Sequence[tuple[int, Cells]]) -> Kind:
    """What a sheet holds a column as: dates, if any is one; numbers, if no text has a mark."""
    said = {at: text for at, cells in below if (text := _cell(cells, i))}
    if any((at, i) in grid.dates for at in said):
        return "date"
    texts = [text for at, text in said.items() if (at, i) not in grid.numbers]
    typed = len(texts) < len(said) and not any(map(MARKED.search, texts))
    return "number" if typed else ""


def _padded(cells: Cells, width: int) -> Cells:
    return cells[:width] if len(cells) >= width else [*cells, *[None] * (width - len(cells))]


def _cell(cells: Cells, i: int) -> str | None:
    text = (cells[i] or "").strip() if i < len(cells) else ""
    return text or None


def _header_line(lines: Sequence[tuple[int, Cells]]) -> int:
    """The first line that is about as full as the fullest of the first ones."""
    filled = [sum(bool(_cell(cells, i)) for i in range(len(cells))) for _, cells in lines[:TOP]]
    most = max(filled)
    return next(i for i, count in enumerate(filled) if count > FULL * most or count == most)


def _header(lines: Sequence[tuple[int, Cells]], top: int) -> tuple[list[str], int, list[str]]:
    """The names of the columns, of how many lines they are made, and the units below them."""
    width = len(lines[top][1])
    first = [_cell(lines[top][1], i) or "" for i in range(width)]
    while first and not first[-1] and not any(_cell(cells, len(first) - 1) for _, cells in lines):
        first.pop()
    none = [""] * len(first)
    if top + 1 == len(lines):
        return first, 1, none
    second = [_cell(lines[top + 1][1], i) or "" for i in range(len(first))]
    if _are_units(second):
        return first, 2, [text.strip("()[]") for text in second]
    if _is_below_merged(first, second):
        return _joined(first, second), 2, none
    return first, 1, none


def _are_units(cells: Sequence[str]) -> bool:
    told = [cell.strip("()[]") for cell in cells if cell]
    known = sum(units.is_known(text) and read_amount(text) is None for text in told)
    return bool(known) and (
        known == len(told) or (known >= UNITS_LEAST and known > FULL * len(told))
    )


def _is_below_merged(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether names stand below the gaps that merged cells leave."""
    gaps = [i for i, name in enumerate(first) if not name]
    if not gaps or not all(second[i] for i in gaps):
        return False
    return not any(read_amount(text) or read_date(text) for text in second if text)


def _joined(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """`Serum` over `Kappa` and `Urine` over `Kappa` are two names; names that differ stay alone."""
    lower = [under or over for over, under in zip(first, second, strict=True)]
    if len(set(lower)) == len(lower):
        return lower
    names, above = [], ""
    for over, under in zip(first, second, strict=True):
        above = over or above
        names.append(" ".join(part for part in (above if under else over, under) if part))
    return names


def _names(header: Sequence[str]) -> tuple[list[str], list[str]]:
    """The names, each once: the second of the same name is `name (2)`."""
    seen: Counter[str] = Counter()
    names, remarks = [], []
    for name in (" ".join(text.split()) for text in header):
        name = "line " if name == LINE else name
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        if seen[name] == 2:
            remarks.append(f"the column {name} stands twice: the second is read as {name} (2)")
    return names, remarks
