"""Whether the values of SDTM are terms of the codelists that the guide gives their variables.

A value outside a closed codelist is an error. One outside an extensible codelist is a warning,
unless it is a declared sponsor term. The name of a test that CDISC has is CDISC's, by the NCI code
that both share; that of a sponsor's test is the sponsor's.

Source: SDTM Implementation Guide 3.4, section 4.3 (controlled terminology); CDISC Controlled
    Terminology.
Reading: where a variable has several codelists a value may be of any of them, unless the category
    or the parameter says which: then of that alone. A number in a standard result is no term.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from cartrial import schema as s
from cartrial import units
from cartrial.cdisc.terminology import Codelist, Term, Terminology, codelists_of
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.summed import row_finding, shown
from cartrial.sdtm.terms.sponsor import sponsor_terms

Tables = Mapping[str, pl.DataFrame]

DECIDED_BY = {"TSVAL": "TSPARMCD", "DSDECOD": "DSCAT"}
NAMED = 3  # values that a finding names
FEW = 8  # terms, that a finding can list
NEAR = 0.8  # of the letters, for a term to be worth naming
MOST_COMPARED = 100  # terms, of the same first letter, in which the nearest one is sought
NUMBER = r"^[<>]?=?\s*[-+]?\d+([.,]\d+)?([eE][-+]?\d+)?$"


@dataclass(frozen=True)
class Column:
    """A variable of a domain with the codelists that hold for its records of one parameter."""

    domain: str
    variable: str
    codelists: tuple[Codelist, ...]
    records: pl.DataFrame

    @property
    def is_extensible(self) -> bool:
        """Whether a sponsor may add terms."""
        return any(codelist.extensible for codelist in self.codelists)

    def terms(self) -> set[str]:
        """Every value that is a term."""
        return {value for codelist in self.codelists for value in codelist.terms}


def check_terminology(tables: Tables, terminology: Terminology) -> list[s.Finding]:
    """The values that are no terms, summed up by variable, and tests that go by another name."""
    found: list[s.Finding] = []
    for code, table in tables.items():
        if code in DOMAINS:
            found += _strangers(coded_columns(code, table, terminology))
            found += _names(code, table, terminology)
    return found


def check_closed(tables: Tables, terminology: Terminology) -> list[s.Finding]:
    """The values outside closed codelists alone: who reads the data may not know what they say."""
    columns = (
        column
        for code, table in tables.items()
        if code in DOMAINS
        for column in coded_columns(code, table, terminology)
    )
    return list(_strangers(column for column in columns if not column.is_extensible))


def coded_columns(code: str, table: pl.DataFrame, terminology: Terminology) -> Iterator[Column]:
    """The variables under a codelist, but for the names of tests: their codes decide those."""
    for variable, dtype in table.schema.items():
        is_name = variable in (f"{code}TEST", "TSPARM") and f"{variable}CD" in table.columns
        if dtype != pl.String or is_name:
            continue
        for parameter, records in _parts(table, variable):
            codes = codelists_of(variable, parameter)
            found = tuple(
                terminology.codelists[one] for one in codes if one in terminology.codelists
            )
            if found:
                yield Column(code, variable, found, records)


def _parts(table: pl.DataFrame, variable: str) -> Iterator[tuple[str, pl.DataFrame]]:
    """The records of each parameter on which the codelist depends, else all of them."""
    by = DECIDED_BY.get(variable)
    if by is None or by not in table.columns:
        yield "", table
        return
    for (parameter,), records in table.group_by(by, maintain_order=True):
        yield str(parameter or ""), records


def _strangers(columns: Iterable[Column]) -> Iterator[s.Finding]:
    """One finding for all the values of a variable that are no terms."""
    for column in columns:
        values = column.records[column.variable].drop_nulls().unique().sort()
        if column.variable.endswith("STRESC"):
            values = values.filter(~values.str.contains(NUMBER))
        allowed = column.terms()
        if column.is_extensible:
            allowed |= set(sponsor_terms(column.variable))
        strange = [value for value in values.to_list() if value not in allowed]
        if strange:
            yield _finding(column, strange)


def _finding(column: Column, strange: list[str]) -> s.Finding:
    lists = " or ".join(f"{one.short} ({one.code})" for one in column.codelists)
    kind = "an extensible" if column.is_extensible else "a closed"
    must = f"be a term of {lists}, {kind} codelist"
    rows = column.records.filter(pl.col(column.variable).is_in(strange))
    return row_finding(
        DOMAINS[column.domain],
        rows,
        column.variable,
        must,
        place=column.domain,
        got=_named(column, strange),
        remedy=_remedy(column, strange[:NAMED]),
        severity="warning" if column.is_extensible else "error",
    )


def _named(column: Column, strange: list[str]) -> str:
    """The first of the values, and how many more there are."""
    named = [shown(DOMAINS[column.domain], column.variable, value) for value in strange[:NAMED]]
    more = len(strange) - NAMED
    return ", ".join(named) + (f" and {more} more" if more > 0 else "")


def _remedy(column: Column, strange: list[str]) -> str:
    """The terms that are near; where none is, all the terms of a closed codelist of a few."""
    nearest = "" if _is_private(column) else _nearest(column, strange)
    if nearest:
        return f"Nearest: {nearest}"
    terms = sorted(column.terms())
    few = not column.is_extensible and len(terms) <= FEW
    return f"The terms are {', '.join(terms)}" if few else ""


def _is_private(column: Column) -> bool:
    declared = s.columns(DOMAINS[column.domain])
    return any(one.name == column.variable and one.private for one in declared)


def _nearest(column: Column, strange: list[str]) -> str:
    """The term that is nearest to each value, where one is near; of a unit, the same unit."""
    terms = column.terms()
    if column.variable.endswith("U"):
        found = [_same_unit(value, terms) for value in strange]
    else:
        by_letters = {term.casefold(): term for term in sorted(terms, reverse=True)}
        found = [_near(value.casefold(), by_letters) for value in strange]
    return ", ".join(dict.fromkeys(term for term in found if term))


def _same_unit(value: str, terms: set[str]) -> str | None:
    """The same unit as CDISC spells it; units that look alike may be worlds apart."""
    return next((unit for unit in units.named(value) if unit in terms), None)


def _near(value: str, terms: Mapping[str, str]) -> str | None:
    if value in terms:
        return terms[value]
    compared = sorted(term for term in terms if term[:1] == value[:1])
    if len(compared) > MOST_COMPARED:
        compared = [term for term in compared if term[:2] == value[:2]]
    near = get_close_matches(value, compared, n=1, cutoff=NEAR)
    return terms[near[0]] if near else None


# ---------------------------------------------------------------- codes and names of tests
def _names(code: str, table: pl.DataFrame, terminology: Terminology) -> Iterator[s.Finding]:
    """Tests of CDISC that do not have their name of CDISC."""
    short, name = ("TSPARMCD", "TSPARM") if code == "TS" else (f"{code}TESTCD", f"{code}TEST")
    if short not in table.columns or name not in table.columns:
        return
    names = {term.code: term.value for term in _terms(name, terminology)}
    expected = {
        term.value: names[term.code] for term in _terms(short, terminology) if term.code in names
    }
    pairs = table.select(short, name).drop_nulls().unique().sort(pl.all())
    for value, got in pairs.iter_rows():
        if expected.get(value, got) != got:
            rows = table.filter(pl.col(short) == value, pl.col(name) == got)
            must = f"be {expected[value]}, the name of {short} {value}"
            yield row_finding(DOMAINS[code], rows, name, must, place=code)


def _terms(variable: str, terminology: Terminology) -> Iterator[Term]:
    for code in codelists_of(variable):
        if code in terminology.codelists:
            yield from terminology.codelists[code].terms.values()
