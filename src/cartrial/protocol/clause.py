"""DLT clauses and pause rules as data: which toxicity, of which grade, for how long.

    - {id: crs-4, name: CRS of grade 4, toxicity: CRS, grade: 4}
    - id: crs-3
      name: CRS of grade 3 or higher, not at grade 2 or lower within 72 h
      toxicity: CRS
      grade: 3
      not_to_grade: 2
      within: 72 h
    - id: lasting
      name: Other non-haematological toxicity of grade 3 or higher for more than 7 days
      toxicity: adverse event
      group: non-haematological
      grade: 3
      longer_than: 7
      excluding: {organ_classes: [Investigations], terms: [Hypogammaglobulinaemia]}
    - id: neutropenia
      name: Neutropenia of grade 4 for more than 28 days
      toxicity: laboratory
      analyte: NEUT
      direction: low
      grade: 4
      longer_than: 28

What each key means is said in docs/how-to/write-dlt-clauses.md.
"""

import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from cartrial.protocol.part import Part
from cartrial.units import ANALYTES

ToxicityKind = Literal["CRS", "ICANS", "adverse event", "laboratory"]
Group = Literal["haematological", "non-haematological"]
Cause = Literal["lymphodepletion", "apheresis", "bridging", "disease", "other"]
ID = r"^[a-z0-9][a-z0-9-]{0,19}$"
HOURS = 24  # in a day


class Excluding(Part):
    """What a clause leaves out: by term, organ class, group, or an attribution to a cause alone."""

    terms: tuple[str, ...] = ()
    organ_classes: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    due_only_to: tuple[Cause, ...] = ()


class Selection(Part):
    """Which toxicity meets a condition, from which grade on, and for how long.

    `any` is every toxicity but laboratory values. `related` asks for an attribution to the CAR-T,
    for which a missing answer counts. Without a duration the grade alone meets the condition.
    """

    toxicity: Literal["CRS", "ICANS", "adverse event", "laboratory", "any", "DLT rate"]
    terms: tuple[str, ...] = ()
    organ_classes: tuple[str, ...] = ()
    group: Group | None = None
    analyte: str = Field(default="", max_length=8)
    direction: Literal["low", "high"] | None = None
    grade: int = Field(default=1, ge=1, le=5)  # at least
    related: bool = True
    longer_than: int | None = Field(default=None, ge=0)  # days: end minus onset is greater
    not_to_grade: int | None = Field(default=None, ge=0, le=4)
    within: str = ""  # hours or days: `72 h`, `7 d`
    excluding: Excluding = Excluding()

    @field_validator("within")
    @classmethod
    def _is_a_time(cls, value: str) -> str:
        if value and not re.fullmatch(r"[1-9]\d* [hd]", value):
            raise ValueError("must be a number with h or d, as in 72 h or 7 d")
        return value

    @model_validator(mode="after")
    def _one_duration(self) -> "Selection":
        if (self.not_to_grade is None) == bool(self.within):
            raise ValueError("not_to_grade and within must be given together")
        if self.longer_than is not None and self.within:
            raise ValueError("longer_than must stand without not_to_grade, got both")
        if self.not_to_grade is not None and self.not_to_grade >= self.grade:
            raise ValueError(
                f"not_to_grade must be below the grade {self.grade}, got {self.not_to_grade}"
            )
        return self

    @model_validator(mode="after")
    def _a_laboratory_value_is_named(self) -> "Selection":
        named = bool(self.analyte) and self.direction is not None
        if self.toxicity == "laboratory" and not named:
            raise ValueError("a laboratory toxicity must have an analyte and a direction")
        if self.analyte and self.analyte not in ANALYTES:
            raise ValueError(f"analyte must be a code of the data dictionary, got {self.analyte}")
        if self.toxicity != "laboratory" and (self.analyte or self.direction):
            raise ValueError("analyte and direction must stand with toxicity: laboratory only")
        chosen = self.terms or self.organ_classes or self.group
        if chosen and self.toxicity not in ("adverse event", "any"):
            raise ValueError(
                "terms, organ_classes and group must stand with an adverse event or any, "
                f"got {self.toxicity}"
            )
        return self

    @property
    def floor(self) -> int:
        """The grade at which the toxicity is over for this condition."""
        return self.grade - 1 if self.not_to_grade is None else self.not_to_grade

    @property
    def hours(self) -> int | None:
        """The hours that the toxicity must outlast, where the clause counts in hours."""
        return int(self.within.split()[0]) if self.within.endswith("h") else None

    @property
    def days(self) -> int | None:
        """The days that the toxicity must outlast, where the clause counts in days."""
        return int(self.within.split()[0]) if self.within.endswith("d") else self.longer_than


class Clause(Selection):
    """A DLT clause; `window` is its own where it is shorter than that of the DLT."""

    id: str
    name: str = Field(min_length=1)
    active: bool = True
    window: int | None = Field(default=None, gt=0)  # days from the infusion

    @field_validator("id")
    @classmethod
    def _is_short_and_plain(cls, value: str) -> str:
        if not re.fullmatch(ID, value):
            raise ValueError("must be 1 to 20 small letters, digits and hyphens")
        return value

    @model_validator(mode="after")
    def _is_of_one_subject(self) -> "Clause":
        if self.toxicity == "DLT rate":
            raise ValueError("a DLT clause must name a toxicity, got DLT rate")
        return self


class PauseRule(Selection):
    """A condition that pauses the trial: at least `count` subjects with such a toxicity.

    For the DLT rate the trial pauses once P(rate > design target) at a dose exceeds `probability`.
    """

    name: str
    count: int = Field(default=1, ge=1)
    probability: float | None = Field(default=None, gt=0, lt=1)
