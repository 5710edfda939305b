"""An adverse event of the simulated trial, before it is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Cause = Literal["related", "possibly", "unlikely", "not"]
CAUSES = ("car_t", "lymphodepletion", "apheresis", "bridging", "disease", "other")


@dataclass(frozen=True)
class Event:
    """An adverse event; times are days from the infusion day, whole unless it is clocked."""

    name: str  # by which other records of the subject refer to it
    preferred: str
    organ_class: str
    grades: tuple[tuple[float, int], ...]  # time, grade from then on
    end: float | None
    causes: Mapping[str, Cause | None]
    term: str = ""
    syndrome: Literal["CRS", "ICANS"] | None = None
    component_of: str | None = None
    proposed: bool = False  # as dose-limiting, by the investigator
    met: int | None = None  # day on which the clause was met
    dose_limiting: bool = False  # as the committee decides
    clause: str = ""
    serious: tuple[str, ...] = field(default=())

    @property
    def onset(self) -> float:
        """When it began."""
        return self.grades[0][0]

    @property
    def worst(self) -> int:
        """Its worst grade."""
        return max(grade for _, grade in self.grades)
