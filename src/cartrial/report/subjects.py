"""The subjects behind the numbers: a list that each count opens, and an index of all subjects.

A list that many counts share is written once. Every key leads to the index, which leads to the
listings in which the subject stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from cartrial.report.document import Document
from cartrial.report.table import ReportTable


@dataclass
class SubjectLists:
    """The lists asked for so far, each with its number; the page is written around them."""

    numbers: dict[tuple[str, ...], int] = field(default_factory=dict)

    def number(self, subjects: tuple[str, ...]) -> int:
        """The number of a list of subjects."""
        return self.numbers.setdefault(subjects, len(self.numbers) + 1)


@dataclass(frozen=True)
class SubjectEntry:
    """One subject of the index: its number, its key, the listings in which it stands."""

    number: int
    key: str
    listings: tuple[ReportTable, ...]


def index(document: Document) -> tuple[SubjectEntry, ...]:
    """Every subject behind any number, in the order of their keys."""
    tables = list(all_tables(document))
    lines = (*document.facts, *document.pauses)
    lines += tuple(line for section in document.sections for line in section.headlines)
    keys = {key for table in tables for row in table.rows for key in row.subjects}
    keys |= {key for line in lines for key in line.subjects}
    where = {
        table: {key for row in table.rows for key in row.subjects}
        for table in tables
        if table.listing
    }
    return tuple(
        SubjectEntry(number, key, tuple(table for table, found in where.items() if key in found))
        for number, key in enumerate(sorted(keys), 1)
    )


def all_tables(document: Document) -> Iterator[ReportTable]:
    """The tables of the document in its order."""
    for section in (document.front, *document.sections):
        yield from section.tables
