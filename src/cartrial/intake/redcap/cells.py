"""The cells of a REDCap export as text, each row with its line in the file.

Reading: the marks between cells are what follows the first name of the header: comma, semicolon,
    tab, bar or caret, as the user of REDCap has chosen them. Bytes that are not UTF-8 are cp1252.
"""

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import polars as pl

from cartrial import files
from cartrial.errors import DataError
from cartrial.intake.redcap.dictionary import Dictionary
from cartrial.intake.redcap.header import Header, read_header
from cartrial.intake.source import LINE

MARKS = ",;\t|^"


def read_cells(path: Path, dictionary: Dictionary) -> tuple[pl.DataFrame, Header, str | None]:
    """The cells by the names of their fields, the header, and a remark on the encoding."""
    place = path.name
    text = files.read_text(path)
    if not text.content.strip():
        raise DataError(f"{place}: must be a REDCap export, got an empty file")
    first = text.content.split("\n", 1)[0]
    mark = max(MARKS, key=first.count)
    rows = _rows(text.content, mark, place)
    _, cells = next(rows)
    header = read_header([cell.strip() for cell in cells], dictionary, place=place)
    lines, below = [], StringIO()
    writer = csv.writer(below, lineterminator="\n")
    writer.writerow(header.names)
    for line, row in rows:
        if any(row):
            lines.append(line)
            _check_width(row, header, f"{place}: line {line}")
            writer.writerow(row)
    frame = files.parse_csv(below.getvalue(), place=place)
    numbered = frame.with_columns(pl.all().str.strip_chars().replace("", None))
    return numbered.insert_column(0, pl.Series(LINE, lines, pl.Int64)), header, text.remark


def _rows(content: str, mark: str, place: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins."""
    lines = (line[0] for line in files.LINE.finditer(content))
    reader = csv.reader(lines, delimiter=mark, strict=True)
    line = 1
    try:
        for row in reader:
            yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{place}: line {line}: must be CSV, got {error}") from None


def _check_width(row: list[str], header: Header, place: str) -> None:
    if len(row) != len(header.names):
        must = f"have {len(header.names)} cells as the header has"
        raise DataError(f"{place}: must {must}, got {len(row)}. Is it whole?")
