"""The code list of a variable, as define.xml shows it: the terms that were used.

A list of a few terms is shown whole. Terms that the published list does not have are the sponsor's
own and marked so. Categories and arms have lists of the sponsor's own, and MedDRA and CTCAE stand
by their names.

Source: CDISC Controlled Terminology; CDISC Define-XML 2.1, code lists.
Reading: the codes and names of MedDRA are of the version that CTCAE v5.0 prints, 20.1.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import polars as pl

from cartrial.cdisc.define.model import CodeListDefinition, CodeTerm, DataType, Dictionary
from cartrial.cdisc.terminology import Term, Terminology, codelists_of

CT, ADAM_CT = "CT.SDTM", "CT.ADaM"  # the standards' identifiers in define.xml
WHOLE = 4  # terms: a list of no more is shown whole
CTCAE, MEDDRA = Dictionary("CTCAE", "5.0"), Dictionary("MedDRA", "20.1")
DICTIONARIES: Mapping[str, Dictionary] = {
    "AELLT": CTCAE,
    "AELLTCD": MEDDRA,
    "AEDECOD": MEDDRA,
    "AEBODSYS": MEDDRA,
    "AESOC": MEDDRA,
}
MEANINGS: Mapping[str, str] = {  # where another variable says what a code means
    "ARMCD": "ARM",
    "ACTARMCD": "ACTARM",
    "ETCD": "ELEMENT",
    "QNAM": "QLABEL",
    "IETESTCD": "IETEST",
    "TSPARMCD": "TSPARM",
}
OWN = ("CAT", "SCAT", "LNKGRP")
NONE: Mapping[str, str] = MappingProxyType({})


def dataset_codelist(
    dataset: str,
    variable: str,
    records: pl.DataFrame,
    terminology: Terminology,
    sponsor: Mapping[str, str],
) -> CodeListDefinition | None:
    """The code list of a variable of a dataset, none where its values are free."""
    if variable in DICTIONARIES:
        return _dictionary(DICTIONARIES[variable], records[variable].dtype)
    codes = ("C66734",) if variable in ("DOMAIN", "RDOMAIN") else codelists_of(variable)
    is_own = variable in MEANINGS or variable.removeprefix(dataset) in OWN
    values = _used(records[variable]) if codes or is_own else []
    if not values:
        return None
    meanings = _meanings(variable, records)
    if codes:
        about = f"{variable}.{dataset}" if variable.endswith("DOMAIN") else variable
        return published_codelist(terminology, codes, about, values, sponsor, meanings)
    return own_codelist(variable, variable, values, meanings)


def _dictionary(where: Dictionary, dtype: pl.DataType) -> CodeListDefinition:
    """The list of a dictionary's terms, or of their numbers."""
    kind: DataType = "integer" if dtype.is_integer() else "text"
    name = where.name if kind == "text" else f"{where.name} code"
    return CodeListDefinition(name.upper().replace(" ", "."), name, kind, dictionary=where)


def value_codelist(
    variable: str,
    parameter: str,
    values: pl.Series,
    terminology: Terminology,
    sponsor: Mapping[str, str],
) -> CodeListDefinition | None:
    """The published code list of the values of one test or parameter."""
    codes, used = codelists_of(variable, parameter), _used(values)
    if not codes or not used:
        return None
    return published_codelist(terminology, codes, f"{variable}.{parameter}", used, sponsor)


def published_codelist(
    terminology: Terminology,
    codes: Sequence[str],
    variable: str,
    values: Sequence[str],
    sponsor: Mapping[str, str] = NONE,
    meanings: Mapping[str, str] = NONE,
    *,
    closed: bool = False,
) -> CodeListDefinition | None:
    """The terms used of published lists, or all of a short one; None where none is published.

    Of several the one that has most of the values gives its name.
    Nothing is added to the values of a `closed` list.
    """
    known = [terminology.codelists[code] for code in codes if code in terminology.codelists]
    if not known:
        return None
    first = max(known, key=lambda one: sum(value in one.terms for value in values))
    published = {value: term for one in reversed(known) for value, term in one.terms.items()}
    short = [value for value in first.terms if value]
    whole = not closed and len(known) == 1 and len(short) <= WHOLE and set(values) <= set(short)
    return CodeListDefinition(
        first.short if whole else f"{first.short}.{variable}",
        first.name if whole else f"{first.name} ({variable})",
        terms=tuple(
            _term(value, published.get(value), meanings.get(value, ""), sponsor.get(value, ""))
            for value in (sorted(short) if whole else values)
        ),
        code=first.code,
        standard=ADAM_CT if first.package.startswith("ADaM") else CT,
    )


def chosen_codelist(list_id: str, name: str, values: pl.Series) -> CodeListDefinition | None:
    """The values of a field that lets one choose; none where some are numbers."""
    numbers = values.cast(pl.Float64, strict=False).count()
    return None if numbers else own_codelist(list_id, name, _used(values))


def own_codelist(
    list_id: str, name: str, values: Iterable[str], meanings: Mapping[str, str] | None = None
) -> CodeListDefinition:
    """A list of the sponsor's own, of the values that were used."""
    decodes = meanings or {}
    terms = tuple(CodeTerm(value, decodes.get(value, "")) for value in values)
    return CodeListDefinition(list_id, name, terms=terms)


def _term(value: str, published: Term | None, meaning: str, own: str) -> CodeTerm:
    """A value as published, or as the sponsor's own term."""
    if published is not None:
        return CodeTerm(value, meaning or published.name, published.code)
    return CodeTerm(value, meaning or own, extended=True, meaning=own)


def _used(values: pl.Series) -> list[str]:
    return values.drop_nulls().cast(pl.String).unique().sort().to_list()


def _meanings(variable: str, records: pl.DataFrame) -> Mapping[str, str]:
    """What each value means, by the variable that says it."""
    meaning = MEANINGS.get(variable) or (
        f"{variable.removesuffix('CD')}" if variable.endswith("TESTCD") else ""
    )
    if meaning not in records.columns:
        return {}
    pairs = records.select(variable, meaning).drop_nulls().unique().sort(pl.all())
    return dict(pairs.iter_rows())
