"""The audit trail as files: CSV that `verify_trail.py` reads, and Parquet.

Entries come as mappings with the fields, `hash` and `content`; they are written as they pass, so a
long trail needs no more memory than a short one.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from cartrial.capture.trail.verify_trail import FIELDS

COLUMNS = (*FIELDS, "hash", "content")


def csv_lines(entries: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The trail as lines of CSV, the header first."""
    yield _line(COLUMNS)
    for entry in entries:
        yield _line([entry[column] for column in COLUMNS])


def write_csv(entries: Iterable[Mapping[str, Any]], file: Path) -> None:
    """The trail as a CSV file."""
    with file.open("wb") as out:
        out.writelines(csv_lines(entries))


def write_parquet(trail: Path, file: Path) -> None:
    """The CSV file of a trail as Parquet: every column a text, but its number."""
    schema = {**dict.fromkeys(COLUMNS, pl.String()), "seq": pl.Int64()}
    pl.scan_csv(trail, schema=schema, empty_string_is_null=False).sink_parquet(file)


def _line(cells: Iterable[Any]) -> bytes:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)  # its line ends are CR LF, so a cell with either is quoted
    return line.getvalue().encode()
