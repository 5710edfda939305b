"""What is known of the toxicities of the infused subjects, before the clauses are held against it.

From: ADAE, AE and FA (dates as recorded), ADTOX, ADLB, SV, ADSL.

Reading: last seen is the last documented safety assessment; where visits were not collected, the
cut. A value whose day is not known takes no part, nor does a value or a bedside assessment from a
retreatment on.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adae import (
    RELATED,
    Adae,
    event_number,
    is_after_infusion,
    is_ctcae_crs,
    word,
)
from cartrial.adam.adverse.adtox import Adtox
from cartrial.adam.adverse.grade import FATAL
from cartrial.adam.dataset import Adam
from cartrial.adam.laboratory.adlb import Adlb, is_result
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.time.day import infusion_day
from cartrial.adam.time.imputation import first_day, last_day, moment
from cartrial.dosing.toxicity.concern import folded, may_concern
from cartrial.dosing.toxicity.toxic import LATEST, Toxic, When, at, on
from cartrial.forms.adverse import SYNDROMES
from cartrial.protocol.clause import Cause, Selection
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.fa import Fa

WORST_ALIVE = 4
SOMETIME = When(0, LATEST)
CAUSES: Mapping[str, Cause] = {
    "AERELLD": "lymphodepletion",
    "AERELAPH": "apheresis",
    "AERELBRG": "bridging",
    "AERELDIS": "disease",
    "AERELOTH": "other",
}
EVENT = (  # what is asked of an adverse event
    *("USUBJID", "AESEQ", "AENO", "AECAT", "AEDECOD", "AELLT", "AEBODSYS", "ATOXGRN", "ASTDAY"),
    *("TRTEMFL", "AECOMPOF", "TABFL", "AEOUT", "ARELFL", "ARELMFL"),
)
RECORDED = ("AESPID", "AESTDTC", "AEENDTC", *CAUSES)
CHANGE = ("USUBJID", "FASEQ", "FACAT", "FALNKID", "FASTRESN", "FADTC")  # of a grade change
VALUE = (  # of a laboratory value
    *("USUBJID", "ASEQ", "PARAMCD", "ADT", "ADAY"),
    *("ATOXLLO", "ATOXLHI", "ATOXDSCL", "ATOXHLO", "ATOXHHI", "ATOXDSCH"),
)
WHAT = (  # of any record, by which a rule is about it
    *("KIND", "AEDECOD", "AELLT", "AEBODSYS", "RELATED", "SIGN", "ANALYTE", "DIRECTION"),
    "HIGHEST",
)
Row = Mapping[str, Any]
Rules = Sequence[Selection]


@dataclass(frozen=True)
class Source:
    """What is known of the infused subjects: one record per event, change, assessment and value.

    `events` are those from the infusion on, with a grade that no record of theirs exceeds
    (HIGHEST); `earlier` are the others.
    """

    subjects: pl.DataFrame
    events: pl.DataFrame
    earlier: pl.DataFrame
    changes: pl.DataFrame
    bedside: pl.DataFrame
    values: pl.DataFrame
    numbers: Iterator[int]  # for toxicities without an adverse event, below zero


def source_of(sdtm: Sdtm, adam: Adam, adsl: s.DataFrame[Adsl], analytes: Collection[str]) -> Source:
    """What is known of the infused subjects; of the laboratory the values of the `analytes`."""
    subjects = _subjects(adsl, adam.cutoff)
    changes, bedside = _changes(sdtm), _bedside(adam.of(Adtox), subjects)
    events = _events(sdtm, adam.of(Adae), subjects)
    after = is_after_infusion()
    return Source(
        subjects=subjects,
        events=_with_highest(events.filter(after), changes, bedside),
        earlier=events.filter(~after),
        changes=changes,
        bedside=bedside,
        values=_values(adam.of(Adlb), subjects, analytes),
        numbers=count(-1 - max(events["AESEQ"].to_list(), default=0), -1),
    )


def _subjects(adsl: s.DataFrame[Adsl], cutoff: dt.date | None) -> pl.DataFrame:
    """The infused subjects, with the day of death and that up to which each was seen."""
    collected = adsl["LSTSAFDT"].is_not_null().any()
    last = pl.col("LSTSAFDT") if collected else pl.lit(cutoff, dtype=pl.Date)
    day = infusion_day(last, pl.col("TRTSDT"))
    return (
        adsl.filter(pl.col("SAFFL") == "Y")
        .sort("USUBJID")
        .select(
            *("USUBJID", "TRTSDT", "RETRTDT", "DTHDT", "DTHAENO", "DTHADJFL", "DTHCARFL"),
            DIED=infusion_day(pl.col("DTHDT"), pl.col("TRTSDT")),
            SEEN=day.fill_null(0).clip(0).cast(pl.Float64),
        )
    )


def _events(sdtm: Sdtm, adae: s.DataFrame[Adae], subjects: pl.DataFrame) -> pl.DataFrame:
    """The events, with what was recorded of them: what they are, and whether of the product."""
    recorded = sdtm.of(Ae).select("USUBJID", "AESEQ", *RECORDED)
    syndrome = pl.col("AECAT").is_in(SYNDROMES).fill_null(False)
    due = (pl.col("DTHAENO") == pl.col("AENO")) & (pl.col("DTHCARFL") == "Y")
    answered = pl.when(pl.col("ARELMFL").is_null()).then(pl.col("ARELFL").eq_missing("Y"))
    return (
        adae.select(*EVENT, NUMBER=event_number())
        .join(subjects, on="USUBJID", maintain_order="left")
        .join(recorded, on=("USUBJID", "AESEQ"), how="left", maintain_order="left")
        .with_columns(CTCAECRS=is_ctcae_crs() & ~syndrome)
        .with_columns(
            KIND=pl.when("CTCAECRS")
            .then(pl.lit("CRS"))
            .otherwise(pl.when(syndrome).then("AECAT").otherwise(pl.lit("adverse event"))),
            SIGN=pl.col("AECOMPOF").is_not_null() & pl.col("TABFL").is_null(),
            RELATED=pl.when(due.fill_null(False)).then(True).otherwise(answered),
        )
    )


def _with_highest(
    events: pl.DataFrame, changes: pl.DataFrame, bedside: pl.DataFrame
) -> pl.DataFrame:
    """The events with a grade that no record of theirs exceeds."""
    told = changes.group_by("USUBJID", "AESPID").agg(TOLD=pl.col("GRADE").max())
    assessed = bedside.group_by("USUBJID", "AENO").agg(ASSESSED=pl.col("HIGHEST").max())
    fatal = (pl.col("ATOXGRN") == FATAL) | (pl.col("AEOUT").str.to_uppercase() == "FATAL")
    unknown = pl.col("ATOXGRN").is_null() | pl.col("CTCAECRS")
    alive = pl.max_horizontal("ATOXGRN", "TOLD", "ASSESSED", pl.when(unknown).then(WORST_ALIVE))
    return (
        events.join(told, on=("USUBJID", "AESPID"), how="left", maintain_order="left")
        .join(assessed, on=("USUBJID", "AENO"), how="left", maintain_order="left")
        .with_columns(HIGHEST=pl.when(fatal.fill_null(False)).then(FATAL).otherwise(alive))
        .drop("TOLD", "ASSESSED")
    )


def _changes(sdtm: Sdtm) -> pl.DataFrame:
    """The grade changes below grade 5, in the order of time."""
    recorded = sdtm.of(Fa).select(CHANGE)
    graded = recorded.filter(
        pl.col("FACAT") == "AE GRADE", pl.col("FASTRESN") < FATAL, pl.col("FADTC").is_not_null()
    )
    return graded.sort("FADTC", "FASEQ").select(
        "USUBJID", "FADTC", AESPID="FALNKID", GRADE=pl.col("FASTRESN").cast(pl.Int64)
    )


def _bedside(adtox: s.DataFrame[Adtox], subjects: pl.DataFrame) -> pl.DataFrame:
    """The bedside assessments of the infusion: the investigator's grade, else the interval."""
    first = adtox.filter(pl.col("INFNO").fill_null(1) == 1, pl.col("ADAY") >= 0)
    settled = pl.col("ATOXGRN") < FATAL  # a death is adjudicated
    low = pl.col("DTOXGRL").fill_null(0)
    high = pl.min_horizontal(pl.col("DTOXGRH"), WORST_ALIVE)
    return first.select(
        *("USUBJID", "PARAMCD", "PARAM", "ADTM", "ADAY", "EPNO", "AENO"),
        LOWEST=pl.when(settled).then("ATOXGRN").otherwise(low),
        HIGHEST=pl.when(settled).then("ATOXGRN").otherwise(high),
    ).join(subjects.select("USUBJID", "TRTSDT", "DIED"), on="USUBJID", maintain_order="left")


def _values(
    adlb: s.DataFrame[Adlb], subjects: pl.DataFrame, analytes: Collection[str]
) -> pl.DataFrame:
    """The dated values of the infusion, in the order of time."""
    dated = pl.col("ADTF").is_null() & (pl.col("ADAY") >= 0)
    told = adlb.select(*VALUE, "AVAL", "WHYMISS", "ADTF", "DTYPE")
    wanted = told.filter(pl.col("PARAMCD").is_in(list(analytes)))
    known = wanted.filter(is_result(), dated, pl.col("DTYPE").is_null()).select(VALUE)
    about = subjects.select("USUBJID", "RETRTDT", "DTHDT")
    mine = known.join(about, on="USUBJID", maintain_order="left")
    own = (pl.col("ADT") < pl.col("RETRTDT")).fill_null(True)
    return mine.filter(own).sort("USUBJID", "ADAY", "ASEQ")


# ---------------------------------------------------------------- of a record
def asked(rules: Rules, records: pl.DataFrame) -> pl.DataFrame:
    """The records that a rule may be about; of those that are alike in this one is judged."""
    what = [name for name in WHAT if name in records.columns]
    distinct = records.select(what).unique()
    concerned = [may_concern(rules, recorded(row)) for row in distinct.iter_rows(named=True)]
    kept = distinct.filter(pl.Series(concerned, dtype=pl.Boolean))
    return records.join(kept, on=what, how="semi", nulls_equal=True, maintain_order="left")


def recorded(row: Row) -> Toxic:
    """A toxicity without its course: it may have reached its highest grade at any time."""
    return Toxic(
        kind=row["KIND"],
        steps=(),
        seen_to=0.0,
        terms=terms(row),
        organ_class=row.get("AEBODSYS") or "",
        related=row.get("RELATED"),
        sign=row.get("SIGN", False),
        reached=row["HIGHEST"],
        analyte=row.get("ANALYTE", ""),
        direction=row.get("DIRECTION", ""),
    )


def terms(row: Row) -> tuple[str, ...]:
    """The names by which a toxicity goes."""
    return tuple(name for name in (row.get("AEDECOD"), row.get("AELLT")) if name)


def died(row: Row) -> When | None:
    """When the subject died."""
    return None if row["DIED"] is None else on(row["DIED"])


def causes(row: Row) -> frozenset[Cause]:
    """The other causes to which an event is attributed."""
    return frozenset(cause for name, cause in CAUSES.items() if row[name])


def with_dates(records: pl.DataFrame, **named: str) -> pl.DataFrame:
    """The records with the first and last day and the clock time of each named date."""
    return records.with_columns(
        made.alias(f"{name}_{part}")
        for name, dtc in named.items()
        for part, made in (
            ("first", first_day(pl.col(dtc))),
            ("last", last_day(pl.col(dtc))),
            ("at", moment(pl.col(dtc))),
        )
    )


def of_terms(events: pl.DataFrame, names: Collection[str]) -> Mapping[str, Sequence[Row]]:
    """The events that go by one of the names, by USUBJID."""
    said = {folded(name) for name in names}
    known = pl.concat([events["AEDECOD"], events["AELLT"]]).drop_nulls().unique()
    alike = [name for name in known if folded(name) in said]
    named = pl.col("AEDECOD").is_in(alike) | pl.col("AELLT").is_in(alike)
    mine = events.filter(named).select("USUBJID", "NUMBER", "AEDECOD", "AELLT", "RELATED", *CAUSES)
    return with_causes(mine).rows_by_key("USUBJID", named=True)


def with_causes(events: pl.DataFrame) -> pl.DataFrame:
    """The events with whether each is attributed to another cause."""
    return events.with_columns(word(name).is_in(RELATED).fill_null(False) for name in CAUSES)


def when_of(row: Row, name: str) -> When | None:
    """When a recorded date was, from the infusion on; nothing where one of the two is missing."""
    first, last, clock = row[f"{name}_first"], row[f"{name}_last"], row[f"{name}_at"]
    infused = row["TRTSDT"]
    if first is None or infused is None:
        return None
    if clock is not None:
        return clock_time(clock, infused)
    return on((first - infused).days, ((last or first) - infused).days)


def clock_time(clock: dt.datetime, infused: dt.date) -> When:
    """A clock time, from the midnight of the infusion day on."""
    return at((clock - dt.datetime.combine(infused, dt.time())) / dt.timedelta(days=1))
