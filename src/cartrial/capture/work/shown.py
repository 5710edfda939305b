"""Rows and changes as a person reads them before signing: labels of the forms, no column names."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cartrial import schema as s
from cartrial.capture.ledger.read import Step
from cartrial.capture.ledger.row import CAPTURED, SUBJECT
from cartrial.capture.state.act import Place
from cartrial.capture.state.shown.words import labels_of, spaced, title
from cartrial.capture.state.verb.sign import Row


@dataclass(frozen=True)
class Sheet:
    """The rows of one form that a signature covers; `voided` rows are shown struck through."""

    title: str
    labels: tuple[str, ...]
    rows: tuple[tuple[bool, tuple[str, ...]], ...]  # whether it is voided, and its cells


@dataclass(frozen=True)
class Change:
    """One entry that changed a record: what of it, from what, to what."""

    step: Step
    place: Place
    cells: tuple[tuple[str, str, str], ...]  # label, old, new


def sheets(rows: Iterable[Row]) -> list[Sheet]:
    """The rows by form, in the order of the catalogue."""
    by_form: dict[str, list[Row]] = {}
    for row in rows:
        by_form.setdefault(row[1], []).append(row)
    return [_sheet(form, by_form[form]) for form in CAPTURED if form in by_form]


def _sheet(form: str, rows: list[Row]) -> Sheet:
    cells = [json.loads(row[5]) for row in rows]
    columns = [
        column
        for column in s.columns(CAPTURED[form])
        if column.name != SUBJECT and any(column.name in one for one in cells)
    ]
    labels = tuple(f"{c.label} ({c.unit})" if _is_unit(c.unit) else c.label for c in columns)
    shown = tuple(
        (row[4], tuple(spaced(one.get(column.name, "")) for column in columns))
        for row, one in zip(rows, cells, strict=True)
    )
    return Sheet(title(form), labels, shown)


def changes(steps: Iterable[Step]) -> list[Change]:
    """Each step with the labels of what it changed."""
    made = []
    for step in steps:
        entry = step.entry
        labels = labels_of(entry.form)
        cells = tuple(
            (labels.get(name, name), spaced(old or ""), spaced(new or ""))
            for name, (old, new) in (step.changes or {}).items()
        )
        made.append(Change(step, Place(entry.subject, entry.form, entry.key), cells))
    return made


def said_in(form: str, content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an entry says beside its changes, name by name, in words."""
    labels = labels_of(form)
    named = {name: value for name, value in content.items() if name != "changes"}
    said = [(n, labels[v] if n == "field" and v in labels else _words(v)) for n, v in named.items()]
    return [(name.replace("_", " "), words) for name, words in said if words]


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_words(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_words(one) for one in value if one)
    return spaced(str(value))


def _is_unit(unit: str | None) -> bool:
    return bool(unit) and unit not in ("number", "count", "grade", "level")
