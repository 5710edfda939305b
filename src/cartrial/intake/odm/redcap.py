"""REDCap's ODM as its project: the data dictionary and the records that a CSV export would hold.

Reading: an instrument repeats where the project says so of it and its event, or where the file
    holds more than its first instance; an event that repeats has its instance on every row.
"""

from collections.abc import Iterator

import polars as pl

from cartrial.errors import DataError
from cartrial.intake.odm.clinical import Clinical, Key
from cartrial.intake.odm.form_tables import with_own_lines
from cartrial.intake.odm.metadata import Item, Metadata
from cartrial.intake.redcap.dictionary import Dictionary, with_missing
from cartrial.intake.redcap.field import TYPES, Field, read_choices
from cartrial.intake.redcap.header import (
    EVENT,
    INSTANCE,
    INSTRUMENT,
    OWN,
    expected,
    survey_time,
)
from cartrial.intake.source import LINE

RENAMED = {"textarea": "notes", "select": "dropdown"}


def to_dictionary(metadata: Metadata, *, place: str) -> Dictionary:
    """The data dictionary of the project."""
    fields: dict[str, Field] = {}
    notes: dict[str, str] = {}
    for form, item in _items(metadata):
        name = item.about.get("redcap:Variable") or item.oid
        if name not in (f"{form}_complete", f"{form}_timestamp") and name not in fields:
            fields[name] = _field(name, form, item, f"{place}: field {name}")
            notes[name] = item.about.get("redcap:FieldAnnotation", "")
    if metadata.record not in fields:
        raise DataError(
            f"{place}: the record id must be an item of the project, got {metadata.record}"
        )
    ordered = [metadata.record, *(name for name in fields if name != metadata.record)]
    given = read_choices(metadata.missing, place=f"{place}: missing data codes")
    whole = with_missing(
        [fields[name] for name in ordered], [notes[name] for name in ordered], given, place=place
    )
    return Dictionary(whole, place)


def _items(metadata: Metadata) -> Iterator[tuple[str, Item]]:
    """Each item with the name of its form."""
    for form in metadata.forms.values():
        for group in form.groups:
            for oid in metadata.groups[group].items if group in metadata.groups else ():
                if oid in metadata.items:
                    yield form.name, metadata.items[oid]


def _field(name: str, form: str, item: Item, place: str) -> Field:
    said = item.about.get("redcap:FieldType", "text")
    type_ = RENAMED.get(said, said if said in TYPES else "text")
    boxes = item.about.get("redcap:CheckboxChoices", "")
    choices = read_choices(boxes, place=place) if type_ == "checkbox" else item.choices
    return Field(
        name=name,
        form=form,
        type=type_,
        label=item.label,
        choices=choices,
        note=item.about.get("redcap:FieldNote", ""),
        validation=item.about.get("redcap:TextValidationType", "").lower(),
        private=item.about.get("redcap:Identifier") == "y",
    )


def to_records(clinical: Clinical, metadata: Metadata, project: Dictionary) -> pl.DataFrame:
    """The records as a raw CSV export holds them."""
    repeating = _repeating(clinical, metadata)
    records: dict[tuple[str, ...], dict[str, str | None]] = {}
    for rows in clinical.subjects.values():
        for key, row in rows.items():
            subject, event, again, form, instance, *_ = key
            named = metadata.events.get(event, event)
            name = metadata.forms[form].name if form in metadata.forms else form
            repeats = (event, form) in repeating
            number = instance if repeats else again if (event, "") in repeating else ""
            place = (subject, named, name if repeats else "", number)
            cells = records.setdefault(place, {LINE: str(row.line)})
            cells |= row.values
    names = [one.name for one in expected(project)]
    first = (project.record.name, EVENT.name, INSTRUMENT.name, INSTANCE.name)
    filled = [
        {**cells, **dict(zip(first, (part or None for part in place), strict=True))}
        for place, cells in records.items()
    ]
    schema = {name: pl.String for name in (LINE, *names)}
    frame = pl.DataFrame(filled, schema=schema, orient="row", strict=True)
    own = {one.name for one in OWN} | {survey_time(form).name for form in project.forms}
    if metadata.events:
        own.remove(EVENT.name)
    if metadata.repeating:
        own -= {INSTRUMENT.name, INSTANCE.name}
    silent = {name for name in own if frame[name].null_count() == frame.height}
    shown = [name for name in names if name not in silent]
    return with_own_lines(frame.select(pl.col(LINE).cast(pl.Int64), *shown))


def _repeating(clinical: Clinical, metadata: Metadata) -> set[tuple[str, str]]:
    """The OIDs of event and form where a form repeats; of an event alone where that does."""
    said = metadata.repeating
    alone = {form for _, form in said}
    found: set[tuple[str, str]] = set()
    keys: list[Key] = [key for rows in clinical.subjects.values() for key in rows]
    for key in keys:
        event, again, form, instance = key[1:5]
        named = metadata.events.get(event, event)
        name = metadata.forms[form].name if form in metadata.forms else form
        if (named, "") in said or again not in ("", "1"):
            found.add((event, ""))
        if (named, name) in said or (not event and name in alone) or instance not in ("", "1"):
            found.add((event, form))
    return found
