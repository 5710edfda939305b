"""The forms that a plan makes of a source: what was understood, and every row that was held.

A row is held, not mended: it is left out of the form and stands in the findings with its file,
line and column. Rows that say the same in every field of a form are read once, and counted; rows
with the same key that differ are all held.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.intake.piece import AT, PLACE, Piece, pieces
from cartrial.intake.plan.cell import check_zone
from cartrial.intake.plan.model import AS_WRITTEN, Filling, Plan, TablePlan, questions
from cartrial.intake.received import Received, tallies, understood
from cartrial.intake.source import Source, SourceTable

PIECE = "\x00piece"
FIRST = 2  # the line of the first row, as `schema.parse` counts


def receive(plan: Plan, source: Source) -> Received:
    """The forms of a source; a plan with an open question is refused."""
    _check_ready(plan)
    tables = _matched(plan, source)
    warnings = [*_changed_tables(plan, source, tables)]
    found: list[Piece] = []
    for planned in plan.tables:
        if planned.table in tables and planned.fillings:
            table = tables[planned.table]
            warnings += _changed_columns(planned, table)
            found += [piece for filling in planned.fillings for piece in pieces(table, filling)]
    forms: dict[str, pl.DataFrame] = {}
    for name in FORMS:
        mine = [piece for piece in found if piece.form == name]
        if mine:
            forms[name], told = _form(name, mine)
            warnings += told
    held = dict.fromkeys([*source.held, *(fault for piece in found for fault in piece.faults)])
    return Received(
        Forms(forms),
        tuple(understood(plan, tables, found)),
        tuple(sorted(held, key=lambda f: (f.table, f.line or 0, f.column))),
        tuple(tallies(found, source.held)),
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


def _matched(plan: Plan, source: Source) -> dict[str, SourceTable]:
    """The table for each of the plan: of its name, or of its name in a file that is called anew."""
    tables = {table.place: table for table in source.tables}
    known = [planned.table for planned in plan.tables]
    found = {name: tables[name] for name in known if name in tables}
    new = [place for place in tables if place not in found]
    for name in known:
        same = [place for place in new if _inside(place) == _inside(name)]
        alone = sum(_inside(other) == _inside(name) for other in known if other not in tables) == 1
        if name not in tables and alone and len(same) == 1:
            found[name] = tables[same[0]]
    return found


def _inside(place: str) -> str:
    """The sheet or the instrument, without its file."""
    return place.partition(", ")[2]


def _changed_tables(plan: Plan, source: Source, tables: Mapping[str, SourceTable]) -> Iterator[str]:
    known, here = [planned.table for planned in plan.tables], [t.place for t in source.tables]
    if not tables:
        raise DataError(
            f"{plan.source or 'source'}: must hold the tables of the plan "
            f"({', '.join(known) or 'none'}), got {', '.join(here) or 'none'}"
        )
    for name in known:
        if name not in tables:
            yield f"{name}: is in the plan and not in the source: nothing is read from it"
    read = {table.place for table in tables.values()}
    for name in here:
        if name not in read:
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


# ---------------------------------------------------------------- rows of one form
def _form(name: str, pieces: list[Piece]) -> tuple[pl.DataFrame, list[str]]:
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
        piece.hold(placed, at[AT])
    return parsed.frame, [str(f) for f in parsed.findings if f.severity == "warning"]


def _without_twins(table: type[s.Table], rows: pl.DataFrame, pieces: list[Piece]) -> pl.DataFrame:
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
            pieces[i].hold(told, line)
    return rows.filter(~twins)


def _where(place: str, line: int, here: str) -> str:
    return f"line {line}" if place == here else f"{place}, line {line}"
