"""One row of a form as texts: read, checked by its declaration, and brought to its one spelling."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import polars as pl

from cartrial import schema as s
from cartrial.capture.trail.verify_trail import canonical
from cartrial.forms.catalogue import FORMS

SUBJECT = "subject"
# it stands in addresses and in names of files; forms of another system may have other keys
SUBJECT_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
SUBJECT_MUST = "must be of letters, digits, - _ and . (at most 20), as 001-004"
NOT_CAPTURED = frozenset({"published_margin"})  # what a publication gives, not what a trial enters
CAPTURED: Mapping[str, type[s.Table]] = {
    name: table for name, table in FORMS.items() if name not in NOT_CAPTURED
}
OF_SUBJECT = frozenset(
    form for form, table in CAPTURED.items() if SUBJECT in (c.name for c in s.columns(table))
)


@dataclass(frozen=True)
class Row:
    """A row that keeps to its declaration: column to text; what is empty is absent."""

    form: str
    subject: str
    key: str
    cells: Mapping[str, str]
    typed: pl.DataFrame | None = field(default=None, compare=False, repr=False)

    @property
    def frame(self) -> pl.DataFrame:
        """The row as its declared table."""
        return typed_rows(self.form, [self.cells]) if self.typed is None else self.typed


def key_columns(form: str) -> list[str]:
    """The columns of a form's key, beside the subject."""
    return [name for name in s.key(CAPTURED[form]) if name != SUBJECT]


def key_of(form: str, cells: Mapping[str, str]) -> str:
    """The key of a row as a JSON list of texts, beside the subject."""
    return canonical([cells.get(name, "") for name in key_columns(form)])


def key_cells(form: str, key: str) -> dict[str, str]:
    """The cells of a key."""
    return dict(zip(key_columns(form), json.loads(key), strict=True))


def read_row(form: str, cells: Mapping[str, str]) -> tuple[Row | None, list[s.Finding]]:
    """The row that was typed in, or null; and what breaks its declaration."""
    table = CAPTURED[form]
    named = {column.name: cells.get(column.name, "") or None for column in s.columns(table)}
    raw = pl.DataFrame([named], schema=dict.fromkeys(named, pl.String))
    parsed = s.parse(table, raw, place=form)
    if parsed.frame.height == 0:
        return None, parsed.findings
    spelled = s.to_text(table, parsed.frame).to_dicts()[0]
    kept = {name: cell for name, cell in spelled.items() if cell is not None}
    row = Row(form, kept.get(SUBJECT, ""), key_of(form, kept), kept, parsed.frame)
    return row, parsed.findings


def typed_rows(form: str, rows: Sequence[Mapping[str, str]]) -> pl.DataFrame:
    """Cells of rows that keep to their declaration, as the declared table."""
    table = CAPTURED[form]
    cells = {name: [row.get(name) for row in rows] for name in table.columns()}
    return s.from_text(table, pl.DataFrame(cells, dict.fromkeys(cells, pl.String)))


def stored_rows(form: str, stored: Sequence[str]) -> pl.DataFrame:
    """The same of cells as they are stored: each row a JSON object of texts."""
    cells = pl.Series(stored, dtype=pl.String).str.json_decode(_stored_as(form))
    return s.from_text(CAPTURED[form], cells.struct.unnest())


@cache
def _stored_as(form: str) -> pl.Struct:
    return pl.Struct({column.name: pl.String for column in s.columns(CAPTURED[form])})


def rows_of(form: str, frame: pl.DataFrame) -> list[Row]:
    """The rows of a form's declared table, each as `read_row` gives it."""
    spelled = s.to_text(CAPTURED[form], frame).to_dicts()
    every = [{name: cell for name, cell in row.items() if cell is not None} for row in spelled]
    return [Row(form, kept.get(SUBJECT, ""), key_of(form, kept), kept) for kept in every]


def changed(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, list[str | None]]:
    """Each column whose cell is another, with the old and the new one."""
    return {
        name: [old.get(name), new.get(name)]
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    }
