"""A file of a laboratory instrument: a table somewhere below lines about the run, in its own names.

    * Block Type = 96-Well 0.2-mL Block          lines about the run are passed over
    [Results]
    Well Position,Sample Name,Target Name,CT     the header: the first line with every column that
    A1,STD7,CAR,16.42                            is needed, by any of its names
                                                 the table ends at an empty line or a new section

Reading: names are compared by their letters and digits alone, whatever their case; the Cyrillic
    te that some instruments write in Ct is a t. The first name in the list of a column wins.
"""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Generic, TypeVar

import polars as pl

from cartrial import files
from cartrial import schema as s
from cartrial.errors import DataError

T = TypeVar("T", bound=s.Table)

WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how Excel files begin
FIRST_LINE = 2  # of the rows, below a header
SECTION = re.compile(r"\s*(\[|$)")

Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Sheet:
    """The table of a file under our column names, as text, and how it was understood.

    Its column `line` is the line of the file.
    """

    cells: pl.DataFrame
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Intake(Generic[T]):
    """A declared table from such a file, and what a reader should know of how it was read."""

    table: s.DataFrame[T]
    remarks: tuple[str, ...]


def read_sheet(path: Path, names: Names, *, needed: Sequence[str]) -> Sheet:
    """The table in a file; `names` lists for each of our columns what others call it."""
    place = path.name
    if files.read_bytes(path).startswith(WORKBOOK):
        raise DataError(f"{place}: must be CSV, got an Excel workbook. Save the sheet as CSV")
    text = files.read_text(path)
    lines = text.content.splitlines()
    if not any(line.strip() for line in lines):
        raise DataError(f"{place}: must hold a table, got an empty file")
    above = _header(lines, names, needed)
    if above is None:
        raise DataError(f"{place}: {_no_header(lines, names, needed)}")
    below = next((i for i in range(above + 1, len(lines)) if SECTION.match(lines[i])), len(lines))
    cells = files.parse_csv("\n".join(lines[above:below]), place=place)
    if not cells.height:
        raise DataError(f"{place}: must have a row below the header, got none")
    found = _found(cells.columns, names)
    said = [text.remark, *_understood(found, cells.columns, above)]
    renamed = cells.select(pl.col(theirs).str.strip_chars().alias(ours) for ours, theirs in found)
    numbered = renamed.with_row_index("line", offset=above + FIRST_LINE)
    return Sheet(numbered, tuple(one for one in said if one))


def declared(table: type[T], cells: pl.DataFrame, *, place: str) -> s.DataFrame[T]:
    """The cells of a sheet as a declared table; every fault is told, with the line of the file."""
    columns = [column.name for column in s.columns(table) if column.name in cells.columns]
    parsed = s.parse(table, cells.select(columns), place=place)
    faults = s.errors(parsed.findings)
    if faults:
        line = cells["line"]
        told = [replace(f, line=f.line and line[f.line - FIRST_LINE]) for f in faults]
        raise DataError("\n".join(str(fault) for fault in told))
    return parsed.frame


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9%]", "", name.lower().replace("т", "t"))


def _found(header: Sequence[str], names: Names) -> list[tuple[str, str]]:
    """Our name and theirs of each column that is known."""
    theirs = {_key(name): name for name in reversed(header)}
    return [
        (ours, next(theirs[_key(name)] for name in (*known, ours) if _key(name) in theirs))
        for ours, known in names.items()
        if any(_key(name) in theirs for name in (*known, ours))
    ]


def _header(lines: Sequence[str], names: Names, needed: Sequence[str]) -> int | None:
    for number, line in enumerate(lines):
        cells = next(csv.reader(StringIO(line)), [])
        if {ours for ours, _ in _found(cells, names)} >= set(needed):
            return number
    return None


def _no_header(lines: Sequence[str], names: Names, needed: Sequence[str]) -> str:
    """What is wrong where no line names every column: the line that names most is the header."""
    most = max(lines, key=lambda line: len(_found(next(csv.reader([line]), []), names)))
    have = {ours for ours, _ in _found(next(csv.reader([most]), []), names)}
    if not have and any(mark in line for line in lines for mark in ";\t"):
        return "must be separated by commas, got another separator. Save it as CSV with commas"
    lacking = next(name for name in needed if name not in have)
    known = ", ".join(dict.fromkeys((lacking, *names[lacking])))
    return f"must have a column {lacking}, got none. It may be called {known}"


def _understood(
    found: Sequence[tuple[str, str]], header: Sequence[str], above: int
) -> tuple[str, ...]:
    """How the header was understood, where it is not in our own words."""
    renamed = [f"{ours} from {theirs}" for ours, theirs in found if ours != theirs]
    used = {theirs for _, theirs in found}
    unused = [name for name in header if name not in used]
    lines = "1 line" if above == 1 else f"{above} lines"
    return (
        f"{lines} above the table passed over" if above else "",
        f"columns read: {', '.join(renamed)}" if renamed else "",
        f"columns not used: {', '.join(unused)}" if unused else "",
    )
