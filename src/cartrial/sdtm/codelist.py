"""The code list of a variable, as define.xml shows it: the terms that were used.

A list of a few terms is shown whole. Terms that the published list does not have are the sponsor's
own and marked so. Categories and arms have lists of the sponsor's own, and MedDRA and CTCAE stand
by their names.

Source: CDISC Controlled Terminology; CDISC Define-XML 2.1, code lists.
Reading: the codes and names of MedDRA are of the version that CTCAE v5.0 prints, 20.1.
"""

from collections.abc import Iterable, Mapping

import polars as pl

from cartrial.cdisc.define.model import CodeListDefinition, CodeTerm, Dictionary
from cartrial.cdisc.terminology import Codelist, Terminology, codelists_of

CT = "CT.SDTM"  # the standard's identifier in define.xml
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


def dataset_codelist(
    dataset: str,
    variable: str,
    records: pl.DataFrame,
    terminology: Terminology,
    sponsor: Mapping[str, str],
) -> CodeListDefinition | None:
    """The code list of a variable of a dataset, none where its values are free."""
    values = _used(records[variable])
    if not values:
        return None
    if variable in ("DOMAIN", "RDOMAIN"):
        return _listed(terminology, ("C66734",), f"{variable}.{dataset}", values, sponsor, {})
    if variable in DICTIONARIES:
        where = DICTIONARIES[variable]
        kind = "integer" if records[variable].dtype.is_integer() else "text"
        return CodeListDefinition(
            f"{where.name.upper()}.{kind}", f"{where.name} {kind}", kind, dictionary=where
        )
    meanings = _meanings(variable, records)
    codes = codelists_of(variable)
    if codes:
        return _listed(terminology, codes, variable, values, sponsor, meanings)
    if meanings or variable.removeprefix(dataset) in OWN:
        return own_codelist(f"{dataset}.{variable}", variable, values, meanings)
    return None


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
    return _listed(terminology, codes, f"{variable}.{parameter}", used, sponsor, {})


def own_codelist(
    list_id: str, name: str, values: Iterable[str], meanings: Mapping[str, str] | None = None
) -> CodeListDefinition:
    """A list of the sponsor's own, of the values that were used."""
    decodes = meanings or {}
    terms = tuple(CodeTerm(value, decodes.get(value, "")) for value in values)
    return CodeListDefinition(list_id, name, terms=terms)


def _listed(
    terminology: Terminology,
    codes: tuple[str, ...],
    variable: str,
    values: list[str],
    sponsor: Mapping[str, str],
    meanings: Mapping[str, str],
) -> CodeListDefinition | None:
    """The terms used of published lists, or all of a short one; None where none is published."""
    known = [terminology.codelists[code] for code in codes if code in terminology.codelists]
    if not known:
        return None
    first = known[0]
    terms = {value: one.terms[value] for one in reversed(known) for value in values if value in one.terms}
    short = [value for value in first.terms if value] if len(known) == 1 else []
    whole = len(short) <= WHOLE and set(values) <= set(short)
    shown = sorted({*values, *short}) if whole else values
    every = terms | (dict(first.terms) if whole else {})
    return CodeListDefinition(
        first.short if whole else f"{first.short}.{variable}",
        first.name if whole else f"{first.name} ({variable})",
        terms=tuple(
            CodeTerm(
                value,
                meanings.get(value) or (every[value].name if value in every else sponsor.get(value, "")),
                every[value].code if value in every else "",
                extended=value not in every,
                meaning="" if value in every else sponsor.get(value, ""),
            )
            for value in shown
        ),
        code=first.code,
        standard=CT,
    )


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
