"""One finding for many records of an analysis, and the rows that it is about."""

from collections.abc import Mapping

import polars as pl

from cartrial.schema import Finding

Tables = Mapping[str, pl.DataFrame]


def summed(
    table: str,
    rows: pl.DataFrame,
    column: str,
    must: str,
    got: str,
    remedy: str = "",
    *,
    what: str = "record",
) -> Finding | None:
    """One finding for all rows, naming the first subject; none without rows."""
    if rows.is_empty():
        return None
    first = rows["USUBJID"].sort()[0]
    count = f"{rows.height} {what}" + ("s" if rows.height > 1 else "")
    where = f"{count}, first subject {first}"
    return Finding(table, where, column, must, got, remedy, severity="warning")


def rows_of(tables: Tables, name: str, *conditions: pl.Expr) -> pl.DataFrame:
    """The rows of a dataset that meet the conditions; none where it was not derived."""
    if name not in tables:
        return pl.DataFrame(schema={"USUBJID": pl.String})
    return tables[name].filter(*conditions)
