"""A newer import against the forms that are there already: what is added, changed, and gone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from cartrial import files
from cartrial import schema as s
from cartrial.errors import DataError
from cartrial.forms.catalogue import FORMS, Forms


@dataclass(frozen=True)
class Change:
    """How the rows of a form differ from those that are there; keys are in words."""

    form: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    vanished: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"{self.form}: {len(self.added)} added, {len(self.changed)} changed, "
            f"{self.unchanged} unchanged, {len(self.vanished)} vanished"
        )


def read_present(folder: Path, forms: Forms) -> Forms:
    """The forms of the import as they stand in a folder already; a faulty one is refused."""
    tables: dict[str, pl.DataFrame] = {}
    for name, _ in forms:
        place = folder / f"{name}.csv"
        if not place.is_file():
            continue
        parsed = s.parse(FORMS[name], files.read_csv(place), place=str(place))
        faults = s.errors(parsed.findings)
        if faults:
            raise DataError(f"{s.summary(faults)}. Mend it, or move it away")
        tables[name] = parsed.frame
    return Forms(tables)


def compare(fresh: Forms, present: Forms) -> tuple[Change, ...]:
    """What the fresh forms change, form by form."""
    return tuple(_change(name, frame, present.of(FORMS[name])) for name, frame in fresh)


def with_vanished(fresh: Forms, present: Forms) -> Forms:
    """The fresh forms with the rows that are only in the present ones, after theirs."""
    tables = dict(fresh.tables)
    for name, frame in fresh:
        old = present.of(FORMS[name])
        gone = old.join(frame, on=s.key(FORMS[name]), how="anti", maintain_order="left")
        tables[name] = pl.concat([frame, gone.select(frame.columns)])
    return Forms(tables)


def _change(name: str, fresh: pl.DataFrame, present: pl.DataFrame) -> Change:
    table = FORMS[name]
    new, old = dict(_by_key(table, fresh)), dict(_by_key(table, present))
    return Change(
        name,
        tuple(key for key in new if key not in old),
        tuple(key for key, row in new.items() if key in old and old[key] != row),
        sum(old.get(key) == row for key, row in new.items()),
        tuple(key for key in old if key not in new),
    )


def _by_key(table: type[s.Table], frame: pl.DataFrame) -> Iterator[tuple[str, tuple[object, ...]]]:
    names = [column.name for column in s.columns(table)]
    for row in s.to_text(table, frame.select(names)).to_dicts():
        yield s.row_key(table, row), tuple(row.values())
