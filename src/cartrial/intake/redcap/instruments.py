"""The instruments of a REDCap project from its records: one table for each.

    record_id  redcap_event_name  redcap_repeat_instrument  redcap_repeat_instance  a  b
    1          baseline_arm_1                                                       x     of a
    1          week_1_arm_1       b                         1                          y  of b
    1          week_1_arm_1       b                         2                          z  of b

Reading: an instrument is filled where it has a value, a ticked box, or is marked as anything but
    incomplete; a row where it is not is no row of its table. A box that is not ticked is 0 in
    REDCap even where nobody saw it: where a reason for missing data is ticked, the boxes hold the
    reason. A row that breaks the dictionary is held, with the line of the file.
"""

from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.intake.breach import without_breaches
from cartrial.intake.redcap.dictionary import Dictionary
from cartrial.intake.redcap.header import (
    EVENT,
    INSTANCE,
    INSTRUMENT,
    OWN,
    expected,
    status,
    survey_time,
)
from cartrial.intake.source import LINE, SourceColumn, SourceTable

COMMA = r"^([+-]?\d*),(\d+)$"
INCOMPLETE = "0"


def to_tables(
    records: pl.DataFrame, project: Dictionary, *, place: str
) -> tuple[tuple[SourceTable, ...], tuple[s.Finding, ...]]:
    """The table of each instrument, and the rows that are held."""
    cells = _one_spelling(_reasoned(records, project), project, place)
    _check_keys(cells, project, place)
    filled = _filled(cells, project)
    _check_alone(cells, filled, place)
    keys = (project.record.name, EVENT.name, INSTANCE.name)
    private = {one.name for field in project.fields if field.private for one in field.columns}
    tables, held = [], []
    for form in project.forms:
        whole = _table(cells, filled[form], project, form, place)
        table, faults = without_breaches(whole, keys=keys, private=private)
        tables.append(table)
        held += faults
    return tuple(tables), tuple(held)


def _reasoned(cells: pl.DataFrame, project: Dictionary) -> pl.DataFrame:
    """The cells, where a box with a reason for missing data is ticked, with it in all boxes."""
    for field in project.fields:
        boxes = [one.name for one in field.columns if one.name in cells.columns]
        for code, reason in zip(field.missing, field.reasons, strict=field.type == "checkbox"):
            if reason.name in cells.columns:
                ticked = pl.col(reason.name) == "1"
                cells = cells.with_columns(
                    pl.when(ticked).then(pl.lit(code)).otherwise(pl.col(box)).alias(box)
                    for box in boxes
                ).drop(reason.name)
    return cells


def _one_spelling(cells: pl.DataFrame, project: Dictionary, place: str) -> pl.DataFrame:
    """Decimal points, moments as ISO 8601, and instruments by their names."""
    columns = [one for one in expected(project) if one.name in cells.columns]
    numbers = [one.name for one in columns if one.kind in ("number", "count", "")]
    moments = [one.name for one in columns if one.kind == "moment"]
    cells = cells.with_columns(
        pl.col(numbers).str.replace(COMMA, "${1}.${2}"),
        pl.col(moments).str.replace(r"^(\d{4}-\d{2}-\d{2}) ", "${1}T"),
    )
    if INSTRUMENT.name not in cells.columns:
        return cells
    said = cells[INSTRUMENT.name].drop_nulls().unique(maintain_order=True).to_list()
    names = {one: _instrument(one, cells, project, place) for one in said}
    return cells.with_columns(pl.col(INSTRUMENT.name).replace(names))


def _instrument(said: str, cells: pl.DataFrame, project: Dictionary, place: str) -> str:
    """The name of an instrument that is called by its name or by its title."""
    name = "_".join("".join(c if c.isalnum() else " " for c in said.lower()).split())
    if name in project.forms:
        return name
    rows = cells.filter(pl.col(INSTRUMENT.name) == said)
    flags = _filled(rows, project)
    filled = [form for form in project.forms if flags[form].any()]
    if len(filled) == 1:
        return filled[0]
    line = rows[LINE][0]
    raise DataError(
        f"{place}: line {line}: {INSTRUMENT.name}: must be an instrument of {project.place}, "
        f"got {said}"
    )


def _check_keys(cells: pl.DataFrame, project: Dictionary, place: str) -> None:
    """A row must have its record, and stand once."""
    record = project.record.name
    nameless = cells.filter(pl.col(record).is_null())
    if nameless.height:
        raise DataError(f"{place}: line {nameless[LINE][0]}: {record}: must be given, got nothing")
    key = [
        record,
        *(one.name for one in (EVENT, INSTRUMENT, INSTANCE) if one.name in cells.columns),
    ]
    twice = cells.filter(pl.struct(key).is_duplicated())
    if twice.height:
        first = twice.row(0, named=True)
        same = twice.filter(pl.col(name).eq_missing(first[name]) for name in key)
        where = ", ".join(f"{name} {first[name]}" for name in key if first[name] is not None)
        raise DataError(
            f"{place}: line {first[LINE]}, {where}: must stand once, "
            f"got it again in line {same[LINE][1]}"
        )


def _check_alone(cells: pl.DataFrame, filled: pl.DataFrame, place: str) -> None:
    """A row of an instrument that repeats must hold nothing of another."""
    if INSTRUMENT.name not in cells.columns:
        return
    for form in filled.columns:
        odd = cells.filter((pl.col(INSTRUMENT.name) != form) & filled[form])
        if odd.height:
            raise DataError(
                f"{place}: line {odd[LINE][0]}: must hold {odd[INSTRUMENT.name][0]} alone, "
                f"got values of {form} beside it"
            )


def _table(
    cells: pl.DataFrame, filled: pl.Series, project: Dictionary, form: str, place: str
) -> SourceTable:
    """The rows in which an instrument is filled, with the columns that name them."""
    own = [one for one in OWN if one is not INSTRUMENT]
    time = survey_time(form)
    wanted = (
        *project.record.columns,
        *own,
        *(one for field in project.of(form) for one in field.columns),
        *(time, status(form)),
    )
    columns = tuple(one for one in wanted if one.name in cells.columns)
    mine = cells.select(LINE, *(one.name for one in columns))
    if INSTRUMENT.name in cells.columns:
        filled &= cells[INSTRUMENT.name].is_null() | (cells[INSTRUMENT.name] == form)
    rows = mine.filter(filled)
    kept = _used(rows, columns, {one.name for one in own})
    kept = tuple(replace(one, missing=_said(one, rows)) for one in kept)
    kept = tuple(_open(one, rows) if one.name == status(form).name else one for one in kept)
    shown = rows.select(LINE, *(one.name for one in kept))
    return SourceTable(form, shown, kept, f"{place}, instrument {form}")


def _used(
    rows: pl.DataFrame, columns: tuple[SourceColumn, ...], own: set[str]
) -> tuple[SourceColumn, ...]:
    """The columns without those of REDCap's own that say nothing of any row."""
    silent = {name for name in own & set(rows.columns) if rows[name].is_null().all()}
    return tuple(one for one in columns if one.name not in silent or rows.is_empty())


def _open(column: SourceColumn, rows: pl.DataFrame) -> SourceColumn:
    """The column of the status with codes that a project has of its own."""
    own = rows[column.name].drop_nulls().unique().sort().to_list()
    return replace(column, choices={**{code: code for code in own}, **column.choices})


def _said(column: SourceColumn, rows: pl.DataFrame) -> dict[str, str]:
    """The codes for missing data that the column holds."""
    codes = list(column.missing)
    there = set(rows.filter(pl.col(column.name).is_in(codes))[column.name]) if codes else set()
    return {code: words for code, words in column.missing.items() if code in there}


def _filled(cells: pl.DataFrame, project: Dictionary) -> pl.DataFrame:
    """Whether each instrument holds anything in each row."""
    return cells.select(_signs(cells, project, form).alias(form) for form in project.forms)


def _signs(cells: pl.DataFrame, project: Dictionary, form: str) -> pl.Expr:
    signs = [pl.lit(value=False)]
    for field in project.of(form):
        names = [one.name for one in field.columns if one.name in cells.columns]
        for name in names:
            cell = pl.col(name)
            signs.append(cell != "0" if field.type == "checkbox" else cell.is_not_null())
    if status(form).name in cells.columns:
        signs.append(pl.col(status(form).name) != INCOMPLETE)
    present = pl.any_horizontal(sign.fill_null(value=False) for sign in signs)
    return present & pl.col(LINE).is_not_null()  # as long as the rows, whatever is there
