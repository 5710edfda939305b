"""A dataset as it travels: its records, and what a file says of each variable.

The type of a variable is that of its column: text, number, date, date and time.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cartrial import schema as s
from cartrial.errors import DataError, OutputError

START = dt.datetime(1960, 1, 1)  # when a file says it was made, unless it is told: no clock is read


@dataclass(frozen=True)
class Variable:
    """What a file says of one variable.

    `length` is that of text, in bytes; without one the longest value gives it. `key` counts the
    variables of the key from 1.
    """

    name: str
    label: str
    length: int | None = None
    format: str = ""
    key: int | None = None


@dataclass(frozen=True)
class Dataset:
    """One dataset: a variable for each column of its frame, in the same order."""

    name: str
    label: str
    variables: tuple[Variable, ...]
    frame: pl.DataFrame

    def place(self, row: int) -> str:
        """A record as a message names it: the dataset, and the record's key or number."""
        keyed = sorted((v for v in self.variables if v.key), key=lambda v: v.key or 0)
        parts = [f"{v.name} {self.frame[v.name][row]}" for v in keyed] or [f"row {row + 1}"]
        return f"{self.name}: {', '.join(parts)}"


def to_dataset(
    name: str,
    table: type[s.Table],
    frame: pl.DataFrame,
    *,
    label: str = "",
) -> Dataset:
    """The columns of a declared table that the frame has, in the frame's order.

    Without a label the dataset has that of the table.
    """
    declared = {column.name: column for column in s.columns(table)}
    keys = [column.name for column in declared.values() if column.key]
    variables = tuple(
        Variable(
            column,
            declared[column].label,
            key=keys.index(column) + 1 if column in keys else None,
        )
        for column in frame.columns
    )
    own = s.title(table).partition(":")[0].partition(" (")[0]
    return Dataset(name, label or own, variables, frame)


def dataset_oid(dataset: str) -> str:
    """The identifier of a dataset in define.xml and Dataset-JSON."""
    return f"IG.{dataset}"


def variable_oid(dataset: str, variable: str) -> str:
    """The identifier of a variable in define.xml and Dataset-JSON."""
    return f"IT.{dataset}.{variable}"


def check_once(names: Sequence[str], *, place: str) -> None:
    """Stop at a variable that stands twice in a file."""
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{place}: a variable must stand once, got {twice} twice")


def text_width(dataset: Dataset, variable: Variable, *, most: int | None = None) -> int:
    """The length of a text variable in bytes: as declared, else of its longest value, at least 1.

    A value that is longer than declared, or than `most`, is an error.
    """
    values = dataset.frame[variable.name]
    longest = longest_text(values)
    limit = min(n for n in (variable.length, most, longest) if n is not None)
    if longest > limit:
        lengths = values.str.len_bytes().fill_null(0)
        long = lengths > limit
        must = f"be at most {limit} bytes of text"
        raise fault(dataset, variable.name, long, must, str(lengths.filter(long)[0]))
    return variable.length or max(longest, 1)


def longest_text(values: pl.Series) -> int:
    """The bytes of the longest text of a column; 0 where there is none."""
    return int(values.str.len_bytes().fill_null(0).to_numpy().max(initial=0))


def fault(
    dataset: Dataset, name: str, bad: pl.Series, must: str, got: str, remedy: str = ""
) -> OutputError:
    """The error for the values of a variable that are `bad`: the record of the first, how many."""
    first = dataset.place(bad.arg_max() or 0)
    more = f"; {bad.sum()} values in all" if bad.sum() > 1 else ""
    way = f". {remedy}" if remedy else ""
    return OutputError(f"{first}: {name}: must {must}, got {got}{more}{way}")
