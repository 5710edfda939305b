"""A table as it is shown: cells of text with the subjects behind them, made from the long table.

Nothing is computed here. A cell's pattern says which statistics stand in it; numbers are rounded
for the eye and, where a number is missing, its reason is shown: in the cell when it is a few words,
else as `not estimable` with a mark and the reason under the table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from cartrial.results.result import Cell, Output, Row
from cartrial.results.statistic import PERCENT_DIGITS, shown_number

LONGEST_REASON_IN_CELL = 22  # characters
MOST_BESIDE = 2  # columns with room for an interval beside its estimate
NOTHING = "–"
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Statistics = Mapping[str, Mapping[str, Any]]  # of one cell: statistic to its row of the long table


@dataclass(frozen=True)
class ShownCell:
    """One cell: the estimate, its interval, the mark of a footnote, the subjects behind it."""

    text: str
    interval: str = ""
    mark: str = ""
    subjects: tuple[str, ...] = ()
    nothing: bool = False  # a count of zero, or no value: shown in a lighter tone
    count: bool = False  # counts subjects or events

    def __str__(self) -> str:
        return " ".join(part for part in (self.text, self.interval) if part) + self.mark


@dataclass(frozen=True)
class ShownRow:
    """One row: its label, and a cell for each column; a heading has none."""

    label: str
    indent: int
    cells: tuple[ShownCell, ...]
    repeats: bool = False  # left out on paper

    @property
    def subjects(self) -> tuple[str, ...]:
        """Every subject behind a cell of the row, once."""
        return tuple(dict.fromkeys(key for cell in self.cells for key in cell.subjects))


@dataclass(frozen=True)
class ReportTable:
    """One table or listing, ready to be shown; `empty` stands in place of its rows."""

    id: str
    title: str
    listing: bool
    population: str
    shown: str
    stub: str
    header: tuple[str, ...]
    sizes: tuple[str, ...]  # N = 18, under each header; empty where a column has none
    rows: tuple[ShownRow, ...]
    method: tuple[str, ...]
    footnotes: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]  # mark, why a value is missing
    empty: str
    sources: tuple[str, ...] = ()  # datasets and selections behind the numbers

    @property
    def stacked(self) -> bool:
        """Whether an interval stands below its estimate: many columns leave no room beside it."""
        return not self.listing and len(self.header) > MOST_BESIDE


def lay_out(output: Output, values: pl.DataFrame) -> ReportTable:
    """The table of an output, from the rows of the long table; rows of other outputs are left."""
    own = values.filter(pl.col("output") == output.id)
    cells = _cells(own)
    marks: dict[str, str] = {}
    rows = tuple(
        ShownRow(
            row.label,
            row.indent,
            tuple(
                _cell(row, cells.get((row.number, group.name), {}), marks)
                for group in (output.groups if row.cell else ())
            ),
            row.repeats,
        )
        for row in output.rows
    )
    return ReportTable(
        id=output.id,
        title=output.title,
        listing=output.kind == "listing",
        population=output.population,
        shown=output.shown,
        stub="Subject" if output.kind == "listing" and _labelled_by_subject(rows) else "",
        header=tuple(group.label for group in output.groups),
        sizes=tuple("" if group.of is None else f"N = {group.of}" for group in output.groups),
        rows=rows,
        method=output.method,
        footnotes=output.footnotes,
        reasons=tuple((mark, why) for why, mark in marks.items()),
        empty=output.empty,
        sources=tuple(own["source"].drop_nulls().unique(maintain_order=True)),
    )


def on_paper(table: ReportTable) -> ReportTable:
    """The table as it is printed: without rows that repeat, and how many of them are left out."""
    kept = tuple(row for row in table.rows if not row.repeats)
    left_out = len(table.rows) - len(kept)
    if not left_out:
        return table
    said = (
        f"Not printed: {left_out} of {len(table.rows)} rows, which judge as the row before them "
        "does; report.html has them."
    )
    return replace(table, rows=kept, footnotes=(*table.footnotes, said))


def _cells(values: pl.DataFrame) -> dict[tuple[int, str], dict[str, dict[str, Any]]]:
    found: dict[tuple[int, str], dict[str, dict[str, Any]]] = {}
    for value in values.iter_rows(named=True):
        found.setdefault((value["row"], value["group"]), {})[value["statistic"]] = value
    return found


def _labelled_by_subject(rows: Sequence[ShownRow]) -> bool:
    return any(row.label in row.subjects for row in rows)


def _cell(row: Row, statistics: Statistics, marks: dict[str, str]) -> ShownCell:
    if not statistics or row.cell is None:
        return ShownCell(NOTHING, nothing=True)
    subjects = _subjects(statistics)
    leading, missing = _leading(row.cell), _reason(statistics, _leading(row.cell))
    if missing is not None:
        word, mark = _missing(missing, marks)
        return ShownCell(word, mark=mark, subjects=subjects, nothing=True)
    text, interval, mark = _shown(row, statistics, marks)
    count = leading in ("n", "events")
    zero = count and not statistics[leading]["value"]
    return ShownCell(text, interval, mark, subjects, nothing=zero, count=count)


def _leading(cell: Cell) -> str:
    """The statistic without which a cell says nothing."""
    return cell.split("/")[0].split(" ")[0]


def _reason(statistics: Statistics, name: str) -> str | None:
    """Why a statistic has no value; null when it has one."""
    found = statistics.get(name)
    if found is None:
        return next((s["why_missing"] for s in statistics.values() if s["why_missing"]), "")
    if found["value"] is None and found["text"] is None:
        return found["why_missing"] or ""
    return None


def _missing(why: str, marks: dict[str, str]) -> tuple[str, str]:
    if not why:
        return NOTHING, ""
    if len(why) <= LONGEST_REASON_IN_CELL:
        return why, ""
    return "not estimable", _mark(why, marks)


def _mark(why: str, marks: dict[str, str]) -> str:
    if why not in marks:
        turn, letter = divmod(len(marks), len(LETTERS))
        marks[why] = LETTERS[letter] * (turn + 1)
    return marks[why]


def _subjects(statistics: Statistics) -> tuple[str, ...]:
    for found in statistics.values():
        if found["subjects"]:
            return tuple(found["subjects"].split())
    return ()


def _shown(row: Row, statistics: Statistics, marks: dict[str, str]) -> tuple[str, str, str]:
    """The estimate, its interval or range, and the mark of a reason why a limit is missing."""

    def number(name: str, digits: int = row.digits) -> str:
        return _number(statistics.get(name), digits)

    def percent(name: str = "percent") -> str:
        share = number(name, PERCENT_DIGITS)
        return share if share == NOTHING else f"{share}%"

    match row.cell:
        case "n (%)":
            return f"{number('n', 0)} ({percent()})", "", ""
        case "n/N (%)":
            return f"{number('n', 0)}/{number('of', 0)} ({percent()})", "", ""
        case "n/N (%) [interval]":
            estimate = f"{number('n', 0)}/{number('of', 0)} ({percent()})"
            return estimate, *_interval(statistics, PERCENT_DIGITS, marks)
        case "percent [interval]":
            return percent(), *_interval(statistics, PERCENT_DIGITS, marks)
        case "value [interval]":
            return number("value"), *_interval(statistics, row.digits, marks)
        case "value (cv)":
            return number("value"), *_spread(statistics, marks)
        case "n":
            return number("n", 0), "", ""
        case "mean (sd)":
            return f"{number('mean')} ({number('sd')})", "", ""
        case "median (min, max)":
            return number("median"), f"({number('min')}, {number('max')})", ""
        case "median [q1, q3]":
            return number("median"), f"[{number('q1')}, {number('q3')}]", ""
        case "events (subjects)":
            return f"{number('events', 0)} ({number('n', 0)})", "", ""
        case "text" | "value" | None:
            return number(row.cell or "text"), "", ""


def _number(found: Mapping[str, Any] | None, digits: int) -> str:
    if found is None or found["value"] is None:
        return (found or {}).get("text") or NOTHING
    return shown_number(found["value"], digits)


def _interval(statistics: Statistics, digits: int, marks: dict[str, str]) -> tuple[str, str]:
    """The interval in brackets and the mark of its reason; empty where there is none."""
    ends = [statistics.get(name) for name in ("lower", "upper")]
    if not any(ends):
        return "", ""
    reasons = [end["why_missing"] for end in ends if end and end["value"] is None]
    why = next((reason for reason in reasons if reason), None)
    lower, upper = (_number(end, digits) for end in ends)
    shown = "" if lower == upper == NOTHING else f"[{lower}, {upper}]"
    return shown, _mark(why, marks) if why else ""


def _spread(statistics: Statistics, marks: dict[str, str]) -> tuple[str, str]:
    """The coefficient of variation in brackets; where there is none, the mark of its reason."""
    found = statistics.get("cv")
    why = found["why_missing"] if found and found["value"] is None else None
    return ("", _mark(why, marks)) if why else (f"({_number(found, 0)}%)", "")


def in_population(population: str) -> str:
    """The sentence that names the population; empty where none is named."""
    return f"Population: {population.rstrip('.')}." if population else ""
