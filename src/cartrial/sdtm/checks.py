"""Whether SDTM keeps to the guide: what does not is a finding, never a crash.

Source: SDTM Implementation Guide 3.4, sections 2.5 (core), 4.1.5 (required variables), 5.2 (DM).
Reading: dates are compared as far as both are known; an unknown part breaks no rule. A date of
    birth is never shown. What contradicts itself is an error, what only lacks something a warning.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.terminology import packaged
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.mapping import are_keys_ascending
from cartrial.sdtm.summed import row_finding
from cartrial.sdtm.terms.terminology import check_closed

Tables = Mapping[str, pl.DataFrame]
EVENTS = ("AE", "EX", "PR", "CM", "LB", "VS", "PC", "CP", "RS", "TR", "FA", "SV")
AFTER_DEATH = ("AE", "EX", "VS", "SV")
SAYS_DEATH = (
    ("AE", (pl.col("AEOUT") == "FATAL") | (pl.col("AESDTH") == "Y"), "AEOUT"),
    ("SS", pl.col("SSSTRESC") == "DEAD", "SSSTRESC"),
    ("DS", pl.col("DSDECOD") == "DEATH", "DSDECOD"),
)


def check_sdtm(tables: Tables, *, keyed: bool = False) -> list[s.Finding]:
    """What breaks the guide, summed up by domain, variable and rule.

    Where the tables are `keyed`, no key is known to stand twice.
    """
    checks = (
        *(required, *(() if keyed else (keys,)), domains, known_subjects, order_of_dates),
        *(births, deaths, units_known, closed_codelists),
    )
    return [finding for check in checks for finding in check(tables)]


def required(tables: Tables) -> Iterator[s.Finding]:
    """Required variables that are empty."""
    for code, frame in tables.items():
        for column in s.columns(DOMAINS[code]):
            if column.core == "Req" and not column.key and frame[column.name].null_count():
                rows = frame.filter(pl.col(column.name).is_null())
                must = "be given, as the guide requires it"
                yield from _found(code, rows, column.name, must, severity="warning")


def keys(tables: Tables) -> Iterator[s.Finding]:
    """Keys that stand more than once."""
    for code, frame in tables.items():
        key = s.key(DOMAINS[code])
        if not are_keys_ascending(DOMAINS[code], frame):
            twice = frame.filter(pl.struct(key).is_duplicated())
            must = f"be the only row with its {', '.join(key)}"
            yield from _found(code, twice, "", must, got="the same key more than once")


def domains(tables: Tables) -> Iterator[s.Finding]:
    """Records of another domain."""
    for code, frame in tables.items():
        foreign = frame.filter(pl.col("DOMAIN") != code)
        yield from _found(code, foreign, "DOMAIN", f"be {code}", severity="warning")


def known_subjects(tables: Tables) -> Iterator[s.Finding]:
    """Subjects that DM does not have."""
    for code, frame in tables.items():
        if code != "DM" and "USUBJID" in frame.columns:
            known = tables["DM"]["USUBJID"].implode()
            rows = frame.filter(~pl.col("USUBJID").is_in(known))
            yield from _found(code, rows, "USUBJID", "be a subject of DM")


def order_of_dates(tables: Tables) -> Iterator[s.Finding]:
    """Ends before their starts."""
    for code, frame in tables.items():
        start, end = f"{code}STDTC", f"{code}ENDTC"
        if start in frame.columns and end in frame.columns:
            rows = frame.filter(_before(pl.col(end), pl.col(start)))
            yield from _found(code, rows, end, f"not be before {start}")


def births(tables: Tables) -> Iterator[s.Finding]:
    """Events before the subject was born."""
    last = tables["DM"].select(pl.col("BRTHDTC").max()).item()
    if last is None:
        return
    for code, start, frame in _dated(tables, EVENTS):
        if not frame.select(pl.col(start).min() < last).item():  # as it should be: none is so early
            continue
        born = _of_subject(frame, tables["DM"], "BRTHDTC")
        rows = frame.filter(_before(pl.col(start), born))
        yield from _found(code, rows, start, "not be before the birth of the subject")


def deaths(tables: Tables) -> Iterator[s.Finding]:
    """Deaths that DM tells by half or not at all, and events after them."""
    subjects = tables["DM"]
    undated = subjects.filter(pl.col("DTHFL") == "Y", pl.col("DTHDTC").is_null())
    yield from _found("DM", undated, "DTHDTC", "be given where DTHFL is Y", severity="warning")
    unflagged = subjects.filter(pl.col("DTHDTC").is_not_null(), pl.col("DTHFL").ne_missing("Y"))
    must = "be Y where DTHDTC is given"
    yield from _found("DM", unflagged, "DTHFL", must, severity="warning")
    died = subjects.filter(pl.col("DTHFL") == "Y")
    for code, says_death, column in SAYS_DEATH:
        if code in tables:
            rows = tables[code].filter(says_death).join(died, on="USUBJID", how="anti")
            must = "be of a subject whose DTHFL is Y"
            yield from _found(code, rows, column, must, got="a death", severity="warning")
    for code, start, frame in _dated(tables, AFTER_DEATH):
        death = _of_subject(frame, subjects, "DTHDTC")
        rows = frame.filter(_before(death, pl.col(start)))
        must = "not be after the death of the subject"
        yield from _found(code, rows, start, must, severity="warning")


def units_known(tables: Tables) -> Iterator[s.Finding]:
    """Laboratory numbers that have no value in standard units."""
    if "LB" not in tables:
        return
    number = pl.col("LBORRES").cast(pl.Float64, strict=False).is_not_null()
    rows = tables["LB"].filter(number, pl.col("LBSTRESN").is_null())
    for analyte in rows["LBTESTCD"].unique().sort().to_list():
        mine = rows.filter(pl.col("LBTESTCD").eq_missing(analyte))
        must = f"be a unit that {analyte} can be converted from"
        yield from _found("LB", mine, "LBORRESU", must, remedy="LBSTRESN is left empty")


def closed_codelists(tables: Tables) -> Iterator[s.Finding]:
    """Values outside closed codelists; `cartrial cdisc check` tells of the others too."""
    for finding in check_closed(tables, packaged()):
        yield replace(finding, severity="warning")


def _found(
    code: str,
    rows: pl.DataFrame,
    column: str,
    must: str,
    *,
    got: str | None = None,
    remedy: str = "",
    severity: s.Severity = "error",
) -> Iterator[s.Finding]:
    if rows.height:
        domain = DOMAINS[code]
        yield row_finding(
            domain, rows, column, must, place=code, got=got, remedy=remedy, severity=severity
        )


def _dated(tables: Tables, codes: tuple[str, ...]) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """The domains among `codes` that are there, with the variable that dates their records."""
    for code in codes:
        if code in tables:
            start = f"{code}STDTC"
            yield code, start if start in tables[code].columns else f"{code}DTC", tables[code]


def _of_subject(records: pl.DataFrame, subjects: pl.DataFrame, date: str) -> pl.Expr:
    """A date of DM for each record."""
    dated = subjects.select("USUBJID", date).unique("USUBJID", keep="first")
    joined = records.select("USUBJID").join(dated, on="USUBJID", how="left", maintain_order="left")
    return pl.lit(joined[date])


def _before(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Whether a date lies before another, as far as both are known."""
    return (one < other) & ~other.str.starts_with(one)
