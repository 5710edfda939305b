"""An Excel workbook: every sheet that can be seen, its cells as text.

Reading: of a formula the value counts that Excel kept; one that was never computed is an error. A
    real date is ISO 8601; at midnight sharp it has no clock time, as Excel cannot tell. A number
    has 15 digits, as Excel has, and a decimal comma in a column of text with one; a cell that
    shows percent says so. Hidden sheets are named and not read.
"""

import datetime as dt
import re
from collections.abc import Collection, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from cartrial import files
from cartrial.errors import DataError
from cartrial.intake.grid import Grid, table_of
from cartrial.intake.source import Source, SourceTable

OLE = b"\xd0\xcf\x11\xe0"  # how an old workbook begins, and one with a password
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
DECIMAL_COMMA = re.compile(r"[<>≤≥ ]*[+-]?(0,\d+|\d+,(\d{1,2}|\d{4,}))")
SAVE = "Open it in Excel and save it as .xlsx"


def is_workbook(path: Path) -> bool:
    """Whether a file is named as an Excel workbook."""
    return path.suffix.casefold() in (".xlsx", ".xlsm", ".xls", ".xlsb")


def read_workbook(path: Path) -> Source:
    """The tables of a workbook, one a sheet."""
    raw = files.read_bytes(path)
    _check(raw, path.name)
    values, formulas = _open(raw, path.name, values=True), _open(raw, path.name, values=False)
    tables: list[SourceTable] = []
    remarks: list[str] = []
    for sheet in values.worksheets:
        place = f"{path.name}, sheet {sheet.title}"
        if sheet.sheet_state != "visible":
            remarks.append(f"{place}: is hidden: not read. Unhide it to have it read")
            continue
        grid = _grid(sheet, formulas[sheet.title], place)
        if not any(any(cells) for _, cells in grid.lines):
            remarks.append(f"{place}: is empty: not read")
            continue
        table, told = table_of(grid)
        tables.append(table)
        remarks += told
    if not tables:
        raise DataError(f"{path.name}: must have a sheet with a table, got none")
    return Source(tuple(tables), tuple(remarks))


def _check(raw: bytes, place: str) -> None:
    if raw.startswith(OLE):
        if ENCRYPTED in raw:
            got = "one with a password. Save it without its password"
            raise DataError(f"{place}: must be a workbook that can be opened, got {got}")
        raise DataError(f"{place}: must be .xlsx, got an old workbook (.xls). {SAVE}")
    if not raw.startswith(ZIP):
        raise DataError(f"{place}: must be an Excel workbook, got something else. {SAVE}")


def _open(raw: bytes, place: str, *, values: bool) -> Any:
    try:
        return load_workbook(BytesIO(raw), read_only=True, data_only=values)
    except (InvalidFileException, BadZipFile, KeyError, ValueError):
        fault = "must be a whole Excel workbook, got a broken one"
        raise DataError(f"{place}: {fault}. {SAVE}") from None


def _grid(sheet: Any, formulas: Any, place: str) -> Grid:
    """The cells of a sheet as text, and which of them are real dates and numbers."""
    lines: list[tuple[int, list[str | None]]] = []
    dates: set[tuple[int, int]] = set()
    numbers: set[tuple[int, int]] = set()
    for at, (row, written) in enumerate(zip(sheet.rows, formulas.rows, strict=True), start=1):
        cells: list[str | None] = []
        for i, (cell, formula) in enumerate(zip(row, written, strict=True)):
            if cell.value is None and _is_formula(formula.value):
                fault = "must have the value of its formula, got none"
                raise DataError(f"{place}: cell {cell.coordinate}: {fault}. {SAVE}")
            cells.append(_text(cell))
            if isinstance(cell.value, dt.date):
                dates.add((at, i))
            elif isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                numbers.add((at, i))
        lines.append((at, cells))
    _with_commas(lines, numbers)
    return Grid(place, sheet.title, lines, frozenset(dates), frozenset(numbers))


def _with_commas(
    lines: Sequence[tuple[int, list[str | None]]], numbers: Collection[tuple[int, int]]
) -> None:
    """Write real numbers with a comma in a column where others are text with a decimal comma."""
    commas = {
        i
        for at, cells in lines
        for i, text in enumerate(cells)
        if text and (at, i) not in numbers and DECIMAL_COMMA.fullmatch(text)
    }
    for at, cells in lines:
        for i in commas:
            text = cells[i] if i < len(cells) else None
            if text and (at, i) in numbers and "." in text:
                whole, _, part = text.partition(".")
                cells[i] = f"{whole},{part}{'0' if len(part) == 3 else ''}"


def _is_formula(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("=")


def _text(cell: Any) -> str | None:
    """A cell as its reader sees it, without rounding."""
    value = cell.value
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case float() | int() if "%" in (cell.number_format or ""):
            return f"{float(value) * 100:.15g}%"
        case float():
            return f"{value:.15g}"
        case dt.datetime():
            return f"{value:%Y-%m-%d}" if value.time() == dt.time() else _moment(value)
        case dt.time():
            return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"
    return str(value)


def _moment(value: dt.datetime) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%S}" if value.second else f"{value:%Y-%m-%dT%H:%M}"
