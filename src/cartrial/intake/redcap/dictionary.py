"""REDCap's data dictionary: the fields of a project, in its order, by the file that describes them.

Reading: the header is that of the file which the project page gives (`Variable / Field Name`) or
    that of the API (`field_name`). The first field is the record id. Codes for missing data are no
    part of the dictionary: they stand in a field's annotation, as `missing: -99, Not done | NASK,
    Not asked`; on the record id they hold for every field. Where a number, a date or a choice is
    expected, the letter codes that REDCap proposes stand for no value without being named, unless
    the annotation has `@NOMISSING`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from cartrial import files
from cartrial.errors import DataError
from cartrial.intake.redcap.field import (
    CHOSEN,
    TRUE_FALSE,
    TYPES,
    YES_NO,
    Field,
    plain,
    read_choices,
)

HEADER = {
    "name": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "section": ("Section Header", "section_header"),
    "type": ("Field Type", "field_type"),
    "label": ("Field Label", "field_label"),
    "choices": ("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
    "note": ("Field Note", "field_note"),
    "validation": (
        "Text Validation Type OR Show Slider Number",
        "text_validation_type_or_show_slider_number",
    ),
    "least": ("Text Validation Min", "text_validation_min"),
    "most": ("Text Validation Max", "text_validation_max"),
    "private": ("Identifier?", "identifier"),
    "branching": ("Branching Logic (Show field only if...)", "branching_logic"),
    "required": ("Required Field?", "required_field"),
    "alignment": ("Custom Alignment", "custom_alignment"),
    "question": ("Question Number (surveys only)", "question_number"),
    "matrix": ("Matrix Group Name", "matrix_group_name"),
    "ranking": ("Matrix Ranking?", "matrix_ranking"),
    "annotation": ("Field Annotation", "field_annotation"),
}
NEEDED = ("name", "form", "type", "label", "choices", "validation")
# The codes that REDCap proposes for missing data, without those that stand for a value.
PROPOSED = {
    "NI": "No information",
    "INV": "Invalid",
    "UNK": "Unknown",
    "NASK": "Not asked",
    "ASKU": "Asked but unknown",
    "NAV": "Temporarily unavailable",
    "MSK": "Masked",
    "NA": "Not applicable",
    "NAVU": "Not available",
    "NP": "Not present",
}
CODE = r"[\w.-]+\s*,[^|@\n]+"
MISSING = re.compile(rf"\bmissing\s*:\s*(?P<codes>{CODE}(\|\s*{CODE})*)", re.IGNORECASE)
NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Dictionary:
    """The fields of a project, of which the first is the record id, and how they were read."""

    fields: tuple[Field, ...]
    place: str
    remark: str | None = None

    @property
    def record(self) -> Field:
        """The field that names a record."""
        return self.fields[0]

    @property
    def forms(self) -> tuple[str, ...]:
        """The instruments, in their order."""
        return tuple(dict.fromkeys(field.form for field in self.fields))

    def of(self, form: str) -> tuple[Field, ...]:
        """The fields of an instrument, without the record id."""
        return tuple(field for field in self.fields[1:] if field.form == form)


def is_dictionary(path: Path) -> bool:
    """Whether a file is a data dictionary, by the beginning of its header."""
    with files.reading(path) as file:
        first = files.decoded(file.readline())[0].lstrip("\ufeff\"' ")
    return first.startswith(HEADER["name"])


def read_dictionary(path: Path, missing: Mapping[str, str] | None = None) -> Dictionary:
    """The data dictionary in a file; `missing` names more codes that stand for no value."""
    place = path.name
    text = files.read_text(path)
    cells = files.parse_csv(text.content, place=place)
    found = {
        ours: next((name for name in theirs if name in cells.columns), None)
        for ours, theirs in HEADER.items()
    }
    lacking = next((ours for ours in NEEDED if found[ours] is None), None)
    if lacking is not None:
        raise DataError(
            f"{place}: must be a REDCap data dictionary with a column {HEADER[lacking][0]}, "
            "got none. Download it under Project Setup, Data Dictionary"
        )
    named = cells.select(pl.col(theirs).alias(ours) for ours, theirs in found.items() if theirs)
    rows = named.with_columns(pl.all().fill_null("")).to_dicts()
    fields = [_field(defaultdict(str, row), place) for row in rows]
    if not fields:
        raise DataError(f"{place}: must have a field, got none")
    twice = next((name for name, n in Counter(one.name for one in fields).items() if n > 1), None)
    if twice is not None:
        raise DataError(f"{place}: a field name must stand once, got {twice} twice")
    notes = [row.get("annotation", "") for row in rows]
    whole = with_missing(fields, notes, missing or {}, place=place)
    return Dictionary(whole, place, text.remark)


def _field(row: Mapping[str, str], place: str) -> Field:
    """A row of the dictionary as a field."""
    name, type_ = row["name"].strip(), row["type"].strip().lower()
    where = f"{place}: field {name}"
    if not NAME.fullmatch(name):
        got = name or "nothing"
        raise DataError(f"{place}: a field name must be of a-z, 0-9 and _, got {got}")
    if not NAME.fullmatch(row["form"].strip()):
        raise DataError(f"{where}: form name must be of a-z, 0-9 and _, got {row['form']}")
    if type_ not in TYPES:
        raise DataError(f"{where}: field type must be one of {', '.join(TYPES)}, got {type_}")
    choices = {"yesno": YES_NO, "truefalse": TRUE_FALSE}.get(type_, {})
    if type_ in CHOSEN:
        choices = read_choices(row["choices"], place=where)
    return Field(
        name=name,
        form=row["form"].strip(),
        type=type_,
        label=plain(row["label"]),
        choices=choices,
        note=plain(row["note"]),
        validation=row["validation"].strip().lower() if type_ == "text" else "",
        private=row["private"].strip().lower() == "y",
    )


def with_missing(
    fields: Sequence[Field], annotations: Sequence[str], given: Mapping[str, str], *, place: str
) -> tuple[Field, ...]:
    """The fields with the codes that stand for no value in each."""
    first = f"{place}: field {fields[0].name}"
    common = {**_annotated(annotations[0], first), **given}
    return tuple(
        replace(one, missing=_missing(one, note, common, f"{place}: field {one.name}"))
        for one, note in zip(fields, annotations, strict=True)
    )


def _missing(field: Field, note: str, common: Mapping[str, str], place: str) -> dict[str, str]:
    if "@NOMISSING" in note.upper():
        return {}
    own = {**common, **_annotated(note, place)}
    if field.kind not in ("text", ""):
        own = {**PROPOSED, **own}
    return {code: words for code, words in own.items() if code not in field.choices}


def _annotated(note: str, place: str) -> dict[str, str]:
    """The codes of `missing: -99, Not done | NASK, Not asked`."""
    found = MISSING.search(note)
    return read_choices(found["codes"], place=f"{place}: annotation") if found else {}
