"""The forms that a plan makes of a source: what was understood, and every row that was held.

A row is held, not mended: it is left out of the form and stands in the findings with its file,
line and column. Rows that say the same in every field of a form are read once, and counted; rows
with the same key that differ are all held.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.intake.plan.cell import LeftOut, Read, Refused, check_zone, read_cell
from cartrial.intake.plan.model import AS_WRITTEN, Fill, Filling, Plan, TablePlan, questions
from cartrial.intake.plan.subject import is_like
from cartrial.intake.source import LINE, Source, SourceTable

PLACE, AT, PIECE = "\x00place", "\x00line", "\x00piece"
FIRST = 2  # the line of the first row, as `schema.parse` counts
HIDDEN = "a value that is not shown here"
SHOWN = 40  # characters of a value that a message repeats


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
    """How many rows of a table became how many rows of a form."""

    place: str
    rows: int
    form: str
    made: int
    held: int
    same: int
    left_out: int

    def __str__(self) -> str:
        apart = ((self.held, "held"), (self.same, "said twice, read once"))
        told = [f"{n} {what}" for n, what in (*apart, (self.left_out, "left out")) if n]
        rest = f" ({', '.join(told)})" if told else ""
        return f"{self.place}: {self.rows} rows -> {self.made} of {self.form}{rest}"


@dataclass(frozen=True)
class Received:
    """What came of a source: forms in which every row keeps to its declaration, and the rest."""

    forms: Forms
    understood: tuple[Understood, ...]
    held: tuple[s.Finding, ...]
    tallies: tuple[Tally, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass
class _Piece:
    """The rows that one table gives to one form in one way."""

    table: SourceTable
    form: str
    row: Mapping[str, Fill]
    frame: pl.DataFrame
    faults: list[s.Finding] = field(default_factory=list)
    rows: int = 0
    left_out: int = 0
    same: int = 0
    held: set[int] = field(default_factory=set)


def receive(plan: Plan, source: Source) -> Received:
    """The forms of a source; a plan with an open question is refused."""
    _check_ready(plan)
    tables = {table.place: table for table in source.tables}
    warnings = [*_changed_tables(plan, tables)]
    pieces: list[_Piece] = []
    for planned in plan.tables:
        if planned.table in tables and planned.fillings:
            table = tables[planned.table]
            warnings += _changed_columns(planned, table)
            pieces += [p for filling in planned.fillings for p in _pieces(table, filling)]
    forms: dict[str, pl.DataFrame] = {}
    for name in FORMS:
        mine = [piece for piece in pieces if piece.form == name]
        if mine:
            forms[name], told = _form(name, mine)
            warnings += told
    held = [*source.held, *(fault for piece in pieces for fault in piece.faults)]
    return Received(
        Forms(forms),
        tuple(_understood(plan, tables, pieces)),
        tuple(sorted(dict.fromkeys(held), key=lambda f: (f.table, f.line or 0, f.column))),
        tuple(_tallies(pieces)),
        tuple(warnings),
    )


# ---------------------------------------------------------------- the plan against the source
def _check_ready(plan: Plan) -> None:
    open_ = questions(plan)
    if open_:
        raise DataError("\n".join(map(str, open_)))
    for table in plan.tables:
        for filling in table.fillings:
            _check_filled(table, filling)


def _check_filled(table: TablePlan, filling: Filling) -> None:
    """Every field that must be given is filled, and every time zone exists."""
    for row in filling.rows():
        for fill in row.values():
            if fill.clock and fill.clock != AS_WRITTEN:
                check_zone(fill.clock)
        for column in s.columns(FORMS[filling.form]):
            if not column.nullable and column.name not in row:
                fault = f"{table.table}: {filling.form}: {column.name} must be filled, got nothing"
                raise DataError(f"{fault}. Add it under `fields` with its column, or `always`")


def _changed_tables(plan: Plan, tables: Mapping[str, SourceTable]) -> Iterator[str]:
    known = {planned.table for planned in plan.tables}
    if not known & set(tables):
        raise DataError(
            f"{plan.source or 'source'}: must hold the tables of the plan "
            f"({', '.join(sorted(known)) or 'none'}), got {', '.join(tables) or 'none'}"
        )
    for name in (planned.table for planned in plan.tables if planned.table not in tables):
        yield f"{name}: is in the plan and not in the source: nothing is read from it"
    for name in tables:
        if name not in known:
            yield f"{name}: is new: not read. Draft the plan again, or add it there"


def _changed_columns(planned: TablePlan, table: SourceTable) -> Iterator[str]:
    if planned.shape == table.shape:
        return
    here = [column.name for column in table.columns]
    for name in here:
        if name not in planned.known():
            yield f"{table.place}: column {name}: is new: not read. Add it to the plan"
    for filling in planned.fillings:
        needed = {
            fill.column: name
            for name, fill in filling.fields.items()
            if not _optional(filling.form, name)
        }
        for name in filling.used():
            if name in here:
                continue
            if name in needed:
                must = f"must be there, as it fills {filling.form}: {needed[name]}"
                raise DataError(f"{table.place}: column {name}: {must}; got no such column")
            yield f"{table.place}: column {name}: is missing: nothing is read for it"


def _optional(form: str, name: str) -> bool:
    return any(column.name == name and column.nullable for column in s.columns(FORMS[form]))


# ---------------------------------------------------------------- rows of one table
def _pieces(table: SourceTable, filling: Filling) -> Iterator[_Piece]:
    for number, row in enumerate(filling.rows()):
        part = filling.each[number] if filling.each else row
        yield _piece(table, filling.form, row, [f.column for f in part.values() if f.column])


def _piece(table: SourceTable, form: str, row: Mapping[str, Fill], needed: Sequence[str]) -> _Piece:
    """The rows of the form as text, where one of the columns `needed` says anything."""
    cells = _with_missing(table.cells, row)
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in needed) if needed else True
    rows = cells.with_columns(_counted(row)).filter(some)
    frame = rows.select(pl.lit(table.place).alias(PLACE), pl.col(LINE).alias(AT))
    piece = _Piece(table, form, row, frame, rows=rows.height)
    out = pl.Series([False] * rows.height, dtype=pl.Boolean)
    for column in s.columns(FORMS[form]):
        fill = row.get(column.name)
        if fill is None:
            frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(column.name))
            continue
        series = _cells(rows, fill, column)
        read = {cell: _read(cell, fill, column, table) for cell in series.unique().to_list()}
        for lines, fault in _refused(rows, series, read, fill, column, piece):
            piece.faults.append(fault)
            piece.held.add(lines)
        gone = [cell for cell, value in read.items() if isinstance(value, LeftOut)]
        out |= series.is_in(gone).fill_null(False)
        texts = {cell: value for cell, value in read.items() if isinstance(value, str)}
        filled = [texts.get(cell) for cell in series.to_list()]
        frame = frame.with_columns(pl.Series(column.name, filled, dtype=pl.String))
    kept = frame.filter(~out, ~pl.col(AT).is_in(list(piece.held)))
    piece.left_out = int(out.sum())
    gone_lines = set(frame.filter(out)[AT].to_list())
    piece.faults = [fault for fault in piece.faults if fault.line not in gone_lines]
    piece.held -= gone_lines
    piece.frame = kept
    return piece


def _with_missing(cells: pl.DataFrame, row: Mapping[str, Fill]) -> pl.DataFrame:
    """The cells with an empty column for each that the plan knows and the source has not."""
    named = [name for fill in row.values() for name in (fill.column, fill.time) if name]
    lacking = [name for name in dict.fromkeys(named) if name not in cells.columns]
    return cells.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in lacking)


COUNT = "\x00count"


def _counted(row: Mapping[str, Fill]) -> list[pl.Expr]:
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
    series: pl.Series,
    read: Mapping[str | None, Read],
    fill: Fill,
    column: s.Column,
    piece: _Piece,
) -> Iterator[tuple[int, s.Finding]]:
    """Each row whose cell cannot fill the field, with its finding."""
    bad = {cell: value.must for cell, value in read.items() if isinstance(value, Refused)}
    if not bad:
        return
    subjects = _subjects(rows, piece.row)
    for line, cell, subject in zip(rows[LINE], series, subjects, strict=True):
        if cell in bad:
            shown = cell.replace("\x00", " ")
            got = HIDDEN if column.private else shown[:SHOWN] + "..." * (len(shown) > SHOWN)
            row = f"subject {subject}" if subject and column.name != "subject" else ""
            yield (
                line,
                s.Finding(piece.table.place, row, fill.column, bad[cell], got, line=line),
            )


def _subjects(rows: pl.DataFrame, row: Mapping[str, Fill]) -> list[str | None]:
    subject = row.get("subject")
    if subject is None or not subject.column:
        return [None] * rows.height
    return rows[subject.column].to_list()


# ---------------------------------------------------------------- rows of one form
def _form(name: str, pieces: list[_Piece]) -> tuple[pl.DataFrame, list[str]]:
    """The rows of a form from all its pieces, held to its declaration; and what is a warning."""
    table = FORMS[name]
    names = [column.name for column in s.columns(table)]
    whole = pl.concat(
        piece.frame.select(PLACE, AT, *names, pl.lit(i, dtype=pl.Int64).alias(PIECE))
        for i, piece in enumerate(pieces)
    )
    typed = s.typed(table, whole.select(names))
    new = typed.to_struct("").is_first_distinct()
    for i, lost in whole.filter(~new)[PIECE].value_counts().iter_rows():
        pieces[i].same += lost
    first = whole.filter(new)
    single = _without_twins(table, first, pieces)
    parsed = s.parse(table, single.select(names), place=name)
    for fault in s.errors(parsed.findings):
        if fault.line is None:
            raise DataError(str(fault))
        at = single.row(fault.line - FIRST, named=True)
        piece = pieces[at[PIECE]]
        fill = piece.row.get(fault.column)
        column = fill.column if fill is not None and fill.column else fault.column
        placed = replace(fault, table=at[PLACE], line=at[AT], column=column)
        piece.faults.append(placed)
        piece.held.add(at[AT])
    return parsed.frame, [str(f) for f in parsed.findings if f.severity == "warning"]


def _without_twins(table: type[s.Table], rows: pl.DataFrame, pieces: list[_Piece]) -> pl.DataFrame:
    """The rows whose key stands once; of the others each is held, and told where the others are."""
    keys = s.key(table)
    typed = s.typed(table, rows).select(keys)
    twins = typed.is_duplicated() & ~typed.select(pl.any_horizontal(pl.all().is_null())).to_series()
    for _, group in rows.filter(twins).group_by(keys, maintain_order=True):
        places = group.select(PLACE, AT, PIECE).rows()
        for nth, (place, line, i) in enumerate(places):
            others = [_where(p, n, place) for k, (p, n, _) in enumerate(places) if k != nth]
            must, got = f"be the only row with its {', '.join(keys)}", "the same key in "
            key = s.row_key(table, group.row(nth, named=True))
            told = s.Finding(place, key, "", must, got + ", ".join(others), line=line)
            pieces[i].faults.append(told)
            pieces[i].held.add(line)
    return rows.filter(~twins)


def _where(place: str, line: int, here: str) -> str:
    return f"line {line}" if place == here else f"{place}, line {line}"


# ---------------------------------------------------------------- what is told
def _tallies(pieces: Sequence[_Piece]) -> Iterator[Tally]:
    groups = dict.fromkeys((piece.table.place, piece.form) for piece in pieces)
    for place, form in groups:
        mine = [p for p in pieces if (p.table.place, p.form) == (place, form)]
        rows = mine[0].table.cells.height
        held, same = sum(len(p.held) for p in mine), sum(p.same for p in mine)
        out, all_ = sum(p.left_out for p in mine), sum(p.rows for p in mine)
        yield Tally(place, rows, form, all_ - held - same - out, held, same, out)


def _understood(
    plan: Plan, tables: Mapping[str, SourceTable], pieces: Sequence[_Piece]
) -> Iterator[Understood]:
    for planned in plan.tables:
        table = tables.get(planned.table)
        if table is None:
            continue
        for column in table.columns:
            mine = [p for p in pieces if p.table is table]
            into = [_into(filling, column.name) for filling in planned.fillings]
            if any(into):
                lines = {
                    fault.line
                    for piece in mine
                    for fault in piece.faults
                    if fault.column == column.name
                }
                values = table.cells[column.name].len() - table.cells[column.name].null_count()
                told = "; ".join(one for one in into if one)
                yield Understood(table.place, column.name, told, values, len(lines))


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
