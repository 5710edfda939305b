"""Reading a SAS transport file, version 5 or 8, block by block.

Reading: a byte that is not UTF-8 is read as cp1252, as SAS on Windows writes it, and told. Blank
    text is null. A variable with the format of a date is a date where all its values are whole days
    of a calendar; a time of day stays a number of seconds. Of two datasets in a file neither is
    read.
"""

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cartrial import files
from cartrial.cdisc.dataset import Dataset, Variable, check_once
from cartrial.cdisc.xpt import ibm
from cartrial.cdisc.xpt.layout import (
    EPOCH,
    MEMBER,
    MEMBER_8,
    NUMBER_WIDTH,
    RECORD,
    Field,
    counts_days,
    counts_seconds,
    header,
    unpacked,
    word,
)
from cartrial.errors import DataError

BLOCK = 4 * 2**20  # bytes that are read at once, about
DAYS = (-138_061, 2_936_549)  # of the years 1582 to 9999, as SAS counts


@dataclass(frozen=True)
class Head:
    """What a file says of its dataset before the first observation."""

    name: str
    label: str
    fields: tuple[Field, ...]
    odd_bytes: int

    @property
    def length(self) -> int:
        """The bytes of one observation."""
        return max(field.start + field.width for field in self.fields)


def read_xpt(path: Path) -> tuple[Dataset, str | None]:
    """The dataset in a transport file, and a remark on how its bytes were read."""
    with files.reading(path) as file:
        head = _head(file, path.name)
        blocks = _blocks(file, head.length, path.name)
        parts = [_frame(block, head.fields) for block in blocks]
    frame = pl.concat([part for part, _ in parts])
    dated = frame.select(_dated(frame[field.name], field.format) for field in head.fields)
    variables = tuple(
        Variable(f.name, f.label, f.width if f.is_text else None, f.format) for f in head.fields
    )
    odd = head.odd_bytes + sum(number for _, number in parts)
    return Dataset(head.name, head.label, variables, dated), files.remark_on(odd)


# ---------------------------------------------------------------- the head
def _head(file: BinaryIO, place: str) -> Head:
    kind = _kind(file, place)
    is_8 = kind == b"LIBV8"
    _take(file, 2 * RECORD, place)  # who made the library, and when
    size = _number(_expect(file, "MEMBV8" if is_8 else "MEMBER", place)[74:78], place)
    _expect(file, "DSCPTV8" if is_8 else "DSCRPTR", place)
    name = word(_take(file, RECORD, place)[8 : 40 if is_8 else 16])
    label = word(_take(file, RECORD, place)[32:72])
    number = _number(_expect(file, "NAMSTV8" if is_8 else "NAMESTR", place)[48:58], place)
    raw = _take(file, number * size + -number * size % RECORD, place)
    each = [raw[start : start + size] for start in range(0, number * size, size)]
    said = [unpacked(about, long_names=is_8) for about in each]
    while not _begins(_take(file, RECORD, place), "OBSV8" if is_8 else "OBS"):
        if not is_8:  # version 8 may have long labels in between, which are cut here
            raise _broken(place)
    fields = tuple(field for field, _ in said)
    _check_fields(fields, place)
    return Head(name[0], label[0], fields, name[1] + label[1] + sum(odd for _, odd in said))


def _kind(file: BinaryIO, place: str) -> bytes:
    """How the file begins: with LIBRARY in version 5, with LIBV8 in version 8."""
    start = file.read(RECORD)
    begins = [header("LIBRARY"), header("LIBV8")]
    if not any(begin.startswith(start[:48]) for begin in begins):
        raise DataError(f"{place}: must be a SAS transport file, got something else")
    return start[20:28].rstrip()


def _check_fields(fields: tuple[Field, ...], place: str) -> None:
    if not fields:
        raise DataError(f"{place}: must have variables, got none")
    for field in fields:
        if field.width < 1 or field.start < 0 or (field.width > NUMBER_WIDTH and not field.is_text):
            raise _broken(place)
    check_once([field.name for field in fields], place=place)


def _take(file: BinaryIO, size: int, place: str) -> bytes:
    raw = file.read(size)
    if len(raw) < size:
        raise DataError(f"{place}: must be a whole SAS transport file, got a truncated one")
    return raw


def _expect(file: BinaryIO, kind: str, place: str) -> bytes:
    record = _take(file, RECORD, place)
    if not _begins(record, kind):
        raise _broken(place)
    return record


def _number(digits: bytes, place: str) -> int:
    if not digits.isdigit():
        raise _broken(place)
    return int(digits)


def _begins(record: bytes, kind: str) -> bool:
    return record.startswith(header(kind)[:48])


def _broken(place: str) -> DataError:
    must = "have the headers of a SAS transport file in their order"
    return DataError(f"{place}: must {must}, got a broken one")


# ---------------------------------------------------------------- the observations
def _blocks(file: BinaryIO, length: int, place: str) -> Iterator[NDArray[np.uint8]]:
    """The observations as rows of bytes; at least one block, which may be empty."""
    left = _count(file, length, place)
    step = RECORD * max(1, BLOCK // (RECORD * length))  # so that a block ends with a record
    while True:
        rows = min(step, left)
        raw = file.read(rows * length)
        if MEMBER in raw or MEMBER_8 in raw:
            raise DataError(f"{place}: must hold one dataset, got more. Give each its own file")
        yield np.frombuffer(raw, dtype=np.uint8).reshape(rows, length)
        left -= rows
        if not left:
            return


def _count(file: BinaryIO, length: int, place: str) -> int:
    """How many observations follow; the blanks that fill the last record up are none."""
    start = file.tell()
    size = file.seek(0, os.SEEK_END) - start
    rows, over = divmod(size, length)
    file.seek(-min(size, RECORD - 1), os.SEEK_END)
    end = file.read()
    file.seek(start)
    blanks = len(end) - len(end.rstrip(b" "))
    if size % RECORD or blanks < min(over, size):
        raise DataError(f"{place}: must be a whole SAS transport file, got a truncated one")
    return rows - max(0, (blanks - over) // length)


def _frame(block: NDArray[np.uint8], fields: tuple[Field, ...]) -> tuple[pl.DataFrame, int]:
    """The observations of a block, and how many bytes were not UTF-8."""
    columns, odd = [], 0
    for field in fields:
        cells = np.ascontiguousarray(block[:, field.start : field.start + field.width])
        if field.is_text:
            text, more = _text(cells)
            odd += more
            columns.append(text.alias(field.name))
        else:
            columns.append(_numbers(cells).alias(field.name))
    return pl.DataFrame(columns), odd


def _text(cells: NDArray[np.uint8]) -> tuple[pl.Series, int]:
    raw = cells.view(f"S{cells.shape[1]}").ravel().tolist()
    odd = 0
    try:
        text = pl.Series(raw, dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        read = [files.decoded(cell) for cell in raw]
        text, odd = pl.Series([cell for cell, _ in read]), sum(number for _, number in read)
    return text.str.strip_chars_end(" \0").replace("", None), odd


def _numbers(cells: NDArray[np.uint8]) -> pl.Series:
    whole = np.zeros((len(cells), NUMBER_WIDTH), dtype=np.uint8)
    whole[:, : cells.shape[1]] = cells
    return pl.Series(ibm.from_ibm(whole.view(">u8").ravel())).fill_nan(None)


def _dated(values: pl.Series, form: str) -> pl.Series:
    """A column with the format of a date as dates, where every value is one."""
    if counts_days(form) and values.is_between(*DAYS).all() and (values == values.floor()).all():
        return (values.cast(pl.Int32) + _days(EPOCH)).cast(pl.Date)
    if counts_seconds(form) and (values / 86_400).is_between(*DAYS).all():
        since_1970 = _days(EPOCH) * 86_400
        return ((values + since_1970) * 1e6).round().cast(pl.Int64).cast(pl.Datetime("us"))
    return values


def _days(date: dt.date) -> int:
    return (date - dt.date(1970, 1, 1)).days
