"""One mapping from a form to a domain, written as data and read in both directions.

`Record`: one row of the form is one record of the domain; its fields stand in variables.
`Findings`: one row of the form is one record for each of its fields. A field without a value is a
record with --STAT NOT DONE, so that no row of a form is lost on the way and back.

Reading: flags are Y and N, unknown is empty. What a field's words are in SDTM is listed beside its
variable; a word that is not listed passes as it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from functools import cache
from typing import TypeVar

import numpy as np
import polars as pl

from cartrial import schema as s
from cartrial.protocol.study import Study

T = TypeVar("T", bound=s.Table)

YES_NO = {"yes": "Y", "no": "N"}
NOT_DONE = "NOT DONE"
RECORD = " record"  # no variable of a domain has this name
UNIT_WORDS = {"°C": "C", "ratio": "RATIO", "cells/uL": "10^6/L"}


@dataclass(frozen=True)
class Coded:
    """A variable that holds a field's words in other words."""

    variable: str
    words: Mapping[str, str]


Target = str | Coded


@dataclass(frozen=True)
class Record:
    """One row of a form, one record.

    The variables `known_by` tell the form's records from others of the domain: they hold its
    constants or listed words. `derived` are variables made from the row's fields and never read
    back; `restored` are fields made, as text, from the record's variables.
    """

    form: type[s.Table]
    domain: type[s.Table]
    fields: Mapping[str, Target]
    constants: Mapping[str, str] = default(default_factory=dict)
    known_by: tuple[str, ...] = ()
    derived: Mapping[str, pl.Expr] = default(default_factory=dict)
    restored: Mapping[str, pl.Expr] = default(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One field of a form as a test of a findings domain.

    `unit_from` is the field that names the unit, `unit` what a value without one is in. The word
    `not_done` means that the test was not done. An `optional` field without a value makes no
    record.
    """

    field: str
    code: str
    name: str
    words: Mapping[str, str] = default(default_factory=dict)
    unit_from: str | None = None
    unit: str | None = None
    constants: Mapping[str, str] = default(default_factory=dict)
    not_done: str | None = None
    optional: bool = False


@dataclass(frozen=True)
class Findings:
    """One row of a form, one record for each item.

    `keys` tell the rows of the form apart, `also` stand on each record of a row, `why` is the field
    with the reason for what is missing; `where` picks the rows of the form that are meant.
    """

    form: type[s.Table]
    domain: type[s.Table]
    items: tuple[Item, ...]
    keys: Mapping[str, Target] = default(default_factory=dict)
    also: Mapping[str, Target] = default(default_factory=dict)
    constants: Mapping[str, str] = default(default_factory=dict)
    known_by: tuple[str, ...] = ()
    where: Mapping[str, str] = default(default_factory=dict)
    why: str | None = None


# ---------------------------------------------------------------- words
def upper(words: Sequence[str]) -> dict[str, str]:
    """Each word in capitals, as controlled terminology writes."""
    return {word: word.upper() for word in words}


def code_of(domain: type[s.Table]) -> str:
    """The two letters of a domain."""
    return domain.__name__.upper()


def unique_subject(study: Study) -> pl.Expr:
    """The unique subject identifier, from the form's subject."""
    return (pl.lit(f"{study.id}-") + pl.col("subject")).alias("USUBJID")


# ---------------------------------------------------------------- forms to SDTM
def to_records(mapping: Record, study: Study, form: pl.DataFrame) -> pl.DataFrame:
    """The records of a form's rows, all variables of the domain there."""
    cells = _cells(mapping.form, mapping.domain, mapping.fields, form)
    derived = form.select(unique_subject(study), **mapping.derived)
    return as_domain(mapping.domain, _with(pl.concat([derived, cells], how="horizontal"), mapping))


def to_findings(mapping: Findings, study: Study, form: pl.DataFrame) -> pl.DataFrame:
    """The records of a form's rows, one for each row and item."""
    picked = [pl.col(name) == value for name, value in mapping.where.items()]
    rows = form.filter(picked) if picked else form
    placed = _cells(mapping.form, mapping.domain, {**mapping.keys, **mapping.also}, rows)
    about = pl.concat([rows.select(unique_subject(study)), placed], how="horizontal")
    records = [
        pl.concat([about, _results(mapping, item, rows)], how="horizontal")
        .filter(pl.col(f"{code_of(mapping.domain)}TESTCD").is_not_null())
        .with_columns(pl.lit(value).alias(name) for name, value in item.constants.items())
        for item in mapping.items
    ]
    whole = [as_domain(mapping.domain, _with(one, mapping)) for one in records]
    return pl.concat(whole)


@cache
def dtypes(domain: type[s.Table]) -> Mapping[str, pl.DataType]:
    """The variables of a domain with their types, in their order."""
    return s.empty(domain).schema


def as_domain(domain: type[s.Table], frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the variables of the domain, in their order; what is absent is null."""
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in dtypes(domain).items()
    )


def _with(frame: pl.DataFrame, mapping: Record | Findings) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(value).alias(name) for name, value in mapping.constants.items()
    )


def _cells(
    form: type[s.Table], domain: type[s.Table], fields: Mapping[str, Target], rows: pl.DataFrame
) -> pl.DataFrame:
    """The fields of a form in the variables of a domain."""
    text = s.to_text(form, rows)
    schema = dtypes(domain)
    kinds = {column.name: column.kind for column in s.columns(form)}
    made: list[pl.Series] = []
    for name, target in fields.items():
        variable, words = _target(target, kinds[name])
        if schema[variable].is_numeric() and not words:
            made.append(rows[name].cast(schema[variable]).alias(variable))
        else:
            made.append(_said(text[name], words).alias(variable))
    return pl.DataFrame(made)


def _results(mapping: Findings, item: Item, rows: pl.DataFrame) -> pl.DataFrame:
    """Test, result, unit and status of one item; no test code where there is no record."""
    code = code_of(mapping.domain)
    column = next(c for c in s.columns(mapping.form) if c.name == item.field)
    words = item.words or (YES_NO if column.kind == "flag" else {})
    value = _said(s.to_text(mapping.form, rows)[item.field], words)
    done = value.is_not_null() & (value != item.not_done if item.not_done else True)
    made = pl.col(item.field).is_not_null() if item.optional else pl.lit(True)
    measured = column.kind in ("number", "count")
    unit = pl.lit(UNIT_WORDS.get(column.unit or "", column.unit))
    unit = pl.when("done").then(unit if column.kind == "number" else None)
    usual = pl.when(pl.col(item.field).is_not_null()).then(pl.lit(item.unit))
    named = pl.coalesce(item.unit_from, usual) if item.unit_from else unit
    reason = pl.when(~pl.col("done")).then(pl.col(mapping.why) if mapping.why else None)
    given = rows.with_columns(value.alias("said"), done.alias("done"))
    said = pl.when("done").then("said")
    return given.select(
        pl.when(made).then(pl.lit(item.code)).alias(f"{code}TESTCD"),
        pl.lit(item.name).alias(f"{code}TEST"),
        said.alias(f"{code}ORRES"),
        named.alias(f"{code}ORRESU"),
        said.alias(f"{code}STRESC"),
        (pl.col(item.field) if measured else pl.lit(None)).alias(f"{code}STRESN"),
        pl.when("done").then(named).alias(f"{code}STRESU"),
        pl.when(~pl.col("done")).then(pl.lit(NOT_DONE)).alias(f"{code}STAT"),
        reason.alias(f"{code}REASND"),
    )


def _target(target: Target, kind: str) -> tuple[str, Mapping[str, str]]:
    if isinstance(target, Coded):
        return target.variable, target.words
    return target, YES_NO if kind == "flag" else {}


def _said(values: pl.Series, words: Mapping[str, str]) -> pl.Series:
    return values.replace(dict(words)) if words else values


# ---------------------------------------------------------------- SDTM to forms
def from_records(mapping: Record, study: Study, records: pl.DataFrame) -> pl.DataFrame:
    """The rows of the form that the domain's records were made from, in the order of its key."""
    known = records.filter(_known(mapping))
    text = s.to_text(mapping.domain, known)
    kinds = {column.name: column.kind for column in s.columns(mapping.form)}
    cells = [subject(study, text)]
    for name, target in mapping.fields.items():
        variable, words = _target(target, kinds[name])
        cells.append(_meant(text[variable], words).alias(name))
    raw = pl.DataFrame(cells).with_columns(known.select(**mapping.restored))
    return in_key_order(mapping.form, s.typed(mapping.form, raw))


def from_findings(mapping: Findings, study: Study, records: pl.DataFrame) -> pl.DataFrame:
    """The rows of the form, put together again from the records of their items."""
    code = code_of(mapping.domain)
    codes = [item.code for item in mapping.items]
    known = records.filter(_known(mapping), pl.col(f"{code}TESTCD").is_in(codes))
    keys = [_target(target, "")[0] for target in mapping.keys.values()]
    also = {name: _target(target, "")[0] for name, target in mapping.also.items()}
    result = [f"{code}{name}" for name in ("TESTCD", "ORRES", "ORRESU", "STAT", "REASND")]
    text = s.to_text(mapping.domain, known, "USUBJID", *keys, *also.values(), *result)
    text = text.with_columns(subject(study, text)).with_row_index(RECORD)
    rows = text.group_by("subject", *keys, maintain_order=True).agg(
        RECORD,
        *(_unit(mapping, name) for name in _units_from(mapping)),
        *(pl.col(of).drop_nulls().first().alias(f" {name}") for name, of in also.items()),
        *([pl.col(f"{code}REASND").drop_nulls().first().alias(mapping.why)] if mapping.why else []),
    )
    firsts = _firsts(rows[RECORD], text[f"{code}TESTCD"], codes)
    read = [
        _read(mapping, item, text, first) for item, first in zip(mapping.items, firsts, strict=True)
    ]
    return in_key_order(mapping.form, s.typed(mapping.form, _raw(mapping, rows.hstack(read))))


def in_key_order(table: type[s.Table], frame: pl.DataFrame) -> pl.DataFrame:
    """The rows in the order of the table's key."""
    if are_keys_ascending(table, frame):
        return frame
    return frame.sort(s.key(table), nulls_last=True, maintain_order=True)


def are_keys_ascending(table: type[s.Table], frame: pl.DataFrame) -> bool:
    """Whether the key of each row is above that of the row before: then none stands twice."""
    above = pl.lit(False)
    for name in reversed(s.key(table)):
        one, before = pl.col(name), pl.col(name).shift()
        above = (one > before) | ((one == before) & above)
    return bool(frame.select(above.slice(1).fill_null(False).all()).item())


def subject(study: Study, records: pl.DataFrame) -> pl.Series:
    """The subject of each record, as forms write it."""
    return records["USUBJID"].str.strip_prefix(f"{study.id}-").alias("subject")


def _known(mapping: Record | Findings) -> pl.Expr:
    words = {
        target.variable: list(target.words.values())
        for target in getattr(mapping, "fields", {}).values()
        if isinstance(target, Coded)
    }
    allowed = words | {name: [value] for name, value in mapping.constants.items()}
    tests = [pl.col(name).is_in(allowed[name]) for name in mapping.known_by]
    return pl.all_horizontal(tests) if tests else pl.lit(True)


def _firsts(records: pl.Series, tests: pl.Series, codes: Sequence[str]) -> list[pl.Series]:
    """Of each test the first of the records that make a row, null where none is of the test."""
    row = np.repeat(np.arange(len(records)), records.list.len())
    record = records.explode().to_numpy()
    test = tests.cast(pl.Enum(codes)).to_physical().to_numpy()[record]
    first = np.full((len(codes), len(records)), len(tests))
    first[test[::-1], row[::-1]] = record[::-1]  # what is written last stays
    return [pl.Series(found).replace(len(tests), None) for found in first]


def _read(mapping: Findings, item: Item, text: pl.DataFrame, first: pl.Series) -> pl.Series:
    """What the first record of an item says."""
    code = code_of(mapping.domain)
    value = text[f"{code}ORRES"].gather(first)
    if item.not_done:
        said = pl.Series([item.not_done])
        value = said.zip_with(text[f"{code}STAT"].gather(first).eq_missing(NOT_DONE), value)
    return value.alias(item.field)


def _units_from(mapping: Findings) -> list[str]:
    """The fields that name units, each once."""
    return list(dict.fromkeys(item.unit_from for item in mapping.items if item.unit_from))


def _unit(mapping: Findings, name: str) -> pl.Expr:
    code = code_of(mapping.domain)
    codes = [item.code for item in mapping.items if item.unit_from == name]
    mine = pl.col(f"{code}TESTCD").is_in(codes)
    return pl.col(f"{code}ORRESU").filter(mine).drop_nulls().first().alias(name)


def _raw(mapping: Findings, rows: pl.DataFrame) -> pl.DataFrame:
    """The fields of the form as text, from the grouped records."""
    kinds = {column.name: column.kind for column in s.columns(mapping.form)}
    cells = [rows["subject"], *(rows[name] for name in _units_from(mapping))]
    for item in mapping.items:
        cells.append(_meant(rows[item.field], item.words))
    for name, target in mapping.keys.items():
        variable, words = _target(target, kinds[name])
        cells.append(_meant(rows[variable], words).alias(name))
    for name, target in mapping.also.items():
        cells.append(_meant(rows[f" {name}"], _target(target, kinds[name])[1]).alias(name))
    cells += [rows[mapping.why]] if mapping.why else []
    raw = pl.DataFrame(cells)
    return raw.with_columns(pl.lit(value).alias(name) for name, value in mapping.where.items())


def _meant(values: pl.Series, words: Mapping[str, str]) -> pl.Series:
    return values.replace({said: word for word, said in words.items()}) if words else values
