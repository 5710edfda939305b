"""Reading a dataset from Dataset-JSON, block by block.

Reading: a date or date and time without a target data type stays text, as it may be partial. A
    number in a column of text is read as text, an empty text in any column as null. A column must
    have a name and a type; its label, length and format may be missing. A byte that is not UTF-8 is
    read as cp1252, and told.
"""

import json
import re
from collections.abc import Sequence
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any

import polars as pl

from cartrial import files
from cartrial.cdisc.dataset import Dataset, Variable, check_once
from cartrial.errors import DataError

BLOCK = 20_000  # rows that are converted at once
BLANKS = re.compile(r"[ \t\r\n]*")
DECODER = json.JSONDecoder(parse_constant=str)  # NaN and Infinity are no JSON
TYPES: dict[str, pl.DataType] = {
    **dict.fromkeys(("string", "URI", "time", "date", "datetime"), pl.String()),
    **dict.fromkeys(("decimal", "float", "double"), pl.Float64()),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
}
DATES: dict[str, pl.Date | pl.Datetime] = {"date": pl.Date(), "datetime": pl.Datetime("us")}
SAID: dict[pl.DataType, str] = {
    pl.String(): "text",
    pl.Float64(): "a number",
    pl.Int64(): "a whole number",
    pl.Boolean(): "true or false",
    pl.Date(): "a date as YYYY-MM-DD",
    pl.Datetime("us"): "a date and time as YYYY-MM-DDTHH:MM:SS",
}

Rows = list[Any]


def read_dataset_json(path: Path) -> tuple[Dataset, str | None]:
    """The dataset in a Dataset-JSON file, and a remark on how its bytes were read."""
    read = _lines if path.suffix.lower() == ".ndjson" else _object
    about, frame, odd = read(path)
    if about.get("records", frame.height) != frame.height:
        must = f"hold {about['records']} rows, as its metadata say"
        raise DataError(f"{path.name}: must {must}, got {frame.height}. Is it truncated?")
    variables = tuple(
        Variable(
            column["name"],
            column.get("label", ""),
            column.get("length"),
            column.get("displayFormat", ""),
            column.get("keySequence"),
        )
        for column in about["columns"]
    )
    dataset = Dataset(about.get("name", ""), about.get("label", ""), variables, frame)
    return dataset, files.remark_on(odd)


# ---------------------------------------------------------------- NDJSON
def _lines(path: Path) -> tuple[dict[str, Any], pl.DataFrame, int]:
    """The metadata, the rows, and how many bytes were not UTF-8."""
    with files.reading(path) as file:
        first, odd = files.decoded(file.readline())
        about = _about(_loaded(first.removeprefix("\ufeff"), path.name, 1), path.name)
        frames = [_frame([], about["columns"], 1, path.name)]
        line = 2
        while raw := list(islice(file, BLOCK)):
            text, more = files.decoded(b"".join(raw))
            rows = _rows(text, path.name, line)
            frames.append(_frame(rows, about["columns"], line - 1, path.name))
            odd += more
            line += len(raw)
    return about, pl.concat(frames), odd


def _rows(text: str, place: str, line: int) -> Rows:
    lines = [one for one in text.split("\n") if one.strip()]
    try:
        rows: Rows = json.loads(f"[{','.join(lines)}]", parse_constant=str)
    except json.JSONDecodeError:
        rows = []
    if len(rows) == len(lines):
        return rows
    return [_loaded(one, place, line + number) for number, one in enumerate(lines)]


def _loaded(text: str, place: str, line: int) -> Any:
    try:
        return json.loads(text, parse_constant=str)
    except json.JSONDecodeError as broken:
        raise DataError(f"{place}: line {line}: must be JSON, got {broken.msg.lower()}") from None


# ---------------------------------------------------------------- JSON
def _object(path: Path) -> tuple[dict[str, Any], pl.DataFrame, int]:
    """The metadata, the rows, and how many bytes were not UTF-8."""
    text = files.read_text(path)
    try:
        about, frame = _parsed(text.content, path.name)
    except json.JSONDecodeError as broken:
        place = f"{path.name}: line {broken.lineno}"
        raise DataError(f"{place}: must be JSON, got {broken.msg.lower()}") from None
    return about, frame, text.odd_bytes


def _parsed(text: str, place: str) -> tuple[dict[str, Any], pl.DataFrame]:
    """The parts of the object, in their order: rows that follow the columns are never all held."""
    about: dict[str, Any] = {}
    frame = None
    if not text.lstrip().startswith("{"):
        raise DataError(f"{place}: must be Dataset-JSON 1.1, got something else")
    more, at = _past(text, 0, "{", end="}")
    while more:
        name, at = DECODER.raw_decode(text, at)
        _, at = _past(text, at, ":")
        if name == "rows" and "columns" in about:
            frame, at = _rows_at(text, at, _about(about, place)["columns"], place)
        else:
            about[name], at = DECODER.raw_decode(text, at)
        more, at = _past(text, at, ",", end="}")
    if frame is None:
        rows = about.pop("rows", [])
        frame = _frame(rows, _about(about, place)["columns"], 1, place)
    return about, frame


def _rows_at(
    text: str, at: int, columns: list[dict[str, Any]], place: str
) -> tuple[pl.DataFrame, int]:
    """The rows that begin here, and where they end."""
    frames = [_frame([], columns, 1, place)]
    rows: Rows = []
    first = 1
    more, at = _past(text, at, "[", end="]")
    while more:
        row, at = DECODER.raw_decode(text, at)
        rows.append(row)
        more, at = _past(text, at, ",", end="]")
        if len(rows) == BLOCK or not more:
            frames.append(_frame(rows, columns, first, place))
            first += len(rows)
            rows = []
    return pl.concat(frames), at


def _past(text: str, at: int, mark: str, *, end: str = "") -> tuple[bool, int]:
    """Whether a value follows the mark, rather than the end, and where."""
    at = _past_blanks(text, at)
    found = text[at : at + 1]
    if found == mark:
        at = _past_blanks(text, at + 1)
        if mark == "," or text[at : at + 1] != end:
            return True, at
        found = end
    if not found or found != end:
        raise json.JSONDecodeError(f"expecting '{mark}'", text, at)
    return False, at + 1


def _past_blanks(text: str, at: int) -> int:
    match = BLANKS.match(text, at)
    return match.end() if match else at


# ---------------------------------------------------------------- both
def _about(about: Any, place: str) -> dict[str, Any]:
    """The metadata, which hold at least a name and a type for each column."""
    columns = about.get("columns") if isinstance(about, dict) else None
    if not isinstance(columns, list) or not columns:
        raise DataError(f"{place}: must be Dataset-JSON 1.1 with columns, got none")
    for number, column in enumerate(columns, start=1):
        name = column.get("name") if isinstance(column, dict) else None
        if not isinstance(name, str):
            raise DataError(f"{place}: column {number}: must have a name, got none")
        if column.get("dataType") not in TYPES:
            got = column.get("dataType", "none")
            raise DataError(f"{place}: {name}: must have a data type of the standard, got {got}")
    check_once([column["name"] for column in columns], place=place)
    return dict(about)


def _frame(rows: Rows, columns: list[dict[str, Any]], first: int, place: str) -> pl.DataFrame:
    """A block of rows, of which the first has the number `first` in the file."""
    for number, row in enumerate(rows, start=first):
        if not isinstance(row, list) or len(row) != len(columns):
            got = f"{len(row)}" if isinstance(row, list) else "something else"
            must = f"be a list of {len(columns)} values"
            raise DataError(f"{place}: row {number}: must {must}, got {got}")
    cells = zip(*rows, strict=True) if rows else [()] * len(columns)
    return pl.DataFrame(
        [
            _series(column, values, first, place)
            for column, values in zip(columns, cells, strict=True)
        ]
    )


def _series(column: dict[str, Any], cells: Sequence[Any], first: int, place: str) -> pl.Series:
    name, dtype = column["name"], TYPES[column["dataType"]]
    try:
        values = pl.Series(name, cells, dtype, strict=True)
    except TypeError:
        values = pl.Series(name, [_value(cell, dtype) for cell in cells], dtype, strict=True)
    if dtype == pl.String:
        values = values.replace("", None)
    if column["dataType"] in DATES and column.get("targetDataType") == "integer":
        dtype = date = DATES[column["dataType"]]
        values = values.str.strptime(date, strict=False)
    unread = [n for n in values.is_null().arg_true() if cells[n] not in (None, "")]
    if unread:
        must = f"be {SAID[dtype]}, as its column says"
        got = "a value that is not shown here"
        raise DataError(f"{place}: row {first + unread[0]}: {name}: must {must}, got {got}")
    return values


def _value(cell: Any, dtype: pl.DataType) -> Any:
    """The value in a cell of another type than its column's; null where it cannot be one."""
    if isinstance(cell, bool) or not isinstance(cell, str | int | float):
        return cell if isinstance(cell, bool) and dtype == pl.Boolean else None
    try:
        if dtype == pl.String:
            return str(cell)
        number = float(cell)
    except (ValueError, OverflowError):
        return None
    if dtype == pl.Float64 and isfinite(number):
        return number
    if dtype == pl.Int64 and number.is_integer() and abs(number) < 2**63:
        return int(cell)
    return None
