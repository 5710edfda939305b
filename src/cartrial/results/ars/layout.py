"""Where everything stands in the reporting event: its identifiers, each given once.

An identifier is made of what the thing is and of its place, so that it is the same in every run of
the same report: `OUT.ae`, `ANL.ae.3` (the third row), `GRP.2.1` (the first column of a grouping).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cartrial.results.ars.method import Method, methods
from cartrial.results.purpose import roles
from cartrial.results.result import Cell, Output, Results, Row, Section

REPEATS = "ROW.repeats"
COLUMNS = "columns"  # the parameter of an output that names its grouping

Groups = tuple[tuple[str, str], ...]  # name and label of each column


@dataclass(frozen=True)
class Placed:
    """A row of an output that has cells, with its results."""

    id: str
    output: Output
    row: Row
    method: Method
    values: Sequence[Mapping[str, Any]]

    @property
    def variable(self) -> str:
        """What was counted or measured; as the row says where there is no result."""
        return next((str(value["variable"]) for value in self.values), self.row.label)

    @property
    def source(self) -> str:
        """The dataset and selection of its records; empty where it is not said."""
        return next((str(value["source"]) for value in self.values if value["source"]), "")


@dataclass(frozen=True)
class Layout:
    """The identifiers of a report's results."""

    results: Results

    @cached_property
    def values(self) -> Mapping[tuple[str, int], list[Mapping[str, Any]]]:
        """The results of each row of each output."""
        found: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
        for value in self.results.values.iter_rows(named=True):
            found.setdefault((value["output"], value["row"]), []).append(value)
        return found

    @cached_property
    def methods(self) -> Mapping[tuple[Cell, int], Method]:
        """The method of each kind of cell with so many digits."""
        used: dict[tuple[Cell, int], set[str]] = {}
        for output in self.results.outputs:
            for row in output.rows:
                if row.cell is not None:
                    seen = used.setdefault((row.cell, row.digits), set())
                    seen |= {v["statistic"] for v in self.values.get((output.id, row.number), ())}
        return {(method.cell, method.digits): method for method in methods(used)}

    @cached_property
    def sets(self) -> Mapping[str, str]:
        """The analysis set of each population."""
        return _ids("SET", (output.population for output in self.results.outputs))

    @cached_property
    def subsets(self) -> Mapping[str, str]:
        """The data subset of each source."""
        placed = (row for output in self.results.outputs for row in self.placed(output))
        return _ids("SUB", (row.source for row in placed if row.source))

    @cached_property
    def groupings(self) -> Mapping[Groups, str]:
        """The grouping of each set of columns."""
        found = dict.fromkeys(_groups(output) for output in self.results.outputs)
        return {groups: f"GRP.{n}" for n, groups in enumerate(found, start=1)}

    @cached_property
    def of_subjects(self) -> frozenset[Groups]:
        """The sets of columns that divide the subjects: a column has its N."""
        return frozenset(
            _groups(output) for output in self.results.outputs if self.has_sizes(output)
        )

    @cached_property
    def roles(self) -> Mapping[Section, str]:
        """The role of the registered outcome of a section."""
        return roles(self.results.study)

    def placed(self, output: Output) -> Iterable[Placed]:
        """The rows of an output that have cells."""
        for row in output.rows:
            if row.cell is not None:
                yield Placed(
                    f"ANL.{output.id}.{row.number}",
                    output,
                    row,
                    self.methods[row.cell, row.digits],
                    self.values.get((output.id, row.number), ()),
                )

    def has_sizes(self, output: Output) -> bool:
        """Whether the columns of an output have their N."""
        return any(group.of is not None for group in output.groups)

    def size_of(self, output: Output) -> str:
        """The analysis that gives the N of the columns."""
        return f"ANL.{output.id}.N"

    def grouping(self, output: Output) -> str:
        """The grouping of an output."""
        return self.groupings[_groups(output)]

    def group(self, output: Output, name: str) -> str:
        """The group of a column."""
        names = [group.name for group in output.groups]
        return f"{self.grouping(output)}.{names.index(name) + 1}"


def _groups(output: Output) -> Groups:
    return tuple((group.name, group.label) for group in output.groups)


def _ids(kind: str, names: Iterable[str]) -> Mapping[str, str]:
    return {name: f"{kind}.{n}" for n, name in enumerate(dict.fromkeys(names), start=1)}
