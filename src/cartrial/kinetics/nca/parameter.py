"""A parameter: its code, its name, its unit, and how it is computed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.value import Values

Unit = Literal[
    "concentration",
    "time",
    "time x concentration",
    "time2 x concentration",
    "1/time",
    "%",
    "half-lives",
    "points",
    "none",
]


@dataclass(frozen=True)
class Parameter:
    """A parameter; a window in days is that of a partial area."""

    code: str  # up to eight characters, its own
    name: str  # up to 40 characters
    label: str  # as a person says it
    unit: Unit
    of: Callable[[Course], Values]
    cdisc: str | None = None  # PPTESTCD of the controlled terminology; without it, there is none
    window: tuple[float, float] | None = None


def unit_of(parameter: Parameter, concentration: str | None) -> str | None:
    """The unit of a parameter; null where it hangs on that of a concentration nobody gave."""
    match parameter.unit:
        case "concentration":
            return concentration
        case "time":
            return "day"
        case "time x concentration":
            return f"day*{concentration}" if concentration else None
        case "time2 x concentration":
            return f"day*day*{concentration}" if concentration else None
        case "1/time":
            return "/day"
        case "none":
            return None
        case other:
            return other
