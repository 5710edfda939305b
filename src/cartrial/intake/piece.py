"""The rows that one table gives to one form, as text in the form's own way.

A row of a cell that cannot be read is held, with its finding; a row whose word the plan leaves out
is counted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import FORMS
from cartrial.intake.plan.cell import LeftOut, Read, Refused, read_cell
from cartrial.intake.plan.model import Fill, Filling
from cartrial.intake.plan.subject import is_like
from cartrial.intake.source import LINE, SourceTable

PLACE, AT, COUNT = "\x00place", "\x00line", "\x00count"
HIDDEN = "a value that is not shown here"
SHOWN = 40  # characters of a value that a message repeats

Row = Mapping[str, Fill]


@dataclass
class Piece:
    """The rows of a form from one table, filled in one way; what is held is added as it is found.

    `frame` has the fields of the form, with the place and the line of each row.
    """

    table: SourceTable
    form: str
    row: Row
    frame: pl.DataFrame
    rows: int
    left_out: int
    faults: list[s.Finding]
    same: int = 0
    held: set[int] = field(default_factory=set)

    def hold(self, fault: s.Finding, line: int) -> None:
        """Note that a row is held, and why."""
        self.faults.append(fault)
        self.held.add(line)


@dataclass(frozen=True)
class _Filled:
    """One field of every row: its text, which rows are left out, and what cannot be read."""

    texts: pl.Series
    left_out: pl.Series
    faults: tuple[s.Finding, ...] = ()


def pieces(table: SourceTable, filling: Filling) -> Iterator[Piece]:
    """The rows of the form, for each of the columns that give a row of their own."""
    for number, row in enumerate(filling.rows()):
        part = filling.each[number] if filling.each else row
        yield _piece(table, filling.form, row, [f.column for f in part.values() if f.column])


def _piece(table: SourceTable, form: str, row: Row, needed: Sequence[str]) -> Piece:
    """The rows of the form where one of the columns `needed` says anything."""
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in needed) if needed else True
    rows = _with_missing(table.cells, row).with_columns(_counted(row)).filter(some)
    filled = {column.name: _filled(rows, column, row, table) for column in s.columns(FORMS[form])}
    frame = rows.select(pl.lit(table.place).alias(PLACE), pl.col(LINE).alias(AT)).with_columns(
        one.texts.alias(name) for name, one in filled.items()
    )
    out = pl.Series([False] * rows.height, dtype=pl.Boolean)
    for one in filled.values():
        out |= one.left_out
    gone = set(frame.filter(out)[AT].to_list())
    faults = [f for one in filled.values() for f in one.faults if f.line not in gone]
    held = {fault.line for fault in faults if fault.line is not None}
    kept = frame.filter(~out, ~pl.col(AT).is_in(list(held)))
    return Piece(table, form, row, kept, rows.height, len(gone), faults, held=held)


def _filled(rows: pl.DataFrame, column: s.Column, row: Row, table: SourceTable) -> _Filled:
    """One field of every row."""
    fill, none = row.get(column.name), pl.Series([False] * rows.height, dtype=pl.Boolean)
    if fill is None:
        return _Filled(pl.Series([None] * rows.height, dtype=pl.String), none)
    cells = _cells(rows, fill, column)
    read = {cell: _read(cell, fill, column, table) for cell in cells.unique().to_list()}
    texts = {cell: value for cell, value in read.items() if isinstance(value, str)}
    gone = [cell for cell, value in read.items() if isinstance(value, LeftOut)]
    return _Filled(
        pl.Series([texts.get(cell) for cell in cells.to_list()], dtype=pl.String),
        cells.is_in(gone).fill_null(False) if gone else none,
        tuple(_refused(rows, cells, read, column, row, table)),
    )


def _with_missing(cells: pl.DataFrame, row: Row) -> pl.DataFrame:
    """The cells with an empty column for each that the plan knows and the source has not."""
    named = [name for fill in row.values() for name in (fill.column, fill.time) if name]
    lacking = [name for name in dict.fromkeys(named) if name not in cells.columns]
    return cells.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in lacking)


def _counted(row: Row) -> list[pl.Expr]:
    """The number of each row among those of its subject, before any is held."""
    subject = row.get("subject")
    nth = pl.int_range(1, pl.len() + 1).cast(pl.String)
    by = nth.over(subject.column) if subject is not None and subject.column else nth
    return [by.alias(COUNT)]


def _cells(rows: pl.DataFrame, fill: Fill, column: s.Column) -> pl.Series:
    """The cells that a field is read from; a clock time of its own stands after a mark."""
    if fill.counted:
        return rows[COUNT]
    if fill.always:
        return pl.Series([fill.always] * rows.height, dtype=pl.String)
    if not fill.time:
        return rows[fill.column]
    both = pl.concat_str(fill.column, pl.lit("\x00"), fill.time, ignore_nulls=True)
    clock = pl.when(pl.col(fill.column).is_not_null()).then(
        pl.when(pl.col(fill.time).is_null()).then(pl.col(fill.column)).otherwise(both)
    )
    return rows.select(clock.alias(column.name))[column.name]


def _read(cell: str | None, fill: Fill, column: s.Column, table: SourceTable) -> Read:
    if fill.always or fill.counted:
        return cell
    read = read_cell(cell, fill, column)
    described = table.column(fill.column)
    if cell is not None and fill.like and not is_like(cell, fill.like):
        return Refused(f"look like {fill.like}, as the plan says")
    if described is None or cell is None or not described.choices or fill.take:
        return read
    listed = (*described.choices, *described.choices.values(), *described.missing, *fill.words)
    return read if cell in listed else Refused(f"be one of {', '.join(described.choices)}")


def _refused(
    rows: pl.DataFrame,
    cells: pl.Series,
    read: Mapping[str | None, Read],
    column: s.Column,
    row: Row,
    table: SourceTable,
) -> Iterator[s.Finding]:
    """A finding for each row whose cell cannot fill the field."""
    bad = {cell: value.must for cell, value in read.items() if isinstance(value, Refused)}
    if not bad:
        return
    theirs = row[column.name].column
    for line, cell, subject in zip(rows[LINE], cells, _subjects(rows, row), strict=True):
        if cell in bad:
            key = f"subject {subject}" if subject and column.name != "subject" else ""
            got = HIDDEN if column.private else _shown(cell.replace("\x00", " "))
            yield s.Finding(table.place, key, theirs, bad[cell], got, line=line)


def _shown(cell: str) -> str:
    return cell if len(cell) <= SHOWN else f"{cell[:SHOWN]}..."


def _subjects(rows: pl.DataFrame, row: Row) -> list[str | None]:
    subject = row.get("subject")
    if subject is None or not subject.column:
        return [None] * rows.height
    return rows[subject.column].to_list()
