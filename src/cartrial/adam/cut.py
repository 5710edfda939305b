"""The data cut: what was known at the end of a day.

    a record that began after the cut        is dropped
    an end, or another date, after the cut   becomes unknown, with what was known only from it on
    a record without any date                stays
    a subject that consented after the cut   is not in the trial yet

Reading: a date that is known in part is after the cut only when its first possible day is. A grade
reached after the cut is dropped, and the worst grade on AE with it; an event whose DLT clause was
met after the cut could not be settled at the cut; an event that ended after it, or was fatal by a
death after it, was not resolved. A response or progression said to be confirmed at the last
assessment before the cut was confirmed only where an assessment before that one, or imaging, shows
it too; else the answer was given with hindsight. Whether a death was adjudicated carries no date
and counts as known. The dose level assigned is that of adam.subject.assigned.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.adam.dose_limiting.decisions import last_decided
from cartrial.adam.subject.assigned import with_arms_at
from cartrial.adam.time.imputation import first_day
from cartrial.protocol.study import Study
from cartrial.response.scale import RANK
from cartrial.sdtm.domain import DOMAINS, Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.dm import Dm
from cartrial.sdtm.domains.fa import Fa
from cartrial.sdtm.domains.rs import Rs, is_by_imaging

DLT_VERDICT = ("DLTADJ", "DLTADJDT", "DLTAENO", "DLTMETDT", "DLTCLAUS")
SERIOUSNESS = ("AESER", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")
EVENT = ("USUBJID", "AESPID")
ONGOING = "NOT RECOVERED/NOT RESOLVED"


def last_date(sdtm: Sdtm) -> dt.date | None:
    """The last date in the data, one known in part at its first day; null without any date.

    Dates of birth do not count.
    """
    latest = [
        text
        for code, domain in DOMAINS.items()
        if code in sdtm.tables and _dates(domain)
        for text in sdtm.tables[code].select(pl.col(_dates(domain)).max()).row(0)
    ]
    days = pl.select(first_day(pl.lit(pl.Series(latest, dtype=pl.String)))).to_series().to_list()
    return max((date for date in (*days, last_decided(sdtm)) if date is not None), default=None)


def cut_sdtm(study: Study, sdtm: Sdtm, cutoff: dt.date | None) -> Sdtm:
    """The data as they were known at the cut; without a cut, as they are."""
    if cutoff is None:
        return sdtm
    before = _as_known(study, sdtm, cutoff)
    tables = {
        code: _cut(DOMAINS[code], table, cutoff) if code in DOMAINS else table
        for code, table in before.items()
    }
    present = pl.col("USUBJID").is_in(_in_the_trial(sdtm, cutoff).implode())
    kept = {
        code: table.filter(present) if "USUBJID" in table.columns else table
        for code, table in tables.items()
    }
    return replace(sdtm, tables=kept)


def _dates(domain: type[s.Table]) -> list[str]:
    return [c.name for c in s.columns(domain) if c.kind == "partial" and not c.private]


def _start(domain: type[s.Table]) -> str | None:
    """The variable that dates a record of the domain."""
    code = domain.__name__.upper()
    names = [name for name in (f"{code}STDTC", f"{code}DTC") if name in domain.columns()]
    return names[0] if names else None


def _after(name: str, cutoff: dt.date) -> pl.Expr:
    return (first_day(pl.col(name)) > cutoff).fill_null(False)


def _cut(domain: type[s.Table], table: pl.DataFrame, cutoff: dt.date) -> pl.DataFrame:
    """The records that had begun, and of their other dates those that were known."""
    start = _start(domain)
    later = {name: _later(table[name], cutoff) for name in _dates(domain)}
    known = table.with_columns(
        pl.when(~pl.col(name).is_in(dates.implode())).then(name)
        for name, dates in later.items()
        if name != start and dates.len()
    )
    if start is None or later[start].is_empty():
        return known
    return known.filter(~pl.col(start).is_in(later[start].implode()).fill_null(False))


def _later(dates: pl.Series, cutoff: dt.date) -> pl.Series:
    """Those of the dates that are after the cut, each once."""
    later = dates.filter(dates > cutoff.isoformat())
    if later.is_empty():
        return later
    return later.unique().to_frame().filter(_after(dates.name, cutoff)).to_series()


def _as_known(study: Study, sdtm: Sdtm, cutoff: dt.date) -> Mapping[str, pl.DataFrame]:
    """The tables without what was known only after the cut; their dates still stand."""
    tables = dict(sdtm.tables)
    tables["DM"] = _subjects(with_arms_at(study, sdtm, cutoff), cutoff)
    if sdtm.has(Ae):
        tables["AE"] = _events(sdtm, cutoff)
    if sdtm.has(Rs):
        tables["RS"] = _responses(sdtm.of(Rs), cutoff, _died_later(sdtm, cutoff))
    return tables


def _subjects(dm: pl.DataFrame, cutoff: dt.date) -> pl.DataFrame:
    judged_later = _after("DLTADJDT", cutoff)
    died_later = _after("DTHDTC", cutoff)
    return dm.with_columns(
        pl.when(~died_later).then("DTHFL").alias("DTHFL"),
        *(pl.when(~judged_later).then(name).alias(name) for name in DLT_VERDICT),
    )


def _events(sdtm: Sdtm, cutoff: dt.date) -> pl.DataFrame:
    found = sdtm.of(Fa)
    later = pl.col("FADTC").is_in(_later(found["FADTC"], cutoff).implode())
    graded_later = (
        found.filter(pl.col("FACAT") == "AE GRADE", later)
        .select("USUBJID", AESPID="FALNKID", graded=pl.lit(True))
        .unique()
    )
    events = sdtm.of(Ae).join(graded_later, on=EVENT, how="left", maintain_order="left")
    open_then = _after("AEDLTDTC", cutoff)
    known_serious = ~_after("AEAWARDT", cutoff)
    alive_then = pl.col("USUBJID").is_in(_died_later(sdtm, cutoff))
    fatal = alive_then & (pl.col("AEOUT") == "FATAL").fill_null(False)
    ongoing = _after("AEENDTC", cutoff) | (fatal & pl.col("AEENDTC").is_null())
    outcome = pl.when(ongoing).then(pl.lit(ONGOING)).when(~fatal).then("AEOUT")
    return events.with_columns(
        pl.when(pl.col("graded").is_null()).then("AETOXGR").alias("AETOXGR"),
        outcome.alias("AEOUT"),
        pl.when(open_then).then(pl.lit("U")).otherwise("AEDLT").alias("AEDLT"),
        pl.when(known_serious & ~alive_then).then("AESDTH").alias("AESDTH"),
        *(pl.when(known_serious).then(name).alias(name) for name in SERIOUSNESS),
    ).drop("graded")


def _died_later(sdtm: Sdtm, cutoff: dt.date) -> list[str]:
    """The subjects who died after the cut."""
    return sdtm.of(Dm).filter(_after("DTHDTC", cutoff))["USUBJID"].to_list()


def _responses(rs: pl.DataFrame, cutoff: dt.date, died_later: list[str]) -> pl.DataFrame:
    """Responses; the last of a subject before the cut is confirmed by none that came later.

    What is said to be confirmed there stands where the one before shows it too, or imaging. No
    death after the cut was the end of a progression then.
    """
    alive_then = pl.col("USUBJID").is_in(died_later)
    known = rs.with_columns(pl.when(~alive_then).then("DTHPDFL").alias("DTHPDFL"))
    assessed = (pl.col("RSTESTCD") == "OVRLRESP") & (pl.col("RSSTRESC") != "NE")
    day = first_day(pl.col("RSDTC"))
    if not rs.select((assessed & (day > cutoff)).any()).item():
        return known
    last_known = day.filter(assessed & (day <= cutoff)).max().over("USUBJID")
    later = (assessed & (day > cutoff)).any().over("USUBJID")
    last = (assessed & later & (day >= last_known)).fill_null(False)
    spelt = {name.lower(): rank for name, rank in RANK.items()}
    word = pl.col("RSSTRESC").str.strip_chars().str.to_lowercase()
    rank = pl.when(assessed).then(word.replace_strict(spelt, default=None, return_dtype=pl.Int64))
    before = rank.shift().forward_fill().over("USUBJID", "RSEVAL", order_by=[day, "RSSEQ"])
    again = pl.when(rank == RANK["PD"]).then(before == rank).otherwise(before >= rank)
    shown = again.fill_null(False) | is_by_imaging()
    hindsight = last & ~shown & (pl.col("RSCONF") == "Y").fill_null(False)
    return known.with_columns(pl.when(~hindsight).then("RSCONF").alias("RSCONF"))


def _in_the_trial(sdtm: Sdtm, cutoff: dt.date) -> pl.Series:
    """The subjects that had consented; without a date of consent, that had any record."""
    subjects = sdtm.of(Dm).select("USUBJID", consent=first_day(pl.col("RFICDTC")))
    undated = subjects.filter(pl.col("consent").is_null())["USUBJID"].implode()
    records = [
        table.filter(pl.col("USUBJID").is_in(undated)).select(
            "USUBJID", first=first_day(pl.col(start))
        )
        for code, table in sdtm.tables.items()
        if code in DOMAINS and (start := _start(DOMAINS[code])) and "USUBJID" in table.columns
    ]
    none = pl.DataFrame(schema={"USUBJID": pl.String, "first": pl.Date})
    first = pl.concat([none, *records]).group_by("USUBJID").agg(pl.col("first").min())
    known = subjects.join(first, on="USUBJID", how="left", maintain_order="left")
    began = pl.coalesce("consent", "first")
    return known.filter((began <= cutoff).fill_null(True))["USUBJID"]
