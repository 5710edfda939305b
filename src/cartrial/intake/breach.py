"""Rows that break what their own system says of a column: held, each with its line.

Reading: a cell with a code for missing data keeps to every column. A moment may name its time zone
    and parts of a second. Free text breaks nothing, so it is never repeated.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.intake.source import LINE, SourceColumn, SourceTable

MOMENTS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")
SHOWN = 40  # characters of a value that a message repeats
HIDDEN = "a value that is not shown here"
BIRTH = re.compile(r"birth|born|dob|geburt|naissance", re.IGNORECASE)
LISTED = 8  # choices that a message names
MUST = {
    "number": "be a number",
    "count": "be a whole number",
    "date": "be a date as YYYY-MM-DD",
    "moment": "be a date and time as YYYY-MM-DD HH:MM",
}
EXPORT = "A spreadsheet may have changed it: export the file again"
CODED = "If it is a code for missing data, name it as one"
REMEDY = {"number": CODED, "count": CODED, "date": EXPORT, "moment": EXPORT}


def without_breaches(
    table: SourceTable, *, keys: Sequence[str], private: Collection[str] = ()
) -> tuple[SourceTable, list[s.Finding]]:
    """The table without the rows that break it, and what each breaks; `keys` name a row.

    What stands in a column of `private`, or in one of a birth, is not repeated.
    """
    rules = [(column, _keeps(column)) for column in table.columns]
    broken = table.cells.select(
        _breaks(column, keeps).alias(column.name) for column, keeps in rules if keeps is not None
    )
    odd = broken.select(pl.all().any())
    faults = [
        _finding(table, column, row, keys, hidden=column.name in private or _is_birth(column))
        for column in table.columns
        if column.name in odd.columns and odd[column.name].item()
        for row in table.cells.filter(broken[column.name]).iter_rows(named=True)
    ]
    if not faults:
        return table, []
    faults.sort(key=lambda fault: fault.line or 0)
    kept = table.cells.filter(~broken.fold(lambda one, other: one | other))
    return SourceTable(table.name, kept, table.columns, table.place), faults


def _breaks(column: SourceColumn, keeps: pl.Expr) -> pl.Expr:
    cell = pl.col(column.name)
    return ~(cell.is_null() | cell.is_in(list(column.missing)) | keeps)


def _keeps(column: SourceColumn) -> pl.Expr | None:
    """Whether a cell is what its column says; null for a column that says nothing."""
    cell = pl.col(column.name)
    if column.choices:
        return cell.is_in(list(column.choices))
    match column.kind:
        case "number":
            return cell.cast(pl.Float64, strict=False).is_finite().fill_null(False)
        case "count":
            return cell.cast(pl.Int64, strict=False).is_not_null()
        case "date":
            return cell.str.to_date("%Y-%m-%d", strict=False).is_not_null()
        case "moment":
            bare = cell.str.replace(r"(\.\d+)?(Z|[+-]\d{2}:\d{2})?$", "")
            read = (bare.str.to_datetime(form, strict=False) for form in MOMENTS)
            return pl.coalesce(read).is_not_null()
        case _:
            return None


def _is_birth(column: SourceColumn) -> bool:
    return BIRTH.search(f"{column.name} {column.label}") is not None


def _finding(
    table: SourceTable,
    column: SourceColumn,
    row: dict[str, Any],
    keys: Sequence[str],
    *,
    hidden: bool,
) -> s.Finding:
    got = row[column.name]
    if column.choices:
        listed = [f"{code} ({words})" for code, words in column.choices.items()]
        more = ", ..." if len(listed) > LISTED else ""
        must = f"be one of {', '.join(listed[:LISTED])}{more}"
        remedy = "Name the code in the metadata, or mend the value"
    else:
        must, remedy = MUST[column.kind], REMEDY[column.kind]
    named = ", ".join(f"{name} {row[name]}" for name in keys if row.get(name) is not None)
    shown = HIDDEN if hidden else got if len(got) <= SHOWN else got[:SHOWN] + "..."
    return s.Finding(table.place, named, column.name, must, shown, remedy, line=row[LINE])
