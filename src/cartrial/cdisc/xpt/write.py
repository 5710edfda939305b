"""Writing a dataset as a SAS transport file, version 5: the same dataset, the same bytes.

Reading: text is printable ASCII; a null is blank, or `.` for a number. Blanks at the end of text do
    not come back, as the format fills text up with them. Dates are DATE9., with a clock time
    DATETIME20., unless the variable names a format.
"""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from cartrial import files
from cartrial.cdisc.dataset import Dataset, fault, text_width
from cartrial.cdisc.xpt import ibm
from cartrial.cdisc.xpt.layout import (
    EPOCH,
    NUMBER_WIDTH,
    RECORD,
    START,
    Field,
    header,
    packed,
    padded,
)
from cartrial.errors import OutputError

NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}", re.IGNORECASE)
LONGEST_LABEL = 40  # characters
LABEL = re.compile(f"[ -~]{{0,{LONGEST_LABEL}}}")
MONTHS = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"
LONGEST = 200  # bytes of text
WHOLE = 2**53  # above it not every whole number is a double
RANGE = "0 or a number from 5.4e-79 to 7.2e75 in size, a whole one of at most 2**53"
OTHER_FORMATS = "Spell it in ASCII, or take json, ndjson, parquet or csv"
BLOCK = 2**20  # bytes that are written at once
SYSTEM = b"SAS     SAS     SASLIB  9.4     CARTRIAL" + b" " * 24
DESCRIBED = "000000000000000001600000000140"  # the length of what is said of one variable


def write_xpt(dataset: Dataset, path: Path, *, created: dt.datetime = START) -> None:
    """Write the dataset; `created` is the time that the file says it was made."""
    _check_names(dataset)
    fields = _fields(dataset)
    _check_end(dataset, fields)
    with files.writing(path) as file:
        file.write(_head(dataset, fields, _time(created)))
        written = 0
        for block in _blocks(dataset, fields):
            file.write(block.data)
            written += block.size
        file.write(b" " * (-written % RECORD))


def _check_names(dataset: Dataset) -> None:
    for place, name, label in (
        (dataset.name, dataset.name, dataset.label),
        *((f"{dataset.name}: {v.name}", v.name, v.label) for v in dataset.variables),
    ):
        if not NAME.fullmatch(name):
            must = "have a name of at most 8 letters, digits and _, the first no digit"
            raise OutputError(f"{place}: must {must}, got {name}")
        if not LABEL.fullmatch(label):
            must = f"have a label of at most {LONGEST_LABEL} characters of printable ASCII"
            raise OutputError(f"{place}: must {must}, got {len(label)} in {label}")


# ---------------------------------------------------------------- the head
def _fields(dataset: Dataset) -> list[Field]:
    """Where each variable lies."""
    fields: list[Field] = []
    start = 0
    for variable in dataset.variables:
        dtype = dataset.frame.schema[variable.name]
        is_text = dtype == pl.String
        width = text_width(dataset, variable, most=LONGEST) if is_text else NUMBER_WIDTH
        form = variable.format or usual_format(dtype)
        fields.append(Field(variable.name, variable.label, is_text, width, start, form))
        start += width
    return fields


def usual_format(dtype: pl.DataType) -> str:
    """The format of a variable that names none: of dates, or empty."""
    return "DATE9." if dtype == pl.Date else "DATETIME20." if dtype == pl.Datetime else ""


def _check_end(dataset: Dataset, fields: list[Field]) -> None:
    """Stop at a last record that would be taken for the blanks that fill the file up."""
    short = sum(field.width for field in fields) < RECORD and all(field.is_text for field in fields)
    if not short or not dataset.frame.height:
        return
    if not any((cell or "").strip(" ") for cell in dataset.frame.row(-1)):
        place = dataset.place(dataset.frame.height - 1)
        raise OutputError(f"{place}: the last record must hold a value, got none")


def _time(moment: dt.datetime) -> bytes:
    month = MONTHS[3 * moment.month - 3 : 3 * moment.month]
    return f"{moment:%d}{month}{moment:%y:%H:%M:%S}".encode()


def _head(dataset: Dataset, fields: list[Field], created: bytes) -> bytes:
    member = b"SAS     " + dataset.name.encode().ljust(8) + b"SASDATA " + SYSTEM[24:]
    about = b"".join(packed(field, number) for number, field in enumerate(fields, start=1))
    return b"".join(
        (
            header("LIBRARY"),
            SYSTEM + created,
            padded(created),
            header("MEMBER", DESCRIBED),
            header("DSCRPTR"),
            member + created,
            padded(created.ljust(32) + dataset.label.encode()),
            header("NAMESTR", f"000000{len(fields):04}"),
            padded(about),
            header("OBS"),
        )
    )


# ---------------------------------------------------------------- the observations
def _blocks(dataset: Dataset, fields: list[Field]) -> Iterator[NDArray[np.uint8]]:
    length = sum(field.width for field in fields)
    rows = max(1, BLOCK // length)
    for part in dataset.frame.iter_slices(rows):
        block = np.empty((part.height, length), dtype=np.uint8)
        for field in fields:
            values = part[field.name]
            cells = _text if field.is_text else _numbers
            place = slice(field.start, field.start + field.width)
            block[:, place] = cells(dataset, field, values)
        yield block


def _text(dataset: Dataset, field: Field, values: pl.Series) -> NDArray[np.uint8]:
    whole = values.fill_null("").str.pad_end(field.width).str.join("").item().encode()
    cells = np.frombuffer(whole, dtype=np.uint8)
    if ((cells < ord(" ")) | (cells > ord("~"))).any():
        odd = dataset.frame[field.name].str.contains("[^ -~]").fill_null(False)
        got = "another character, not shown here"
        raise fault(dataset, field.name, odd, "be printable ASCII", got, OTHER_FORMATS)
    return cells.reshape(-1, field.width)


def _numbers(dataset: Dataset, field: Field, values: pl.Series) -> NDArray[np.uint8]:
    if _unfit(values).any():
        bad = _unfit(dataset.frame[field.name])
        got = str(dataset.frame[field.name].filter(bad)[0])
        raise fault(dataset, field.name, bad, f"be {RANGE}", got)
    numbers = _counted(values).to_numpy()
    return ibm.to_ibm(numbers).view(np.uint8).reshape(-1, NUMBER_WIDTH)


def _unfit(values: pl.Series) -> pl.Series:
    """Which numbers cannot be said exactly."""
    if values.dtype.is_integer():
        return ((values > WHOLE) | (values < -WHOLE)).fill_null(False)
    numbers = _counted(values)
    return (pl.Series(~ibm.fits(numbers.to_numpy())) | numbers.is_nan()).fill_null(False)


def _counted(values: pl.Series) -> pl.Series:
    """Numbers as they are; dates in days and moments in seconds since the start of 1960."""
    if values.dtype == pl.Date:
        return (values - EPOCH).dt.total_days().cast(pl.Float64)
    if values.dtype == pl.Datetime:
        return (values - START).dt.total_microseconds() / 1e6
    return values.cast(pl.Float64)
