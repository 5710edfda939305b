"""What is being typed, as far as it can be read: a cell that its declaration refuses is unknown."""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.capture.ledger.row import CAPTURED, Row, read_row

Cells = Mapping[str, str]


def readable(form: str, cells: Cells) -> tuple[Row | None, tuple[str, ...]]:
    """The row without the cells that cannot be read, and their labels; null where none is left."""
    labels = {column.name: column.label for column in s.columns(CAPTURED[form])}
    left, refused = dict(cells), dict[str, str]()
    for _ in range(len(labels) + 1):
        row, findings = read_row(form, left)
        named = [f.column for f in s.errors(findings) if left.get(f.column)]
        if row is not None or not named:
            return row, tuple(refused.values())
        for name in named:
            refused[name] = labels[name]
            del left[name]
    return None, tuple(refused.values())


def table_of(form: str, rows: list[Row]) -> pl.DataFrame:
    """Rows as their declared table."""
    table = CAPTURED[form]
    schema = dict.fromkeys(table.columns(), pl.String)
    texts = pl.DataFrame([dict(row.cells) for row in rows], schema=schema)
    return table.cast(s.typed(table, texts))
