"""What came of a source, in words: each column, each table, every row that was held."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.intake.piece import Piece
from cartrial.intake.plan.model import Fill, Filling, Plan
from cartrial.intake.source import SourceTable


@dataclass(frozen=True)
class Understood:
    """One column of the source: what it fills, how many of its cells were read, how many held."""

    place: str
    column: str
    into: str
    values: int
    held: int

    def __str__(self) -> str:
        held = f", {self.held} held" if self.held else ""
        values = f"{self.values} value{'s'[: self.values != 1]}"
        return f"{self.place}, column {self.column} -> {self.into}; {values}{held}"


@dataclass(frozen=True)
class Tally:
    """How many rows of a table became how many rows of a form, or how many of its cells."""

    place: str
    rows: int
    columns: int  # that give a row of the form each; 1 where a row gives a row
    form: str
    made: int
    held: int
    same: int
    left_out: int
    empty: int

    def __str__(self) -> str:
        apart = (
            (self.held, "held"),
            (self.same, "said twice, read once"),
            (self.left_out, "left out"),
            (self.empty, "empty"),
        )
        told = [f"{n} {what}" for n, what in apart if n]
        rest = f" ({', '.join(told)})" if told else ""
        of = f" of {self.columns} columns" if self.columns > 1 else ""
        rows = f"{self.rows} row{'s'[: self.rows != 1]}{of}"
        return f"{self.place}: {rows} -> {self.made} of {self.form}{rest}"


@dataclass(frozen=True)
class Received:
    """What came of a source: forms in which every row keeps to its declaration, and the rest."""

    forms: Forms
    understood: tuple[Understood, ...]
    held: tuple[s.Finding, ...]
    tallies: tuple[Tally, ...] = ()
    warnings: tuple[str, ...] = ()


def tallies(pieces: Sequence[Piece], unread: Sequence[s.Finding]) -> Iterator[Tally]:
    """How many rows of each table became how many of each form; `unread` its reader has held."""
    groups = dict.fromkeys((piece.table.place, piece.form) for piece in pieces)
    for place, form in groups:
        mine = [p for p in pieces if (p.table.place, p.form) == (place, form)]
        before = len({finding.line for finding in unread if finding.table == place})
        rows, cells = mine[0].table.cells.height, len(mine)
        held, same = sum(len(p.held) for p in mine), sum(p.same for p in mine)
        out, all_ = sum(p.left_out for p in mine), sum(p.rows for p in mine)
        made, empty = all_ - held - same - out, rows * cells - all_
        held += before * cells
        yield Tally(place, rows + before, cells, form, made, held, same, out, empty)


def understood(
    plan: Plan, tables: Mapping[str, SourceTable], pieces: Sequence[Piece]
) -> Iterator[Understood]:
    """What every column that is read was taken for."""
    for planned in plan.tables:
        table = tables.get(planned.table)
        if table is None:
            continue
        for column in table.columns:
            mine = [p for p in pieces if p.table is table]
            into = [_into(filling, column.name) for filling in planned.fillings]
            if any(into):
                faults = [fault for piece in mine for fault in piece.faults]
                held = {fault.line for fault in faults if fault.column == column.name}
                told = "; ".join(one for one in into if one)
                values = table.cells.height - table.cells[column.name].null_count()
                yield Understood(table.place, column.name, told, values, len(held))


def _into(filling: Filling, column: str) -> str:
    """What a column fills in a form, in words; empty where it fills nothing."""
    plain = [_field(name, f) for name, f in filling.fields.items() if column == f.column]
    plain += [f"{name} (clock time)" for name, f in filling.fields.items() if column == f.time]
    parts = [
        ", ".join(_field(name, fill) for name, fill in part.items())
        for part in filling.each
        if any(fill.column == column for fill in part.values())
    ]
    told = plain + parts
    return f"{filling.form}: {', '.join(told)}" if told else ""


def _field(name: str, fill: Fill) -> str:
    if fill.always:
        return f"{name} {fill.always}"
    said = [fill.take, fill.dates, f"from {fill.unit}" if fill.unit else ""]
    said += ["decimal comma"] if fill.decimal == "," else []
    told = ", ".join(one for one in said if one)
    return f"{name} ({told})" if told else name
