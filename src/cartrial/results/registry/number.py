"""The numbers of the results by output, row and group, and how the registry has them written.

Reading: a number is written as the report shows it, without marks between thousands, so that what
    is typed into the registry can be compared with the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cartrial.results.result import Output, Results, Row
from cartrial.results.statistic import MINUS, in_decimals, shown_number

LARGE = 1e7  # from here the report writes powers of ten, the registry does not
ABSENT = "NA"

Statistics = Mapping[str, Mapping[str, Any]]  # of one cell: statistic to its row of the long table


@dataclass(frozen=True)
class Numbers:
    """The long table, by output, row and group."""

    results: Results

    @cached_property
    def outputs(self) -> Mapping[str, Output]:
        """The tables by their id."""
        return {output.id: output for output in self.results.outputs}

    @cached_property
    def _cells(self) -> Mapping[tuple[str, int, str], Statistics]:
        found: dict[tuple[str, int, str], dict[str, Mapping[str, Any]]] = {}
        for one in self.results.values.iter_rows(named=True):
            at = (one["output"], one["row"], one["group"])
            found.setdefault(at, {})[one["statistic"]] = one
        return found

    def cell(self, output: str, row: Row, group: str) -> Statistics:
        """The statistics of a cell; empty where there is none."""
        return self._cells.get((output, row.number, group), {})

    def value(self, output: str, row: Row, group: str, statistic: str) -> float | None:
        """One number; null where it is missing."""
        return value(self.cell(output, row, group), statistic)

    def row(self, output: str, label: str) -> Row | None:
        """The first row with this label."""
        rows = self.outputs[output].rows if output in self.outputs else ()
        return next((row for row in rows if row.label == label), None)

    def below(self, output: str, heading: str) -> tuple[Row, ...]:
        """The rows that stand below a row, deeper than it; `heading` is how its label begins."""
        rows = self.outputs[output].rows if output in self.outputs else ()
        labels = [row.label for row in rows]
        begun = [n for n, label in enumerate(labels) if label.startswith(heading)]
        at = labels.index(heading) if heading in labels else next(iter(begun), None)
        if at is None:
            return ()
        rest = rows[at + 1 :]
        deep = next((n for n, row in enumerate(rest) if row.indent <= rows[at].indent), len(rest))
        return rest[:deep]


def value(statistics: Statistics, name: str) -> float | None:
    """A statistic of a cell; null where it is missing."""
    found = statistics.get(name)
    return None if found is None else found["value"]


def count(statistics: Statistics, name: str) -> int | None:
    """A statistic of a cell that counts."""
    number = value(statistics, name)
    return None if number is None else round(number)


def reason(statistics: Statistics, name: str) -> str:
    """Why a statistic of a cell is missing."""
    found = statistics.get(name)
    reasons = [found] if found else list(statistics.values())
    return next((one["why_missing"] for one in reasons if one["why_missing"]), "not available")


def written(number: float | None, digits: int) -> str:
    """A number as it is typed into the registry."""
    if number is None:
        return ABSENT
    if abs(number) >= LARGE:
        return f"{'-' if number < 0 else ''}{in_decimals(abs(number), 0)}".replace(",", "")
    return shown_number(number, digits).replace(",", "").replace(MINUS, "-")
