"""Our forms written as a REDCap project: its structure, and its data as REDCap exports them.

    data_dictionary.csv                 the instruments and their fields
    arms.csv, events.csv                the longitudinal structure
    instrument_designations.csv         which instrument stands in which event
    repeating_instruments.csv           which of them repeat
    data.csv                            the records, raw

Reading: the files are loaded in this order. Numbers are written without an exponent, which REDCap
    refuses. A partial date is text, as REDCap knows whole dates only. An instrument that has a row
    is marked complete.
"""

from decimal import Decimal
from pathlib import Path

import polars as pl

from cartrial import files
from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.intake.redcap.dictionary import HEADER
from cartrial.intake.redcap.header import EVENT, INSTANCE, INSTRUMENT, status
from cartrial.intake.redcap.project import (
    ARMS,
    COMMITTEE,
    EVENTS,
    RECORD,
    RECORD_LABEL,
    Instrument,
    codes,
    instruments,
)

FILES = (
    *("data_dictionary", "arms", "events", "instrument_designations"),
    *("repeating_instruments", "data"),
)
COMPLETE = "2"
PARTIAL = "As far as known: 2024, 2024-05, 2024-05-03 or 2024-05-03T14:20"
TYPES = {
    "text": ("text", ""),
    "code": ("dropdown", ""),
    "number": ("text", "number"),
    "count": ("text", "integer"),
    "flag": ("yesno", ""),
    "date": ("text", "date_ymd"),
    "moment": ("text", "datetime_seconds_ymd"),
    "partial": ("text", ""),
}


def write_redcap(forms: Forms, folder: Path) -> None:
    """Write the forms that were collected as a REDCap project into a folder."""
    collected = tuple(one for one in instruments() if forms.has(one.form))
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in {**_structure(collected), "data": _data(forms, collected)}.items():
        files.write_csv(folder / f"{name}.csv", table)


def _structure(collected: tuple[Instrument, ...]) -> dict[str, pl.DataFrame]:
    """The files that define the project."""
    events = dict.fromkeys((one.event, one.arm, one.unique_event) for one in collected)
    return {
        "data_dictionary": pl.DataFrame(
            _dictionary(collected), schema=[theirs for theirs, _ in HEADER.values()], orient="row"
        ),
        "arms": pl.DataFrame(list(ARMS.items()), schema=["arm_num", "name"], orient="row"),
        "events": pl.DataFrame(
            [(event.capitalize(), arm, unique, None) for event, arm, unique in events],
            schema=["event_name", "arm_num", "unique_event_name", "custom_event_label"],
            orient="row",
        ),
        "instrument_designations": pl.DataFrame(
            [(one.arm, one.unique_event, one.name) for one in collected],
            schema=["arm_num", "unique_event_name", "form"],
            orient="row",
        ),
        "repeating_instruments": pl.DataFrame(
            [(one.unique_event, one.name, None) for one in collected if one.repeats],
            schema=["event_name", "form_name", "custom_form_label"],
            orient="row",
        ),
    }


# ---------------------------------------------------------------- dictionary
def _dictionary(collected: tuple[Instrument, ...]) -> list[list[str | None]]:
    """The rows of the data dictionary; the record id is the first."""
    record = {"name": RECORD, "form": collected[0].name, "type": "text", "label": RECORD_LABEL}
    rows = [record]
    for one in collected:
        rows += [_field(one, column) for column in one.columns]
    return [[row.get(name) or None for name in HEADER] for row in rows]


def _field(one: Instrument, column: s.Column) -> dict[str, str]:
    type_, validation = TYPES[column.kind]
    ranged = column.kind in ("number", "count")
    return {
        "name": one.field(column),
        "form": one.name,
        "type": "notes" if column.kind == "text" and column.private else type_,
        "label": _label(one, column),
        "choices": " | ".join(f"{code}, {value}" for value, code in codes(column.codes).items()),
        "note": _note(column),
        "validation": validation,
        "least": _limit(column.least) if ranged else "",
        "most": _limit(column.most) if ranged else "",
        "private": "y" if column.private else "",
        "required": "" if column.nullable else "y",
    }


def _label(one: Instrument, column: s.Column) -> str:
    """The label of a column; one that another column has too is told apart by its name."""
    alike = sum(other.label == column.label for other in one.columns)
    return column.label if alike == 1 else f"{column.label} [{column.name}]"


def _note(column: s.Column) -> str:
    if column.kind == "partial":
        return PARTIAL
    unit = column.unit if column.kind == "number" else None
    return f"Unit: {unit}" if unit and not unit.startswith("as ") else ""


def _limit(limit: float | None) -> str:
    return "" if limit is None else f"{limit:g}"


# ---------------------------------------------------------------- data
def _data(forms: Forms, collected: tuple[Instrument, ...]) -> pl.DataFrame:
    """The records as in an export: of each event the single row, then the repeats."""
    parts = [_rows(forms, one, number) for number, one in enumerate(collected, start=1)]
    names = [RECORD, EVENT.name]
    if any(one.repeats for one in collected):
        names += [INSTRUMENT.name, INSTANCE.name]
    for one in collected:
        names += [*(one.field(column) for column in one.columns), status(one.name).name]
    rows = pl.concat(parts, how="diagonal")
    key = [RECORD, "event", "number", "instance"]
    together = rows.group_by(key).agg(pl.exclude(key).drop_nulls().first()).sort(key)
    return together.select(names)


def _rows(forms: Forms, one: Instrument, number: int) -> pl.DataFrame:
    """The rows of an instrument in REDCap's codes; those that do not repeat share the number 0."""
    frame = forms.of(one.form)
    text = frame.select(_raw(column).alias(one.field(column)) for column in one.columns)
    record = frame["subject"] if one.of_subject else pl.Series([COMMITTEE] * frame.height)
    instance = pl.int_range(1, pl.len() + 1).over(RECORD)
    alone = pl.lit(None, pl.String)
    return text.with_columns(record.cast(pl.String).alias(RECORD)).with_columns(
        pl.lit(COMPLETE).alias(status(one.name).name),
        pl.lit(one.unique_event).alias(EVENT.name),
        pl.lit(EVENTS.index(one.event)).alias("event"),
        pl.lit(number if one.repeats else 0).alias("number"),
        (instance if one.repeats else pl.lit(0, pl.Int64)).alias("instance"),
        (pl.lit(one.name) if one.repeats else alone).alias(INSTRUMENT.name),
        (instance.cast(pl.String) if one.repeats else alone).alias(INSTANCE.name),
    )


def _raw(column: s.Column) -> pl.Expr:
    """A column as REDCap exports it raw."""
    cell = pl.col(column.name)
    match column.kind:
        case "code":
            return cell.replace_strict(codes(column.codes), return_dtype=pl.String)
        case "flag":
            return cell.cast(pl.Int8).cast(pl.String)
        case "number":
            return cell.map_elements(_decimal, return_dtype=pl.String)
        case "date":
            return cell.dt.strftime("%Y-%m-%d")
        case "moment":
            return cell.dt.strftime("%Y-%m-%d %H:%M:%S")
        case _:
            return cell.cast(pl.String)


def _decimal(number: float) -> str:
    """A number with all its digits and without an exponent."""
    whole = Decimal(repr(number)).normalize()
    return f"{whole:f}"
