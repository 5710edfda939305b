"""The tables of an ODM file: one for each form, one more for each group of items that repeats."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.intake.breach import without_breaches
from cartrial.intake.odm.clinical import Clinical, Key, Row
from cartrial.intake.odm.metadata import Form, Group, Item, Metadata
from cartrial.intake.source import LINE, SourceColumn, SourceTable

SUBJECT, EVENT, EVENT_AGAIN, FORM_AGAIN, GROUP_AGAIN, PLACE = (
    SourceColumn("SubjectKey", "Subject", "text"),
    SourceColumn("StudyEvent", "Study event", "text"),
    SourceColumn("StudyEventRepeatKey", "Study event, repeat", "text"),
    SourceColumn("FormRepeatKey", "Form, repeat", "text"),
    SourceColumn("ItemGroupRepeatKey", "Group of items, repeat", "text"),
    SourceColumn("Location", "Site", "text"),
)
KEYS = (SUBJECT, EVENT, EVENT_AGAIN, FORM_AGAIN, GROUP_AGAIN)
ONLY = ("", "1")  # repeat keys of what does not repeat

Rows = Mapping[Key, Row]


def form_tables(
    clinical: Clinical, metadata: Metadata, places: Mapping[str, str]
) -> tuple[tuple[SourceTable, ...], tuple[s.Finding, ...]]:
    """The tables in the order of the metadata, and the rows that are held."""
    found: dict[tuple[str, str], dict[Key, Row]] = {}
    for subject in clinical.subjects.values():
        for key, row in subject.items():
            found.setdefault((key[3], key[5]), {})[key] = row
    tables, held = [], []
    for form in _forms(found, metadata):
        for name, part in _parts(form, found, metadata):
            mine = {k: row for group in part for k, row in found.get((form.oid, group), {}).items()}
            whole = _table(name, part, mine, metadata, places, clinical.place)
            table, faults = without_breaches(whole, keys=[key.name for key in KEYS])
            tables.append(table)
            held += faults
    return tuple(tables), tuple(held)


def _forms(found: Iterable[tuple[str, str]], metadata: Metadata) -> list[Form]:
    """The forms of the metadata, with the groups and then the forms that only the data know."""
    groups = {oid: dict.fromkeys(form.groups) for oid, form in metadata.forms.items()}
    for form, group in found:
        groups.setdefault(form, {})[group] = None
    return [
        Form(oid, metadata.forms[oid].name if oid in metadata.forms else oid, tuple(inside))
        for oid, inside in groups.items()
    ]


def _parts(
    form: Form, found: Mapping[tuple[str, str], Rows], metadata: Metadata
) -> list[tuple[str, list[str]]]:
    """The tables of a form: the groups that stand once together, each that repeats alone."""
    repeating = [
        group
        for group in form.groups
        if _repeats([group], found.get((form.oid, group), {}), metadata)
    ]
    once = [group for group in form.groups if group not in repeating]
    parts = [(form.name, once)] if once else []
    for group in repeating:
        title = metadata.groups[group].name if group in metadata.groups else group
        parts.append((f"{form.name}, {title}" if len(form.groups) > 1 else form.name, [group]))
    return parts


def _repeats(part: Sequence[str], rows: Iterable[Key], metadata: Metadata) -> bool:
    """Whether a group repeats, by the metadata or by its data."""
    defined = any(metadata.groups[group].repeats for group in part if group in metadata.groups)
    return defined or any(key[6] not in ONLY for key in rows)


def _items(part: Sequence[str], rows: Rows, metadata: Metadata) -> list[Item]:
    """The items of some groups, those that only the data know at the end."""
    empty = Group("", "", repeats=False, items=())
    defined = [oid for group in part for oid in metadata.groups.get(group, empty).items]
    known = dict.fromkeys((*defined, *(oid for row in rows.values() for oid in row.values)))
    bare = Item("", "", "", "", {}, (), {})
    return [metadata.items.get(oid, replace(bare, oid=oid, name=oid)) for oid in known]


def _table(
    name: str,
    part: Sequence[str],
    rows: Rows,
    metadata: Metadata,
    places: Mapping[str, str],
    place: str,
) -> SourceTable:
    items = _items(part, rows, metadata)
    times = Counter(item.name for item in items)
    names = {item.oid: item.name if times[item.name] == 1 else item.oid for item in items}
    several = {item.oid for item in items if _has_units(item, rows, metadata)}
    columns = [*KEYS, PLACE]
    for item in items:
        unit = item.units[0] if len(item.units) == 1 and item.oid not in several else ""
        columns.append(SourceColumn(names[item.oid], item.label, item.kind, item.choices, unit))
        if item.oid in several:
            columns.append(_unit_column(names[item.oid], item))
    repeats = _repeats(part, rows, metadata)
    cells = _cells(rows, names, several, metadata, places, repeats=repeats)
    schema = {LINE: pl.Int64(), **{column.name: pl.String() for column in columns}}
    frame = with_own_lines(pl.DataFrame(cells, schema=schema, orient="row"))
    own = {column.name for column in (*KEYS, PLACE)} - {SUBJECT.name}
    silent = {one for one in own if frame[one].null_count() == frame.height}
    kept = tuple(column for column in columns if column.name not in silent)
    title = f"{place}, form {name}"
    return SourceTable(name, frame.select(LINE, *(one.name for one in kept)), kept, title)


def with_own_lines(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows by their lines in the file; by their number where several stand on one line."""
    if rows[LINE].is_unique().all():
        return rows
    return rows.with_columns(pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(LINE))


def _unit_column(name: str, item: Item) -> SourceColumn:
    return SourceColumn(f"{name} unit", f"{item.label}: unit", "text")


def _has_units(item: Item, rows: Rows, metadata: Metadata) -> bool:
    """Whether the values of an item stand in several units, or in one that it does not define."""
    given = {
        metadata.units.get(row.units[item.oid], row.units[item.oid])
        for row in rows.values()
        if item.oid in row.units
    }
    return len(item.units) > 1 or not given <= set(item.units)


def _cells(
    rows: Rows,
    names: Mapping[str, str],
    several: set[str],
    metadata: Metadata,
    places: Mapping[str, str],
    *,
    repeats: bool,
) -> list[dict[str, int | str | None]]:
    """The rows; the groups of a form that do not repeat share one."""
    together: dict[Key, dict[str, int | str | None]] = {}
    for key, row in rows.items():
        again = key[6] if repeats else ""
        named = (key[0], metadata.events.get(key[1], key[1]), key[2], key[4], again)
        if (*key[:5], again) not in together:
            said = {one.name: what or None for one, what in zip(KEYS, named, strict=True)}
            place = places.get(row.place, row.place) or None
            together[(*key[:5], again)] = {LINE: row.line, **said, PLACE.name: place}
        cells = together[(*key[:5], again)]
        for oid, value in row.values.items():
            cells[names[oid]] = value
            if oid in several:
                unit = row.units.get(oid, "")
                cells[f"{names[oid]} unit"] = metadata.units.get(unit, unit) or None
    return list(together.values())
