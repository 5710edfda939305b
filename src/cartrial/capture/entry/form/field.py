"""A field of a form as its page needs it, made of the column that declares it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cartrial import schema as s
from cartrial.capture.deployment import deployment
from cartrial.capture.entry.form.layout import DECIDED, LAYOUT, LONG
from cartrial.capture.ledger.row import CAPTURED, SUBJECT
from cartrial.forms.product import unit_in

FEW = 5  # codes that stand beside each other; more are a list to choose from
HINTS = {
    "date": "YYYY-MM-DD",
    "moment": "YYYY-MM-DD HH:MM",
    "partial": "as far as known: 2024, 2024-05, 2024-05-03, or with time",
}
LENGTH = {"date": 10, "moment": 19, "partial": 19, "number": 30, "count": 20}
MOST = 4000  # characters of a text without a limit of its own


@dataclass(frozen=True)
class Field:
    """One field: how it is asked, and what may stand in it."""

    name: str
    label: str
    kind: str  # text, long, choice, select, date, moment, partial, number, count
    hint: str
    options: tuple[str, ...]
    unknown: str  # the words of the empty choice; empty where something must be chosen
    required: bool
    key: bool
    most: int
    explains: tuple[str, ...]  # the fields whose absence it explains
    decided: str  # the page on which it is decided; empty where it is typed in

    @property
    def is_chosen(self) -> bool:
        """Whether it is a set of choices beside each other."""
        return self.kind == "choice"

    @property
    def is_date(self) -> bool:
        """Whether it is a date, with or without its time."""
        return self.kind in HINTS

    @property
    def unit(self) -> str:
        """The unit of a number that has one of its own."""
        is_own = self.kind == "number" and not self.hint.startswith("in the unit")
        return self.hint.partition(",")[0] if is_own else ""

    @property
    def mode(self) -> str:
        """The keyboard that a phone shows."""
        return {"number": "decimal", "count": "numeric"}.get(self.kind, "text")


@cache
def fields_of(form: str) -> tuple[Field, ...]:
    """The fields of a form, in the order of its declaration."""
    declared = s.columns(CAPTURED[form])
    labels = {column.name: column.label for column in declared}
    return tuple(_field(form, column, labels) for column in declared)


def labels_of(form: str) -> Mapping[str, str]:
    """The label of each field of a form."""
    return {field.name: field.label for field in fields_of(form)}


@cache
def groups_of(form: str) -> tuple[tuple[str, tuple[Field, ...]], ...]:
    """The fields of a form under their headings; the subject, which the page fixes, left out."""
    by_name = {field.name: field for field in fields_of(form)}
    names = LAYOUT.get(form, (("", tuple(by_name)),))
    fixed = () if form == "demographics" else (SUBJECT,)
    return tuple(
        (heading, tuple(by_name[name] for name in listed if name not in fixed))
        for heading, listed in names
    )


def _field(form: str, column: s.Column, labels: Mapping[str, str]) -> Field:
    options = ("yes", "no") if column.kind == "flag" else column.codes
    empty = "not known" if column.kind == "flag" else "not recorded"
    return Field(
        name=column.name,
        label=column.label,
        kind=_kind(column, options),
        hint=_hint(column, labels),
        options=options,
        unknown=empty if column.nullable else "",
        required=not column.nullable,
        key=column.key,
        most=_most(column),
        explains=column.reason_of,
        decided=DECIDED.get((form, column.name), ""),
    )


def _kind(column: s.Column, options: tuple[str, ...]) -> str:
    if options:
        return "choice" if len(options) <= FEW else "select"
    if column.kind == "text":
        return "long" if column.name in LONG else "text"
    return column.kind


def _most(column: s.Column) -> int:
    if column.kind == "text":
        return int(column.most) if column.most else MOST
    return LENGTH.get(column.kind, MOST)


def _hint(column: s.Column, labels: Mapping[str, str]) -> str:
    if column.kind in HINTS:
        return HINTS[column.kind]
    if column.kind not in ("number", "count"):
        return ""
    unit = unit_in(deployment().study.doses.unit, column)
    if unit.startswith("as "):
        unit = f"in the unit under “{labels[unit.removeprefix('as ')]}”"
    elif unit in ("count", "number"):
        unit = ""
    return ", ".join(part for part in (unit, column.limits) if part)
