"""One field of a REDCap project: what the data dictionary says of it, and its columns in an export.

    type                     in an export
    text, notes, calc,       one column
    slider, file, sql
    radio, dropdown          one column of codes: `1, Female | 2, Male`
    yesno, truefalse         one column, 1 or 0
    checkbox                 a column for each choice: race___1, race___2, each 1 or 0
    descriptive              none

Reading: dates stand as YYYY-MM-DD whatever order the dictionary names: that is the order on the
    screen. A comma between digits of a number is the decimal mark. The unit of a number is what its
    note says after `Unit:`, or all of the note where that is a unit. A calculated field may hold
    text. In the name of a checkbox column a code is in small letters, and what is no letter or
    digit is an underscore: -99 is race____99.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cartrial import units
from cartrial.errors import DataError
from cartrial.intake.source import Kind, SourceColumn

YES_NO = {"1": "Yes", "0": "No"}
TRUE_FALSE = {"1": "True", "0": "False"}
TICKED = {"1": "Checked", "0": "Unchecked"}
STATUS = {"0": "Incomplete", "1": "Unverified", "2": "Complete"}
CHOSEN = ("radio", "dropdown", "checkbox")
TYPES = (
    *("text", "notes", "calc", "slider", "file", "sql", "descriptive"),
    *(*CHOSEN, "yesno", "truefalse"),
)
BARE_UNIT = re.compile(r"%|°[CF]|kg|lbs?|g|cm|mm|mmHg|bpm|L")  # of what is no analyte
UNIT_NOTE = re.compile(r"^\s*units?\s*:\s*(?P<unit>.+?)\s*$", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Field:
    """A row of the data dictionary; `missing` are codes that stand for no value, and why."""

    name: str
    form: str
    type: str
    label: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    validation: str = ""
    private: bool = False
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[SourceColumn, ...]:
        """The columns of the field in an export."""
        if self.type == "descriptive":
            return ()
        if self.type == "checkbox":
            return self._boxes(self.choices, self.missing)
        one = SourceColumn(
            self.name, self.label, self.kind, self.choices, self.unit, missing=self.missing
        )
        return (one,)

    @property
    def reasons(self) -> tuple[SourceColumn, ...]:
        """The columns of a checkbox that say why nothing is ticked; an export may have them."""
        return self._boxes(self.missing, {}) if self.type == "checkbox" else ()

    def _boxes(
        self, choices: Mapping[str, str], missing: Mapping[str, str]
    ) -> tuple[SourceColumn, ...]:
        return tuple(
            SourceColumn(
                ticked(self.name, code),
                f"{self.label} (choice={words})",
                "flag",
                TICKED,
                of=self.name,
                missing=missing,
            )
            for code, words in choices.items()
        )

    @property
    def kind(self) -> Kind:
        """What a cell of the field is."""
        named: dict[str, Kind] = {
            **dict.fromkeys(("yesno", "truefalse", "checkbox"), "flag"),
            **dict.fromkeys(("radio", "dropdown"), "code"),
            "calc": "",
            "slider": "number",
        }
        return named.get(self.type, kind_of(self.validation) if self.type == "text" else "text")

    @property
    def unit(self) -> str:
        """The unit of a number, empty where the dictionary has none."""
        if self.kind not in ("number", "count") and self.type != "calc":
            return ""
        noted = UNIT_NOTE.match(self.note)
        alone = units.is_known(self.note) or BARE_UNIT.fullmatch(self.note)
        return noted["unit"] if noted else self.note if alone else ""


def kind_of(validation: str) -> Kind:
    """What a text field holds, by its validation."""
    if validation.startswith("datetime"):
        return "moment"
    if validation.startswith("date"):
        return "date"
    if validation in ("integer", "int"):
        return "count"
    return "number" if validation.startswith(("number", "float")) else "text"


def ticked(name: str, code: str) -> str:
    """The column of one choice of a checkbox."""
    return f"{name}___{re.sub('[^a-z0-9]', '_', code.lower())}"


def plain(text: str) -> str:
    """Text without its markup, on one line."""
    return " ".join(TAG.sub(" ", text).split())


def read_choices(text: str, *, place: str) -> dict[str, str]:
    """Codes and their words from `1, Female | 2, Male`; words may hold commas."""
    choices: dict[str, str] = {}
    for part in (part.strip() for part in re.split(r"\||\n", text)):
        code, comma, words = part.partition(",")
        if not part:
            continue
        if not comma or not code.strip():
            raise DataError(f"{place}: choices: must be `code, words`, got {part}")
        if code.strip() in choices:
            raise DataError(f"{place}: choices: a code must stand once, got {code.strip()} twice")
        choices[code.strip()] = plain(words)
    return choices
