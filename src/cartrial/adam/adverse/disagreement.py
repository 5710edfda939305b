"""Recorded grades of CRS and ICANS outside what the signs allow, as findings.

FA (crs_assessment): 3 records, first subject 001-004, 2025-03-01T08:00: ASTCTGR: must be a CRS
    grade that the signs allow (2 to 3), got 1

Of several, the first by subject and time stands in full.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from cartrial.adam.adverse.adce import RECORDED
from cartrial.forms.adverse import SYNDROMES, AdverseEvent
from cartrial.forms.bedside import CrsAssessment, IcansAssessment
from cartrial.forms.catalogue import NAMES
from cartrial.schema import Finding, Table

FORMS: Mapping[str, type[Table]] = {"CRS": CrsAssessment, "ICANS": IcansAssessment}
REMEDY = "The recorded grade is reported; the listing of discrepancies shows both"
Row = Mapping[str, Any]


def disagreements(tables: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """Of each syndrome one finding for its assessments and one for whole episodes."""
    for syndrome in SYNDROMES:
        mine = pl.col("AGREEFL") == "N"
        seen = _apart(tables, "ADTOX", mine, pl.col("PARAMCD") == syndrome)
        must = f"be a {syndrome} grade that the signs allow"
        if seen:
            place = f"FA ({NAMES[FORMS[syndrome]]})"
            yield _finding(place, "ASTCTGR", must, seen, str(_time(seen[0])))
        recorded = pl.col("GRSRC") == RECORDED
        whole = _apart(tables, "ADCE", mine, recorded, pl.col("ACAT") == syndrome)
        must = f"be a worst {syndrome} grade that the signs allow"
        if whole:
            place, number = f"AE ({NAMES[AdverseEvent]})", whole[0]["AENO"]
            when = str(whole[0]["ASTDT"]) if number is None else f"event {number}"
            yield _finding(place, "AETOXGR", must, whole, when)


def _apart(tables: Mapping[str, pl.DataFrame], name: str, *conditions: pl.Expr) -> Sequence[Row]:
    """The records that meet the conditions, by subject and time, with the subject's short key."""
    if name not in tables:
        return []
    known = (
        tables[name]
        .filter(*conditions)
        .join(tables["ADSL"].select("USUBJID", "SUBJID"), on="USUBJID", how="left")
    )
    order = [one for one in ("USUBJID", "ADT", "ADTM", "ASTDT", "AENO") if one in known.columns]
    return known.sort(order, nulls_last=True).to_dicts()


def _finding(place: str, column: str, must: str, rows: Sequence[Row], when: str) -> Finding:
    first = rows[0]
    subject = f"subject {first['SUBJID'] or first['USUBJID']}, {when}"
    where = f"{len(rows)} records, first {subject}" if len(rows) > 1 else subject
    low, high = first["DTOXGRL"], first["DTOXGRH"]
    allowed = f"{low}" if low == high else f"{low} to {high}"
    got = f"{first['ATOXGRN']}"
    return Finding(place, where, column, f"{must} ({allowed})", got, REMEDY, severity="warning")


def _time(row: Row) -> str:
    """When an assessment was, to the minute where its hour is known."""
    clock = row["ADTM"]
    return str(row["ADT"]) if clock is None else clock.isoformat(timespec="minutes")
