"""What a cell of the report is called in a results record: its parameter and its dispersion.

    cell of the report     parameter               dispersion
    n/N (%) [interval]     count of participants   -
    median (min, max)      median                  full range
    percent [interval]     number                  confidence interval
    value [interval]       median                  confidence interval

Source: ClinicalTrials.gov, study data structure of API 2.0 (MeasureParam; the dispersion of an
    outcome measure is a text).
"""

from dataclasses import dataclass
from typing import Any

from cartrial.results.registry import limit
from cartrial.results.registry.number import Statistics, count, reason, value, written
from cartrial.results.result import Row

LEVELS = {0.8, 0.9, 0.95, 0.975, 0.99}  # of an interval, that the registry has a name for
EXACT = "Exact interval (Clopper-Pearson)."


@dataclass(frozen=True)
class Shape:
    """How the value and the limits of a measurement are found in a cell."""

    param: str
    value: str
    dispersion: str = ""
    lower: str = ""
    upper: str = ""


COUNT = Shape("COUNT_OF_PARTICIPANTS", "n")
MEDIAN = Shape("MEDIAN", "median", "Full Range", "min", "max")


def rate(level: float) -> Shape:
    """A share estimated with an interval, in percent."""
    return Shape("NUMBER", "percent", interval(level), "lower", "upper")


def median_time(level: float) -> Shape:
    """A median time with its interval."""
    return Shape("MEDIAN", "value", interval(level), "lower", "upper")


def interval(level: float) -> str:
    """The registry's name of an interval."""
    known = f"{100 * level:g}% Confidence Interval"
    return known if level in LEVELS else "Other Confidence Interval Level"


def measurement(group: str, row: Row, cell: Statistics, shape: Shape) -> dict[str, Any]:
    """A number of a group as the record holds it; where it is missing, why."""
    names = {"value": shape.value, "lowerLimit": shape.lower, "upperLimit": shape.upper}
    wanted = {field: name for field, name in names.items() if name}
    digits = 0 if shape is COUNT else row.digits
    numbers = {field: written(value(cell, name), digits) for field, name in wanted.items()}
    missing = [name for name in wanted.values() if value(cell, name) is None]
    if not missing:
        return {"groupId": group, **numbers}
    why = limit.sentences([reason(cell, missing[0])], limit.MEASUREMENT_COMMENT)
    return {"groupId": group, **numbers, "comment": why}


def analysed(cell: Statistics, shape: Shape) -> int | None:
    """How many participants stand behind a cell, where it says so itself."""
    return count(cell, "of" if shape is COUNT else "n")


def analysis(group: str, row: Row, cell: Statistics, level: float) -> dict[str, Any] | None:
    """The exact interval of a share, as an analysis of one group; none without one."""
    limits = [value(cell, name) for name in ("lower", "upper")]
    if None in limits:
        return None
    lower, upper = (written(number, row.digits) for number in limits)
    return {
        "groupIds": [group],
        "groupDescription": f"{row.label}.",
        "nonInferiorityType": "OTHER",
        "nonInferiorityComment": "An estimate in one group; no hypothesis was tested.",
        "paramType": "Percentage of participants",
        "paramValue": written(value(cell, "percent"), row.digits),
        "ciPctValue": f"{100 * level:g}",
        "ciNumSides": "TWO_SIDED",
        "ciLowerLimit": lower,
        "ciUpperLimit": upper,
        "estimateComment": EXACT,
    }
