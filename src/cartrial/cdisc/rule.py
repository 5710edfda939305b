"""A conformance rule: what must hold of datasets, where it is written, and how a breach is found.

Rules are data: a list of them is checked, printed as a reference page, and counted. What breaks one
is summed up by rule, dataset and variable, with how many records and the key of the first.

Reading: a message shows a value only where it can tell of nobody: numbers, codes, flags, days.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.dataset import longest_text
from cartrial.cdisc.xpt.write import LONGEST

D = TypeVar("D")

OPEN = ("CD", "FL", "DOMAIN", "EPOCH", "DTYPE", "DTF", "TMF", "PARAM", "STAT", "DTC", "SER")
CLOSED = ("BRTHDTC", "BRTHDT")


@dataclass(frozen=True)
class Breach:
    """Where a rule is broken: the records of a dataset, or without `rows` the dataset itself."""

    dataset: str
    column: str = ""
    rows: pl.DataFrame | None = None
    got: str = ""


@dataclass(frozen=True)
class Rule(Generic[D]):
    """One rule; `must` ends the sentence that begins with the variable or the dataset."""

    id: str
    must: str
    source: str
    find: Callable[[D], Iterable[Breach]]
    severity: s.Severity = "error"


@dataclass(frozen=True)
class RuleFinding(s.Finding):
    """A finding that names the rule."""

    rule: str = ""

    def __str__(self) -> str:
        return f"{self.rule}  {super().__str__()}"


def broken(rules: Sequence[Rule[D]], data: D) -> list[s.Finding]:
    """What breaks the rules, in their order."""
    return [
        _finding(rule, breach)
        for rule in rules
        for breach in rule.find(data)
        if breach.rows is None or breach.rows.height
    ]


def too_long(dataset: str, frame: pl.DataFrame) -> Iterator[Breach]:
    """The variables with text that a transport file cannot hold."""
    for values in frame.select(pl.col(pl.String)):
        longest = longest_text(values)
        if longest > LONGEST:
            rows = frame.filter(values.str.len_bytes() > LONGEST)
            yield Breach(dataset, values.name, rows, f"{longest} bytes")


def _finding(rule: Rule[D], breach: Breach) -> s.Finding:
    return RuleFinding(
        table=breach.dataset,
        rows="" if breach.rows is None else _which(breach.dataset, breach.rows),
        column=breach.column,
        must=rule.must,
        got=breach.got or _value(breach),
        remedy=rule.source,
        severity=rule.severity,
        rule=rule.id,
    )


def _which(dataset: str, rows: pl.DataFrame) -> str:
    """How many records, and the key of the first."""
    names = ("USUBJID", f"{dataset}SEQ", "ASEQ", "IDVAR", "IDVARVAL", "QNAM", "RELID", "TSPARMCD")
    keys = [name for name in names if name in rows.columns]
    first = ", ".join(f"{n} {_plain(rows[n][0])}" for n in keys if rows[n][0] is not None)
    if rows.height == 1:
        return first or "1 record"
    return f"{rows.height} records" + (f"; first, {first}" if first else "")


def _value(breach: Breach) -> str:
    """The value of the first record, where a message may show it."""
    rows, column = breach.rows, breach.column
    if rows is None or column not in rows.columns:
        return ""
    cell = rows[column][0]
    if cell is None:
        return "nothing"
    shown = rows[column].dtype.is_numeric() or rows[column].dtype.is_temporal()
    if column in CLOSED or not (shown or column.endswith(OPEN)):
        return "a value that is not shown here"
    return _plain(cell)


def _plain(cell: object) -> str:
    """A value as text; a whole number without decimals."""
    return f"{cell:.15g}" if isinstance(cell, float) else str(cell)
