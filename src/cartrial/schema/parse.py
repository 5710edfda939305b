"""From text to a declared table: every fault named with table, row, rule and value.

Reading: a row with a fault is held, not dropped in silence: it is left out of the table and stands
in the findings. Free text and dates of birth are never repeated.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any, Generic, TypeVar, cast

import polars as pl

from cartrial.schema.declare import Column, DataFrame, Table, columns, empty, key
from cartrial.schema.finding import Finding
from cartrial.schema.texts import read_text, stripped

T = TypeVar("T", bound=Table)

EXPECTED = {
    "number": "be a number",
    "count": "be a whole number",
    "flag": "be yes or no",
    "date": "be a date as YYYY-MM-DD",
    "moment": "be a date and time as YYYY-MM-DDTHH:MM",
    "partial": "be a date as far as known, YYYY[-MM[-DD[THH:MM]]]",
}
FINITE, NOT_FINITE = "be a finite number", ("nan", "inf", "infinity")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
LINE = "\x00line"
KEY = "primary_key"  # the rule that no key stands twice
SHOWN = 40  # characters of a value that a message repeats


@dataclass(frozen=True)
class Parsed(Generic[T]):
    """A table whose every row keeps to its declaration, and what was held back."""

    frame: DataFrame[T]
    findings: list[Finding]


def parse(table: type[T], raw: pl.DataFrame, *, place: str) -> Parsed[T]:
    """The declared table in a frame of text (columns by name, empty is null)."""
    findings = _header(table, raw, place)
    declared = columns(table)
    if any(finding.severity == "error" and finding.column for finding in findings):
        return Parsed(table.create_empty(), findings)
    text = stripped(table, raw)
    read = read_text(table, text)
    lost = [c for c in declared if text[c.name].null_count() < read[c.name].null_count()]
    if lost:
        numbered = text.with_row_index(LINE, offset=2)
        told = [_unreadable(table, column, numbered, read, place) for column in lost]
        findings += [fault for faults, _ in told for fault in faults]
        held = set[int]().union(*(lines for _, lines in told))
        read = read.with_columns(numbered[LINE]).filter(~pl.col(LINE).is_in(list(held)))
    checked = check(table, read, place=place)
    return Parsed(checked.frame, findings + checked.findings)


def check(table: type[T], frame: pl.DataFrame, *, place: str) -> Parsed[T]:
    """The rows of a typed frame that keep to the declaration; a finding for each that does not."""
    lines = frame[LINE] if LINE in frame.columns else pl.Series(LINE, range(2, frame.height + 2))
    if frame.schema == empty(table).schema and frame.select(_all_keep(table)).item():
        return Parsed(cast("DataFrame[T]", frame), _unexplained(table, frame, place))
    names = [column.name for column in columns(table)]
    given = frame.select(names)
    good, failure = table.filter(given, cast=True)
    if not failure.counts():
        return Parsed(good, _unexplained(table, good, place))
    marked = given.with_columns(lines.alias(LINE))
    _, with_lines = table.filter(marked.select(names), cast=True)
    details = with_lines.details()
    rules = [name for name in details.columns if name not in names]
    placed = _with_lines(marked, details, names)
    findings = [
        _breach(table, name, row, place)
        for name in rules
        for row in placed.filter(pl.col(name).cast(pl.String) == "invalid").to_dicts()
        if name != KEY
    ]
    if KEY in rules:
        twice = placed.filter(pl.col(KEY).cast(pl.String) == "invalid")
        findings += _same_keys(table, twice, place)
    findings.sort(key=lambda finding: (finding.line or 0, finding.column))
    return Parsed(good, findings + _unexplained(table, good, place))


@cache
def _all_keep(table: type[Table]) -> pl.Expr:
    """Whether every row keeps to its declaration.

    dataframely's `is_valid` asks its rules one by one, which for one row takes four times as long.
    """
    rules = table._validation_rules(with_cast=False).values()
    return pl.all_horizontal(rule.expr for rule in rules).all()


def _header(table: type[Table], raw: pl.DataFrame, place: str) -> list[Finding]:
    declared = columns(table)
    known = {column.name for column in declared}
    missing = [c for c in declared if c.name not in raw.columns and not c.nullable]
    unknown = [name for name in raw.columns if name not in known]
    lacking = [
        Finding(place, "", c.name, "be there", "no such column", f"Add the column {c.name}")
        for c in missing
    ]
    return lacking + [
        Finding(place, "", name, "be a declared column", "an unknown column", _nearest(name, known))
        for name in unknown
    ]


def _nearest(name: str, known: set[str]) -> str:
    near = get_close_matches(name, sorted(known), n=1)
    return f"Did you mean {near[0]}?" if near else f"Known are {', '.join(sorted(known))}"


def _unreadable(
    table: type[Table], column: Column, raw: pl.DataFrame, typed: pl.DataFrame, place: str
) -> tuple[list[Finding], set[int]]:
    lost = raw.filter(raw[column.name].is_not_null() & typed[column.name].is_null())
    faults = [
        Finding(
            place,
            row_key(table, row),
            column.name,
            _readable(column, row[column.name]),
            _shown(row[column.name], column),
            line=row[LINE],
        )
        for row in lost.to_dicts()
    ]
    return faults, set(lost[LINE].to_list())


def _readable(column: Column, cell: str) -> str:
    """What a cell must be that could not be read."""
    if column.kind == "number" and cell.lstrip("+-").lower() in NOT_FINITE:
        return FINITE
    if column.kind == "number" and DECIMAL_COMMA.fullmatch(cell):
        return "be a number with a decimal point, not a comma"
    return EXPECTED.get(column.kind, "be readable")


def _with_lines(marked: pl.DataFrame, details: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """The failing rows with the lines of the file they stand on (equal rows in file order)."""
    nth = "\x00nth"
    counted = marked.with_columns(pl.int_range(pl.len()).over(names).alias(nth))
    failing = details.with_columns(pl.int_range(pl.len()).over(names).alias(nth))
    return failing.join(counted, on=[*names, nth], how="left", nulls_equal=True)


def _same_keys(table: type[Table], twice: pl.DataFrame, place: str) -> Iterator[Finding]:
    """One finding for each key that stands more than once, with every line of it."""
    keys = key(table)
    for _, rows in twice.sort(LINE).group_by(keys, maintain_order=True):
        first, *others = rows[LINE].to_list()
        where = f"line{'s'[: len(others) > 1]} {', '.join(map(str, others))}"
        must, got = f"be the only row with its {', '.join(keys)}", f"the same key in {where}"
        yield Finding(place, row_key(table, rows.to_dicts()[0]), "", must, got, line=first)


def _breach(table: type[Table], name: str, row: dict[str, Any], place: str) -> Finding:
    column_name, _, rule = name.rpartition("|")
    if not column_name:
        must = f"keep the rule '{name.replace('_', ' ')}'"
        return Finding(place, row_key(table, row), "", must, "", line=row[LINE])
    column = next(c for c in columns(table) if c.name == column_name)
    got = _shown(row[column_name], column)
    return Finding(
        place, row_key(table, row), column_name, _must(column, rule), got, line=row[LINE]
    )


def _must(column: Column, rule: str) -> str:
    told = column.kind == "number" and column.unit and not column.unit.startswith("as ")
    unit = f" {column.unit}" if told else ""
    match rule:
        case "nullability":
            return "be given"
        case "min":
            return f"be at least {column.least:g}{unit}"
        case "max":
            return f"be at most {column.most:g}{unit}"
        case "check__length":
            return f"be at most {column.most:g} characters long"
        case "check__code" | "check_code" | "code":
            return f"be one of {', '.join(column.codes)}"
        case "inf" | "nan":
            return FINITE
        case _:
            return f"keep the rule '{rule.replace('_', ' ')}'"


def _unexplained(table: type[Table], frame: pl.DataFrame, place: str) -> list[Finding]:
    """Values that are missing without a reason, where the table has a column for the reason."""
    findings: list[Finding] = []
    for column in columns(table):
        if not column.reason_of:
            continue
        silent = pl.col(column.name).is_null()
        for name in column.reason_of:
            silent &= pl.col(name).is_null()
        findings += [
            Finding(
                place,
                row_key(table, row),
                column.name,
                f"be given where {' and '.join(column.reason_of)} is missing",
                "nothing",
                f"One of {', '.join(column.codes)}",
                "warning",
            )
            for row in frame.filter(silent).to_dicts()
        ]
    return findings


def row_key(table: type[Table], row: dict[str, Any]) -> str:
    """The key of a row in words: `subject 001-004, number 2`."""
    parts = []
    for name in key(table):
        value = row.get(name)
        parts.append(f"{name} {'missing' if value is None else _plain(value)}")
    return ", ".join(parts)


def _shown(value: Any, column: Column) -> str:
    if value is None:
        return "nothing"
    if column.private:
        return "a value that is not shown here"
    shown = _plain(value)
    return shown if len(shown) <= SHOWN else shown[:SHOWN] + "..."


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)
