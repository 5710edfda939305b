"""Signs as a bedside form records them: their labels and their words, from its declaration."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from cartrial import schema as s


def label(form: type[s.Table], name: str) -> str:
    """The label of a sign on its form."""
    return _columns(form)[name].label


def labels(form: type[s.Table], names: Sequence[str]) -> tuple[str, ...]:
    """The labels of some signs, in the order of the form."""
    return tuple(column.label for column in _columns(form).values() if column.name in names)


def inputs(form: type[s.Table], signs: object) -> tuple[tuple[str, str], ...]:
    """The signs that are known, label and words with unit, in the order of the form."""
    known = ((column, getattr(signs, name, None)) for name, column in _columns(form).items())
    return tuple(
        (column.label, _words(column, value)) for column, value in known if value is not None
    )


@cache
def _columns(form: type[s.Table]) -> dict[str, s.Column]:
    return {column.name: column for column in s.columns(form)}


def _words(column: s.Column, value: Any) -> str:
    if column.kind == "flag":
        return "yes" if value else "no"
    if column.kind == "number":
        return f"{value:g} {column.unit}"
    if column.kind == "count":
        unit = column.unit or ""
        return f"{value} {unit.removesuffix('s') if value == 1 else unit}"
    return str(value)
