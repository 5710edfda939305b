"""How a table is filled: row by row, each cell with its numbers and the subjects behind them.

Every count is a count of subjects, and the subjects are kept. A share of nobody, and a number that
cannot be had, is missing with its reason.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.estimate.proportion import estimate_proportion
from cartrial.results.population import Column, Population, listed
from cartrial.results.result import Cell, Figure, Group, Output, Prose, Result, Row, Section
from cartrial.results.statistic import geometric_mean, in_decimals, statistics_of

NOBODY = "nobody in this group"
NOBODY_KNOWN = "nobody is known so far"
NO_VALUE = "no value"
PERCENT = "%"
ROW: dict[str, Any] = {name: None for name in Result.columns()}


@dataclass(frozen=True)
class Filled:
    """An output and the numbers of its cells, as rows of `Result`."""

    output: Output
    cells: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Drawn:
    """A figure and its tidy tables, by name."""

    figure: Figure
    data: Mapping[str, pl.DataFrame]


Part = Filled | Drawn | Prose


class Table:
    """An output under construction: rows are added from the top, `fill` ends it."""

    def __init__(self, output_id: str, population: Population, *, source: str = "") -> None:
        """Start a table with a column for each group of the population."""
        self.id = output_id
        self.population = population
        self.source = source
        self.rows: list[Row] = []
        self.cells: list[dict[str, Any]] = []

    def heading(self, label: str, *, indent: int = 0) -> None:
        """A row of words alone."""
        self._row(label, None, indent, 1)

    def count(
        self,
        label: str,
        subjects: Iterable[str],
        *,
        of: Collection[str] | None = None,
        cell: Cell = "n (%)",
        known: Collection[str] | None = None,
        level: float | None = None,
        indent: int = 0,
        variable: str = "",
    ) -> None:
        """The subjects of each group who are among `subjects`, of those among `of`.

        With a `level` the share carries its exact interval. A group of which nobody is among the
        `known` has no share: nobody's answer is known.
        """
        number = self._row(label, cell, indent, 1)
        counted, base = frozenset(subjects), None if of is None else frozenset(of)
        for column in self.population.columns:
            whole = column.subjects if base is None else column.subjects & base
            here = counted & whole
            blind = known is not None and bool(whole) and whole.isdisjoint(known)
            self._share(number, column, here, len(whole), level, variable or label, blind=blind)

    def events(self, label: str, events: Sequence[str], *, indent: int = 0) -> None:
        """How many events each group had, in how many subjects; one subject for each event."""
        number = self._row(label, "events (subjects)", indent, 0)
        for column in self.population.columns:
            here = [subject for subject in events if subject in column.subjects]
            for statistic, value in (("events", len(here)), ("n", len(set(here)))):
                self.put(number, column.name, statistic, label, value=value, subjects=here)

    def summary(
        self,
        label: str,
        values: Sequence[tuple[str, float]],
        *,
        unit: str,
        cell: Cell = "median (min, max)",
        digits: int = 1,
        indent: int = 0,
        variable: str = "",
    ) -> None:
        """What the cell shows of the values of each group; (subject, value) each.

        `n` is how many subjects have a value; one subject may have several.
        """
        number = self._row(label, cell, indent, digits)
        for column in self.population.columns:
            here = [(subject, value) for subject, value in values if subject in column.subjects]
            who = [subject for subject, _ in here]
            shown = statistics_of([value for _, value in here], cell)
            why = "one value only" if here else NO_VALUE
            for statistic, value in (("n", len(set(who))), *shown):
                at = (number, column.name, statistic, variable or label)
                self.put(*at, value=value, unit=unit, subjects=who, why=why)

    def geometric_mean(
        self,
        label: str,
        values: Sequence[tuple[str, float]],
        *,
        unit: str,
        digits: int = 1,
        indent: int = 0,
    ) -> None:
        """The geometric mean of the values of each group; there is none with a value of 0."""
        number = self._row(label, "value", indent, digits)
        for column in self.population.columns:
            here = [(subject, value) for subject, value in values if subject in column.subjects]
            mean = geometric_mean([value for _, value in here])
            why = "a value of 0" if here else NO_VALUE
            who = [subject for subject, _ in here]
            self.put(
                number, column.name, "value", label, value=mean, unit=unit, subjects=who, why=why
            )

    def missing(self, label: str, why: str, *, cell: Cell = "n", indent: int = 0) -> None:
        """A row that cannot be told for any group, and why."""
        number = self._row(label, cell, indent, 1)
        for column in self.population.columns:
            self.put(number, column.name, _main(cell), label, why=why)

    def row(self, label: str, cell: Cell, *, indent: int = 0, digits: int = 1) -> int:
        """A row whose cells are put one by one; its number."""
        return self._row(label, cell, indent, digits)

    def put(
        self,
        number: int,
        group: str,
        statistic: str,
        variable: str,
        *,
        value: float | None = None,
        text: str | None = None,
        unit: str | None = None,
        subjects: Iterable[str] | None = None,
        why: str = "",
        source: str = "",
    ) -> None:
        """One number or text; `why` is kept where there is neither."""
        absent = value is None and text is None
        self.cells.append(
            ROW
            | {
                "output": self.id,
                "row": number,
                "group": group,
                "statistic": statistic,
                "variable": variable,
                "value": None if value is None else float(value),
                "unit": unit,
                "text": text,
                "why_missing": (why or NO_VALUE) if absent else None,
                "subjects": None if subjects is None else listed(subjects),
                "source": source or self.source or None,
            }
        )

    def fill(
        self,
        section: Section,
        title: str,
        *,
        shown: str = "",
        method: Sequence[str] = (),
        footnotes: Sequence[str] = (),
        groups: Sequence[Group] | None = None,
    ) -> Filled:
        """The finished output."""
        columns = [c.group() for c in self.population.columns] if groups is None else groups
        output = Output(
            id=self.id,
            section=section,
            title=title,
            kind="table",
            population=self.population.label,
            groups=tuple(columns),
            rows=tuple(self.rows),
            shown=shown,
            method=tuple(method),
            footnotes=tuple(note for note in footnotes if note),
        )
        return Filled(output, tuple(self.cells))

    def share(self, number: int, column: Column, here: frozenset[str], variable: str) -> None:
        """One cell of a row: how many of the subjects of a column are `here`."""
        self._share(number, column, here & column.subjects, len(column.subjects), None, variable)

    def _row(self, label: str, cell: Cell | None, indent: int, digits: int) -> int:
        number = len(self.rows) + 1
        self.rows.append(Row(number, label, cell, indent, digits))
        return number

    def _share(
        self,
        number: int,
        column: Column,
        here: Collection[str],
        of: int,
        level: float | None,
        variable: str,
        *,
        blind: bool = False,
    ) -> None:
        def put(statistic: str, value: float | None, unit: str = "subjects") -> None:
            self.put(
                number,
                column.name,
                statistic,
                variable,
                value=value,
                unit=unit,
                subjects=here,
                why=NOBODY_KNOWN if blind else NOBODY,
            )

        share = estimate_proportion(x=len(here), n=0 if blind else of, level=level or 0.95)
        put("n", len(here))
        put("of", of)
        put("percent", _percent(share.rate), PERCENT)
        if level is not None:
            put("lower", _percent(share.lower), PERCENT)
            put("upper", _percent(share.upper), PERCENT)


def nothing(output_id: str, section: Section, title: str, population: str, why: str) -> Filled:
    """A table whose data were not collected: one line that says so."""
    return Filled(Output(output_id, section, title, "table", population, empty=why))


def listing(
    output_id: str,
    section: Section,
    title: str,
    *,
    population: str,
    columns: Sequence[str],
    lines: Sequence[tuple[str, Sequence[str | None]]],
    none: str,
    footnotes: Sequence[str] = (),
    source: str = "",
    of_subjects: bool = True,
    repeats: Collection[int] = (),
) -> Filled:
    """A listing: one line for each (subject, cells); `none` is said where there is no line.

    Where it is not `of_subjects`, a line begins with something else than a subject. The lines whose
    place, from 0, is in `repeats` judge as the one before.
    """
    table = Table(output_id, Population(population, ()), source=source)
    for subject, cells in lines:
        number = table.row(subject, "text")
        for column, text in zip(columns, cells, strict=True):
            who = [subject] if of_subjects else None
            table.put(number, column, "text", column, text=text, subjects=who, why="not given")
    output = Output(
        id=output_id,
        section=section,
        title=title,
        kind="listing",
        population=population,
        groups=tuple(Group(column, column) for column in columns),
        rows=tuple(replace(row, repeats=row.number - 1 in repeats) for row in table.rows),
        footnotes=tuple(note for note in footnotes if note),
        empty="" if lines else none,
    )
    return Filled(output, tuple(table.cells))


def in_words(n: int, of: int) -> str:
    """A share in a sentence: `16/18 (88.9%)`."""
    return f"{n}/{of} ({in_decimals(100 * n / of, 1)}%)" if of else f"{n}/{of}"


def counted(n: int, noun: str) -> str:
    """A count in a sentence: `1 event`, `2 events`."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def results(parts: Iterable[Part]) -> s.DataFrame[Result]:
    """The long table of all outputs."""
    cells = [cell for part in parts if isinstance(part, Filled) for cell in part.cells]
    schema = {name: Result.create_empty().schema[name] for name in ROW}
    return Result.validate(pl.DataFrame(cells, schema=schema), cast=True)


def tidy(table: type[s.Table], rows: list[dict[str, object]]) -> pl.DataFrame:
    """The rows as their declared table."""
    empty = table.create_empty()
    frame = pl.DataFrame(rows, schema=empty.schema) if rows else pl.DataFrame(empty)
    return pl.DataFrame(table.validate(frame, cast=True))


def _percent(rate: float | None) -> float | None:
    return None if rate is None else 100 * rate


def _main(cell: Cell) -> str:
    """The statistic that stands first in a cell."""
    first = cell.split(" ")[0].split("/")[0]
    return first if first in {"n", "value", "percent", "mean", "median", "events"} else "text"
