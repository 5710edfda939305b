"""The methods of the analyses: one for each way a cell is made up, one operation a statistic.

Source: CDISC Analysis Results Standard 1.0, AnalysisMethod and Operation
Reading: a result pattern has an X for each digit that is always shown, `X.X` is one decimal. A text
has no pattern.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cartrial.results.result import STATISTICS, Cell, Row
from cartrial.results.statistic import PERCENT_DIGITS, shown_number

WORDS: Mapping[Cell, str] = {
    "n (%)": "Subjects counted, and their percent of the group",
    "n/N (%)": "Subjects counted, of how many, and their percent",
    "n/N (%) [interval]": "Subjects counted, of how many, their percent and its interval",
    "n": "Count",
    "value": "One value",
    "value [interval]": "An estimate and its interval",
    "value (cv)": "Geometric mean and geometric coefficient of variation",
    "percent [interval]": "A percent and its interval",
    "mean (sd)": "Mean and standard deviation",
    "median (min, max)": "Median, least and greatest value",
    "median [q1, q3]": "Median and quartiles",
    "events (subjects)": "Events counted, and the subjects who had them",
    "text": "As recorded, or said in words",
}
COUNTS = ("n", "of", "events")
OF_SUBJECTS: Collection[Cell] = ("n (%)", "n/N (%)", "n/N (%) [interval]", "n")
SHARES: Collection[Cell] = ("n/N (%) [interval]", "percent [interval]")
USUAL_DIGITS = 1
SIZE = "MTH.size"  # the N of a column


@dataclass(frozen=True)
class Method:
    """A way to make up a cell, and the statistics that are computed for it."""

    id: str
    cell: Cell
    digits: int
    statistics: tuple[str, ...]

    def operation(self, statistic: str) -> str:
        """The identifier of the operation that gives a statistic."""
        return f"{self.id}.{statistic.replace(' ', '_')}"

    def relation(self, statistic: str) -> str:
        """The identifier of the part that a statistic plays in the percent."""
        return f"{self.operation('percent')}.{statistic}"

    @property
    def is_share(self) -> bool:
        """Whether the percent is of two counts beside it."""
        return {"n", "of", "percent"} <= set(self.statistics)


def methods(used: Mapping[tuple[Cell, int], Collection[str]]) -> tuple[Method, ...]:
    """A method for each kind of cell and number of digits, with the statistics used in any."""
    kinds = list(WORDS)
    return tuple(
        Method(
            f"MTH.{kinds.index(cell) + 1}.{digits}",
            cell,
            digits,
            tuple(name for name in STATISTICS if name in used[cell, digits]),
        )
        for cell, digits in sorted(used, key=lambda one: (kinds.index(one[0]), one[1]))
    )


def decimals(cell: Cell, statistic: str, digits: int) -> int:
    """The decimals of a statistic in a cell whose row has so many digits."""
    if statistic in COUNTS or statistic == "cv":
        return 0
    if statistic == "percent" or (cell in SHARES and statistic in ("lower", "upper")):
        return PERCENT_DIGITS
    return digits


def formatted(row: Row, value: Mapping[str, Any]) -> str:
    """A result as it is shown: rounded, in words, or why there is none."""
    if value["value"] is not None and row.cell is not None:
        return shown_number(value["value"], decimals(row.cell, value["statistic"], row.digits))
    return str(value["text"] or value["why_missing"] or "")


def pattern(places: int) -> str:
    """The result pattern of a number with so many decimals."""
    return "X." + "X" * places if places else "X"


def as_ars(method: Method) -> dict[str, Any]:
    """The method as CDISC has it."""
    return {
        "id": method.id,
        "name": method.cell,
        "label": WORDS[method.cell],
        "description": f"{WORDS[method.cell]}; {method.digits} decimals where not a count",
        "operations": [
            _operation(method, statistic, order)
            for order, statistic in enumerate(method.statistics, start=1)
        ],
    }


def _operation(method: Method, statistic: str, order: int) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "id": method.operation(statistic),
        "name": statistic,
        "order": order,
    }
    if statistic != "text":
        operation["resultPattern"] = pattern(decimals(method.cell, statistic, method.digits))
    if statistic == "percent" and method.is_share:
        operation["referencedOperationRelationships"] = [
            {
                "id": method.relation(counted),
                "referencedOperationRole": {"controlledTerm": role},
                "operationId": method.operation(counted),
            }
            for counted, role in (("n", "NUMERATOR"), ("of", "DENOMINATOR"))
        ]
    return operation


def sizes_as_ars() -> dict[str, Any]:
    """The method that counts the subjects of a column."""
    return {
        "id": SIZE,
        "name": "N",
        "label": "Subjects of a column",
        "operations": [
            {"id": f"{SIZE}.n", "name": "n", "order": 1, "resultPattern": pattern(0)},
        ],
    }
