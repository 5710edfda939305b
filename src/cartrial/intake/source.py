"""What another system holds: its flat tables as they stand there, every cell as text.

A reader of a system (CSV, Excel, REDCap, ODM) makes a `Source` and decides nothing: which column
fills which field of a form is the matter of the plan (`intake.plan`).

Reading: the frame of a table has a column `line`, the line or row of the file as its user counts
    it; an empty cell is null. A date that the system holds as a date stands as ISO 8601 and has
    the kind `date` or `moment`, so that its order is not in question.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

import polars as pl

from cartrial import schema as s

LINE = "line"  # the column of a table that says where a row stands

Kind = Literal["", "text", "code", "number", "count", "flag", "date", "moment"]


@dataclass(frozen=True)
class SourceColumn:
    """A column as its system describes it; what it does not say is empty.

    `choices`: the code that a cell may hold, and its words; a cell may hold either. `missing`:
    codes that stand for no value, and why. `of`: the field that the column is one choice of.
    """

    name: str
    label: str = ""
    kind: Kind = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    unit: str = ""
    of: str = ""
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceTable:
    """One flat table; `place` is what a user calls it, such as `Labs.xlsx, sheet CBC`."""

    name: str
    cells: pl.DataFrame
    columns: tuple[SourceColumn, ...]
    place: str

    def column(self, name: str) -> SourceColumn | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def shape(self) -> str:
        """SHA-256 of the names of the columns, in their order."""
        return sha256("\n".join(column.name for column in self.columns).encode()).hexdigest()


@dataclass(frozen=True)
class Source:
    """The tables of a file or a folder, how they were read, and the rows that could not be."""

    tables: tuple[SourceTable, ...]
    remarks: tuple[str, ...] = ()
    held: tuple[s.Finding, ...] = ()
