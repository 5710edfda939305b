"""Codelists and their terms, and the compact table in which they are kept.

The table has NCI's own order: a line for the codelist, with no `codelist` of its own, then a line
for each of its terms.

    code     codelist  extensible  value  name                 package
    C66731             No          SEX    Sex                  SDTM CT 2025-03-28
    C16576   C66731                F      Female
    C20197   C66731                M      Male
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

COLUMNS = ("code", "codelist", "extensible", "value", "name", "package")
EXTENSIBLE = {True: "Yes", False: "No"}

Line = tuple[str | None, ...]


class Term(NamedTuple):
    """A term: its submission value, its NCI code, and what NCI prefers to call it."""

    value: str
    code: str
    name: str


@dataclass(frozen=True)
class Codelist:
    """A codelist, its terms by submission value; `package` says where it stands published."""

    code: str
    name: str
    short: str
    extensible: bool
    terms: Mapping[str, Term]
    package: str = ""


@dataclass(frozen=True)
class Terminology:
    """A version of controlled terminology: its codelists by NCI code."""

    version: str
    codelists: Mapping[str, Codelist]


def from_table(lines: Iterable[Line]) -> Mapping[str, Codelist]:
    """The codelists that stand in the lines of a compact table, in their order."""
    found: dict[str, Codelist] = {}
    terms: dict[str, dict[str, Term]] = {}
    for code, codelist, extensible, value, name, package in lines:
        code, value, name = code or "", value or "", name or ""
        if codelist:
            terms.setdefault(codelist, {})[value] = Term(value, code, name)
        else:
            own = terms.setdefault(code, {})
            found[code] = Codelist(code, name, value, extensible == "Yes", own, package or "")
    return MappingProxyType(found)


def to_table(codelists: Iterable[Codelist]) -> pl.DataFrame:
    """The compact table of codelists, in the order of their codes, terms in that of values."""
    ordered = sorted(codelists, key=lambda one: one.code)
    lines = [line for codelist in ordered for line in _lines(codelist)]
    return pl.DataFrame(lines, schema=dict.fromkeys(COLUMNS, pl.String), orient="row")


def _lines(codelist: Codelist) -> Iterator[Line]:
    extensible = EXTENSIBLE[codelist.extensible]
    yield codelist.code, None, extensible, codelist.short, codelist.name, codelist.package
    for term in sorted(codelist.terms.values()):
        yield term.code, codelist.code, None, term.value, term.name, None
