"""One case from the options of a command: each option is a column of a declared table."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from difflib import get_close_matches
from typing import Any

import polars as pl
import typer

from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.grading.grade import Grade, in_words
from cartrial.grading.signs import label

UNKNOWN = "unknown"
KEY = {"subject": "case", "at": "2000-01-01T00:00"}  # a case has none; the table asks for one


def sign(table: type[s.Table], name: str, remark: str = "") -> Any:
    """The option of one sign, named and helped by its declaration."""
    column = _columns(table)[name]
    holds = {"flag": "yes or no", "code": f"one of {', '.join(column.codes)}"}.get(column.kind)
    help_ = "; ".join(part for part in (label(table, name), holds, remark) if part) + "."
    metavar = {"flag": "YES|NO", "code": "WORD"}.get(column.kind, column.unit or "")
    return typer.Option(_option(name), metavar=metavar, help=help_, show_default=False)


def read_case(table: type[s.Table], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the columns among what is given, as text; null is unknown."""
    names = [name for name in _columns(table) if name in given]
    cells = {name: _cell(_columns(table)[name], given[name]) for name in names} | KEY
    raw = pl.DataFrame(
        {name: [cell] for name, cell in cells.items()}, schema_overrides=_text(cells)
    )
    parsed = s.parse(table, raw, place="")
    faults = s.errors(parsed.findings)
    if faults:
        raise DataError(_fault(table, faults))
    row = parsed.frame.to_dicts()[0]
    return {name: row[name] for name in names}


def show(grade: Grade, *, as_json: bool) -> None:
    """The grade, the rule that decided, what was known, what is missing and what to ask."""
    if as_json:
        typer.echo(json.dumps(as_dict(grade), ensure_ascii=False, indent=2))
        return
    typer.echo(f"{shown_words(grade)}  ({grade.scale})")
    wide = max((len(name) for name, _ in grade.inputs), default=0)
    known = [f"{name:{wide}}  {value}" for name, value in grade.inputs]
    for title, lines in (
        ("rule", [grade.rule]),
        ("inputs", known or ["nothing"]),
        ("missing", grade.missing or ["nothing"]),
        ("ask", grade.questions),
    ):
        for number, line in enumerate(lines):
            typer.echo(f"{title if number == 0 else '':8}{line}")


def shown_words(grade: Grade) -> str:
    """The grade with both ends where it is proven in part: `grade 1 or 2`."""
    if grade.lowest == 0 or grade.certain is not None:
        return grade.words
    if grade.highest == grade.lowest + 1:
        return f"{in_words(grade.lowest, grade.lowest)} or {grade.highest}"
    return f"{grade.words}, at most {grade.highest}"


def as_dict(grade: Grade) -> dict[str, Any]:
    """A grade as plain data, for machine reading."""
    told = {"words": grade.words, "certain": grade.certain, **asdict(grade)}
    return told | {"inputs": dict(grade.inputs)}


def _columns(table: type[s.Table]) -> dict[str, s.Column]:
    return {column.name: column for column in s.columns(table)}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _text(cells: Mapping[str, Any]) -> dict[str, type[pl.String]]:
    return dict.fromkeys(cells, pl.String)


def _cell(column: s.Column, given: str | None) -> str | None:
    """The text of an option; a listed word may be written small or large."""
    if given is None or given.strip().lower() == UNKNOWN:
        return None
    words = {word.lower(): word for word in column.codes}
    return words.get(given.strip().lower(), given)


def _fault(table: type[s.Table], faults: list[s.Finding]) -> str:
    """The first fault as one line, with the word that may have been meant."""
    first = faults[0]
    near = get_close_matches(first.got, _columns(table)[first.column].codes, n=1, cutoff=0.5)
    remedy = f". Did you mean {near[0]}?" if near else ""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{_option(first.column)}: must {first.must}, got {first.got}{remedy}{more}"
