"""From text to the types of a declared table and back; what cannot be read is null, unchecked."""

from collections.abc import Callable, Collection, Sequence
from functools import cache
from typing import TypeVar, cast

import polars as pl

from cartrial.schema.declare import Column, DataFrame, Table, columns

T = TypeVar("T", bound=Table)

YES, NO = ("yes", "y", "true", "1"), ("no", "n", "false", "0")
MOMENTS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
FEW = 32  # rows that are as soon read as tried


def is_typed(column: Column, dtype: pl.DataType) -> bool:
    """Whether cells of this type are the numbers that the column declares."""
    return column.kind in ("number", "count") and (dtype == pl.Float64 or dtype.is_integer())


def typed(table: type[Table], raw: pl.DataFrame) -> pl.DataFrame:
    """The table in a frame of text, nothing checked: what is absent or cannot be read is null.

    Numbers in columns of numbers may have their type already.
    """
    return read_text(table, stripped(table, raw))


def to_text(table: type[Table], frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """The table as text, as it is written to a file; null is empty. `parse` gives it back.

    Where columns are named, those alone.
    """
    if not names:
        return frame.select(_texts(table))
    return frame.select(_as_text(column) for column in columns(table) if column.name in names)


def from_text(table: type[T], text: pl.DataFrame) -> DataFrame[T]:
    """The table of which `to_text` made this, all its columns there; nothing is checked again."""
    return cast("DataFrame[T]", read_text(table, text))


def stripped(table: type[Table], raw: pl.DataFrame) -> pl.DataFrame:
    """The declared columns without blanks around their text; an empty cell is null."""
    cells = pl.DataFrame([_cells(column, raw) for column in columns(table)])
    text = [name for name, dtype in cells.schema.items() if dtype == pl.String]
    return _each(cells, text, lambda cell: cell.str.strip_chars().replace("", None))


def _cells(column: Column, raw: pl.DataFrame) -> pl.Series:
    if column.name not in raw.columns:
        return pl.repeat(None, raw.height, dtype=pl.String, eager=True).alias(column.name)
    cells = raw[column.name]
    return cells if is_typed(column, cells.dtype) else cells.cast(pl.String)


def read_text(table: type[Table], cells: pl.DataFrame) -> pl.DataFrame:
    """The cells, stripped, as they are declared."""
    partial = [column.name for column in columns(table) if column.kind == "partial"]
    dated = _each(cells, partial, _if_exists)
    whole = tuple(name for name, dtype in dated.schema.items() if dtype.is_integer())
    return dated.select(_declared(table, whole))


@cache
def _declared(table: type[Table], whole: Collection[str]) -> list[pl.Expr]:
    """Each column as it is declared; those of `whole` hold whole numbers already."""
    return [_as_declared(column, column.name in whole) for column in columns(table)]


def _each(
    cells: pl.DataFrame, names: Sequence[str], read: Callable[[pl.Expr], pl.Expr]
) -> pl.DataFrame:
    """The named columns as `read` has them: of many rows, it is tried on what is distinct first."""
    changed = list(names)
    if names and cells.height > FEW:
        distinct = cells.select(pl.col(name).drop_nulls().unique().implode() for name in names)
        said = {name: pl.col(name).explode() for name in names}
        changes = distinct.select(read(text).ne_missing(text).any() for text in said.values())
        changed = [name for name in names if changes[name].item()]
    return cells.with_columns(read(pl.col(name)).alias(name) for name in changed)


def _as_declared(column: Column, is_whole: bool) -> pl.Expr:
    """A cell as what the column declares."""
    cell = pl.col(column.name)
    match column.kind:
        case "number":
            read = cell.cast(pl.Float64, strict=False)
            return pl.when(read.is_finite()).then(read).alias(column.name)
        case "count" if is_whole:
            return cell.cast(pl.Int64, strict=False)
        case "count":
            whole = cell.cast(pl.Float64, strict=False)
            return pl.when(whole == whole.round(0)).then(whole.cast(pl.Int64, strict=False))
        case "flag":
            low = cell.str.to_lowercase()
            yes_no = pl.when(low.is_in(YES)).then(True).when(low.is_in(NO)).then(False)
            return yes_no.alias(column.name)
        case "date":
            return cell.str.to_date("%Y-%m-%d", strict=False)
        case "moment":
            return pl.coalesce(
                cell.str.to_datetime(form, strict=False, time_unit="us") for form in MOMENTS
            )
        case _:
            return cell


def _if_exists(cell: pl.Expr) -> pl.Expr:
    """The date where the parts that are given are a real calendar date and clock time."""
    whole = cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    month = (cell + "-01").str.to_date("%Y-%m-%d", strict=False).is_not_null()
    timed = pl.coalesce(
        cell.str.to_datetime(form, strict=False, time_unit="us") for form in MOMENTS[:2]
    ).is_not_null()
    length = cell.str.len_chars()
    exists = (
        pl.when(length == 4)
        .then(cell.str.contains(r"^\d{4}$"))
        .when(length == 7)
        .then(month)
        .when(length == 10)
        .then(whole)
        .otherwise(timed)
    )
    return pl.when(exists).then(cell)


@cache
def _texts(table: type[Table]) -> list[pl.Expr]:
    return [_as_text(column) for column in columns(table)]


def _as_text(column: Column) -> pl.Expr:
    cell = pl.col(column.name)
    match column.kind:
        case "number":
            whole = (cell == cell.round(0)) & (cell.abs() < 1e15)
            plain = pl.when(whole).then(cell.cast(pl.Int64, strict=False).cast(pl.String))
            return plain.otherwise(cell.cast(pl.String)).alias(column.name)
        case "flag":
            yes_no = pl.when(cell).then(pl.lit("yes")).when(~cell).then(pl.lit("no"))
            return yes_no.alias(column.name)
        case "date":
            return cell.dt.strftime("%Y-%m-%d")
        case "moment":
            return cell.dt.strftime("%Y-%m-%dT%H:%M:%S").str.strip_suffix(":00")
        case _:
            return cell.cast(pl.String)
