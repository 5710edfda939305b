"""What another version of controlled terminology changes for the values that a study uses.

Reading: a codelist that the other version does not have says nothing, so its values are not told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from cartrial.cdisc.terminology import Codelist, Term, Terminology
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.summed import shown
from cartrial.sdtm.terms.sponsor import sponsor_terms
from cartrial.sdtm.terms.terminology import Column, coded_columns


@dataclass(frozen=True)
class TermChange:
    """What changes for a variable of a domain, in words."""

    domain: str
    variable: str
    words: str

    def __str__(self) -> str:
        return f"{self.domain}: {self.variable}: {self.words}"


def term_changes(
    tables: Mapping[str, pl.DataFrame], before: Terminology, after: Terminology
) -> tuple[TermChange, ...]:
    """Values used that become terms or cease to be, codelists that close or open, new names."""
    return tuple(
        TermChange(code, column.variable, words)
        for code, table in tables.items()
        for column in coded_columns(code, table, before)
        for words in _changes(column, after)
    )


def _changes(column: Column, after: Terminology) -> Iterator[str]:
    lists = [after.codelists[one.code] for one in column.codelists if one.code in after.codelists]
    if not lists:
        return
    for one in column.codelists:
        other = after.codelists.get(one.code)
        if other is not None and other.extensible != one.extensible:
            yield f"{one.short} ({one.code}) is {'extensible' if other.extensible else 'closed'}"
    own = sponsor_terms(column.variable)
    for value in column.records[column.variable].drop_nulls().unique().sort().to_list():
        was, now = _term(column.codelists, value), _term(tuple(lists), value)
        said = shown(DOMAINS[column.domain], column.variable, value)
        if was and not now:
            yield f"{said} is no term any more"
        elif now and not was:
            needless = ", no sponsor term is needed" if value in own else ""
            yield f"{said} is a term ({now.code}){needless}"
        elif was and now and was.code != now.code:
            yield f"{said} stands for {now.name} ({now.code})"


def _term(codelists: tuple[Codelist, ...], value: str) -> Term | None:
    return next((one.terms[value] for one in codelists if value in one.terms), None)
