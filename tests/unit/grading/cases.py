"""Assessments written as text tables, as a haematologist would read them out."""

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any, TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.grading.grade import Grade

Signs = TypeVar("Signs")


def assessments(table: type[s.Table], text: str, **fixed: str) -> pl.DataFrame:
    """The rows of a text table: two spaces part the columns, `?` is unknown, `fixed` is on each.

    Columns that the table does not declare stay as text.
    """
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in text.strip().splitlines())
    rows = [
        {"subject": "001-001", "at": f"2025-03-01T{n:02}:00"}
        | fixed
        | dict(zip(header, line, strict=True))
        for n, line in enumerate(lines)
    ]
    raw = pl.DataFrame(rows).with_columns(pl.all().replace("?", None))
    names = [column.name for column in s.columns(table) if column.name in raw.columns]
    parsed = s.parse(table, raw.select(names), place="table")
    assert not s.errors(parsed.findings), parsed.findings
    return pl.concat([parsed.frame.select(names), raw.drop(names)], how="horizontal")


def cases(
    table: type[s.Table], signs: Callable[..., Signs], text: str, **fixed: str
) -> Iterator[tuple[Signs, dict[str, Any]]]:
    """The signs of each row, and the whole row."""
    wanted = {field.name for field in fields(signs)}  # type: ignore[arg-type]  # signs are dataclasses
    for row in assessments(table, text, **fixed).to_dicts():
        yield signs(**{name: row[name] for name in wanted & row.keys()}), row


def span(grade: Grade) -> str:
    """A grade as the tables write it: `3`, or `2 to 4` where it is not settled."""
    return str(grade.lowest) if grade.certain is not None else f"{grade.lowest} to {grade.highest}"
