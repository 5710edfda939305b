"""How a hand-made figure and its tables are put together."""

from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.results.result import Figure, Section

Drawn = tuple[Figure, dict[str, pl.DataFrame]]
Rows = list[tuple[object, ...]]
Tables = dict[str, pl.DataFrame]


def drawn(section: Section, id_: str, kind: Any, x: str, y: str, data: Tables) -> Drawn:
    """A figure of a section with its tables."""
    title = f"The figure {id_}"
    return Figure(id_, section, kind, title, "Infused subjects", x, y, tuple(data)), data


def frame(table: type[s.Table], rows: Rows) -> pl.DataFrame:
    """Rows in the order of the table's columns, which keep to the table."""
    schema = s.empty(table).schema
    return table.validate(pl.DataFrame(rows, schema=schema, orient="row"), cast=True)
