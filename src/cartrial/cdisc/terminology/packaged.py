"""The terminology that comes with cartrial, and which codelists the guide gives a variable.

Source: CDISC SDTM Controlled Terminology 2025-03-28 and ADaM Controlled Terminology 2025-03-28,
    published by NCI Enterprise Vocabulary Services; the terms of SDTM and the codelists of each
    variable of SDTMIG 3.4 as CDISC's open rules engine (CORE 0.17.1, MIT licence) holds them.
Reading: kept are the codelists that SDTMIG 3.4 gives its variables, those of trial summary
    parameters, and of ADaM those of its own variables. The guide names one codelist, C85495, that
    the package no longer has. NA of NY, an empty cell in that source, is set right. Flags of ADaM,
    and of supplemental qualifiers, take their words from NY.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources
from io import BytesIO
from types import MappingProxyType

import polars as pl

from cartrial.cdisc.terminology.codelist import Terminology, from_table

VERSION = "2025-03-28"
PLACE = "cartrial.cdisc.terminology"
TERMS = "terms-2025-03-28.csv.gz"
VARIABLES = "variables-3.4.csv"
ENDINGS = {"DTF": ("C81223",), "TMF": ("C81226",), "FL": ("C66742",)}  # of variables of ADaM


@cache
def packaged() -> Terminology:
    """SDTM and ADaM Controlled Terminology 2025-03-28."""
    return Terminology(VERSION, from_table(_table(TERMS).iter_rows()))


def codelists_of(variable: str, parameter: str = "") -> tuple[str, ...]:
    """The NCI codes of a variable's codelists, none where it has none.

    `parameter` is the code of the test, category or trial summary parameter where the codelist
    depends on it: `codelists_of("TSVAL", "TPHASE")`.
    """
    known = _variables()
    found = known.get((variable, parameter)) or known.get((variable, ""))
    if found is not None:
        return found
    return next((codes for end, codes in ENDINGS.items() if variable.endswith(end)), ())


@cache
def _variables() -> Mapping[tuple[str, str], tuple[str, ...]]:
    lines = _table(VARIABLES).iter_rows()
    return MappingProxyType(
        {(variable, parameter or ""): tuple(codes.split()) for variable, parameter, codes in lines}
    )


def _table(name: str) -> pl.DataFrame:
    content = (resources(PLACE) / name).read_bytes()
    return pl.read_csv(BytesIO(content), infer_schema=False)
