"""What stands on the flowsheet: assessments in columns by time, laboratory values in lines."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cartrial import schema as s
from cartrial import units
from cartrial.capture.entry.form.field import Field, fields_of
from cartrial.capture.entry.pages.page import Shown
from cartrial.capture.entry.saving.submit import Said, Sent, base_of
from cartrial.capture.ledger import read
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.read import Held
from cartrial.capture.ledger.row import CAPTURED, SUBJECT

ASSESSMENTS = ("vital_signs", "crs_assessment", "icans_assessment")
ANALYTES = (
    "HGB",
    "WBC",
    "NEUT",
    "LYM",
    "PLAT",
    "CREAT",
    "BILI",
    "ALT",
    "AST",
    "LDH",
    "CRP",
    "FERRITIN",
    "FIBRINO",
    "SODIUM",
    "K",
    "CA",
)
SPECIMENS = {"BLOOD": "blood", "SERUM": "serum", "PLASMA": "plasma", "URINE": "urine"}
NEW = "new"


@dataclass(frozen=True)
class Column:
    """One row of a form, as a column (an assessment) or a line (a laboratory value) of the day."""

    prefix: str
    form: str
    held: Held | None
    number: int
    base: int
    cells: Mapping[str, str]
    shown: Mapping[str, Shown]
    faults: tuple[str, ...]  # of the whole row

    @property
    def heading(self) -> str:
        """The time of an assessment."""
        return self.cells.get("at", "")[11:16] if self.held else "New"


def standing_of(subject: str, on: dt.date) -> dict[str, list[tuple[int, Held]]]:
    """The records of the day, by form, in order of time."""
    found: dict[str, list[tuple[int, Held]]] = {form: [] for form in (*ASSESSMENTS, "laboratory")}
    keys = Record.objects.filter(
        subject=subject, form__in=found, voided=False, key__startswith=f'["{on}'
    )
    for number, form, key in keys.order_by("key").values_list("pk", "form", "key"):
        held = read.record(subject, form, key)
        if held is not None:
            found[form].append((number, held))
    return found


def prefix_of(form: str, place: object) -> str:
    """What stands before the names of a row's fields on the page."""
    return f"{form}.{place}."


def rows_of(form: str) -> tuple[Field, ...]:
    """The fields of a form, a line each."""
    return tuple(field for field in fields_of(form) if field.name != SUBJECT)


def columns_of(
    form: str,
    there: list[tuple[int, Held]],
    sent: Sent,
    faults: Mapping[str, tuple[Said, ...]],
) -> list[Column]:
    """The rows of a form that day, and an empty one."""
    made = [_column(form, number, held, sent, faults) for number, held in there]
    return [*made, _column(form, NEW, None, sent, faults)]


def _column(
    form: str,
    place: object,
    held: Held | None,
    sent: Sent,
    faults: Mapping[str, tuple[Said, ...]],
) -> Column:
    prefix = prefix_of(form, place)
    cells = dict(held.row.cells) if held else {}
    for field in fields_of(form):
        cells[field.name] = sent.get(prefix + field.name, cells.get(field.name, ""))
    said = faults.get(prefix, ())
    fields = {
        field.name: Shown(
            field,
            prefix + field.name,
            cells[field.name],
            tuple(fault.words for fault in said if fault.column == field.name),
        )
        for field in fields_of(form)
    }
    return Column(
        prefix,
        form,
        held,
        place if isinstance(place, int) else 0,
        base_of(sent, prefix) or (held.seq if held else 0),
        cells,
        fields,
        tuple(fault.words for fault in said if not fault.column),
    )


@dataclass(frozen=True)
class LaboratoryLine:
    """An analyte of the day: its values that stand there, and one to enter."""

    analyte: str
    name: str
    there: tuple[Column, ...]
    new: Column

    @property
    def is_main(self) -> bool:
        """Whether a value can be entered here; others have their form."""
        return self.analyte in ANALYTES


def laboratory_of(
    subject: str,
    on: dt.date,
    there: list[tuple[int, Held]],
    sent: Sent,
    faults: Mapping[str, tuple[Said, ...]],
) -> list[LaboratoryLine]:
    """The main analytes, and what else was measured that day."""
    last = _last_used(subject)
    listed = dict.fromkeys((*ANALYTES, *(held.row.cells["analyte"] for _, held in there)))
    lines = []
    for analyte in listed:
        known = units.ANALYTES.get(analyte)
        before = last.get(analyte, {"unit": known.unit if known else ""})
        filled = {prefix_of("laboratory", analyte) + n: c for n, c in before.items()} | dict(sent)
        lines.append(
            LaboratoryLine(
                analyte,
                known.name if known else analyte,
                tuple(
                    _column("laboratory", number, held, sent, faults)
                    for number, held in there
                    if held.row.cells["analyte"] == analyte
                ),
                _column("laboratory", analyte, None, filled, faults),
            )
        )
    return lines


def _last_used(subject: str) -> dict[str, dict[str, str]]:
    """The unit and limits that each analyte of a subject had last."""
    forms, _ = read.forms_now()
    table = forms.tables.get("laboratory")
    if table is None:
        return {}
    own = table.filter(pl.col("subject") == subject, pl.col("unit").is_not_null()).sort("at")
    texts = s.to_text(
        CAPTURED["laboratory"], own.unique("analyte", keep="last", maintain_order=True)
    )
    return {
        row["analyte"]: {name: row[name] for name in ("unit", "low", "high") if row[name]}
        for row in texts.to_dicts()
    }
