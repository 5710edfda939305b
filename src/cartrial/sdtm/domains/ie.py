"""Inclusion/Exclusion Criteria Not Met (IE).

From the forms: eligibility_exception.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.enrolment import EligibilityException
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Record
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid


class Ie(s.Table):
    """Inclusion/Exclusion Criteria Not Met (IE)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    IESEQ = seq()
    IETESTCD = char("Inclusion/Exclusion Criterion Short Name", "Req")
    IETEST = char("Inclusion/Exclusion Criterion", "Req")
    IECAT = char("Inclusion/Exclusion Category", "Req")
    IEORRES = char("I/E Criterion Original Result", "Req")
    IESTRESC = char("I/E Criterion Result in Std Format", "Req")
    EPOCH = epoch()
    IEDTC = dtc("Date/Time of Collection")
    IEDY = dy("Study Day of Collection")
    IEWAIVED = char("Entry Allowed All the Same", supp=True)


ORDER = ("IEDTC", "IETESTCD")


def to_ie(study: Study, forms: Forms) -> s.DataFrame[Ie]:
    """Criteria that were not met as IE."""
    return finished(Ie, study, forms, made(study, forms, mappings(study)), ORDER)


def from_ie(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into IE."""
    return read_back(study, records, mappings(study))


def mappings(study: Study) -> tuple[Record, ...]:
    """The mapping of the form; the study file lists the criteria, all as inclusion criteria."""
    texts = {str(n): criterion for n, criterion in enumerate(study.eligibility, start=1)}
    said = pl.col("criterion").cast(pl.String)
    text = said.replace_strict(texts, default=None, return_dtype=pl.String)
    return (replace(EXCEPTION, derived={**EXCEPTION.derived, "IETEST": text}),)


def criterion_code(number: pl.Expr) -> pl.Expr:
    """The short name of a criterion, counted from 1: CRIT01."""
    return pl.lit("CRIT") + number.str.zfill(2)


EXCEPTION = Record(
    form=EligibilityException,
    domain=Ie,
    fields={"decided": "IEDTC", "waived": "IEWAIVED"},
    constants={"IECAT": "INCLUSION", "IEORRES": "N", "IESTRESC": "N"},
    derived={"IETESTCD": criterion_code(pl.col("criterion").cast(pl.String))},
    restored={"criterion": pl.col("IETESTCD").str.extract(r"^CRIT0*(\d+)$")},
)
