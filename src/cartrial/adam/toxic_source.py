"""What is known of the toxicities of each subject, before the clauses are held against it.

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
from cartrial.adam.adverse.adae import RELATED, Adae, is_ctcae_crs, word
from cartrial.adam.adverse.adtox import Adtox
from cartrial.adam.adverse.grade import FATAL
from cartrial.adam.dataset import Adam
from cartrial.adam.laboratory.adlb import Adlb, is_result
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.alive import safety_assessments
from cartrial.adam.time.day import day_of
from cartrial.adam.time.imputation import first_day, last_day, moment
from cartrial.dosing.toxicity.toxic import LATEST, Step, When, at, on
from cartrial.forms.adverse import SYNDROMES
from cartrial.protocol.clause import Cause
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.fa import Fa

SOMETIME = When(0, LATEST)
CAUSES: Mapping[str, Cause] = {
    "AERELLD": "lymphodepletion",
    "AERELAPH": "apheresis",
    "AERELBRG": "bridging",
    "AERELDIS": "disease",
    "AERELOTH": "other",
}
VALUE = (  # what is asked of a laboratory value
    *("USUBJID", "ASEQ", "PARAMCD", "ADT", "ADAY"),
    *("ATOXLLO", "ATOXLHI", "ATOXDSCL", "ATOXHLO", "ATOXHHI", "ATOXDSCH"),
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """What is known of one subject, by which its toxicities are told.

    `events` are those after the infusion; `died_of` is an earlier one that the death is due to.
    """

    subject: Row
    events: Sequence[Row]
    died_of: Row | None
    changes: Mapping[str, list[Step]]  # by AESPID
    assessments: Sequence[Row]
    values: Sequence[Row]
    seen_to: float
    numbers: Iterator[int]  # for toxicities without an adverse event, below zero


def sources(
    sdtm: Sdtm, adam: Adam, adsl: s.DataFrame[Adsl], analytes: Collection[str | None]
) -> Iterator[Source]:
    """The infused subjects in their order, each with what is known of it.

    Of the laboratory that are the values of the `analytes`.
    """
    adae, adtox, adlb, cutoff = adam.of(Adae), adam.of(Adtox), adam.of(Adlb), adam.cutoff
    subjects = adsl.filter(pl.col("SAFFL") == "Y").sort("USUBJID")
    emergent = (pl.col("TRTEMFL") == "Y") | pl.col("ASTDAY").is_null()
    recorded = _with_recorded(adae, sdtm)
    events = _grouped(recorded.filter(emergent))
    earlier = _grouped(recorded.filter(~emergent.fill_null(False)))
    changes = _changes(sdtm, adsl)
    first = adtox.filter((pl.col("INFNO") == 1) | pl.col("INFNO").is_null())
    bedside = _grouped(first.filter(pl.col("ADAY") >= 0))
    wanted = adlb.filter(pl.col("PARAMCD").is_in([a for a in analytes if a]))
    values = _grouped(_dated_values(wanted, adsl))
    seen = dict(safety_assessments(sdtm).group_by("USUBJID").agg(pl.col("date").max()).iter_rows())
    for subject in subjects.iter_rows(named=True):
        key, infused = subject["USUBJID"], subject["TRTSDT"]
        last = seen.get(key) if seen else cutoff
        yield Source(
            subject,
            events.get(key, []),
            next((row for row in earlier.get(key, []) if _is_cause(row, subject)), None),
            changes.get(key, {}),
            bedside.get(key, []),
            values.get(key, []),
            float(max(day_of(last, infused) or 0, 0)),
            count(-1 - max((row["AESEQ"] for row in events.get(key, [])), default=0), -1),
        )


def _is_cause(event: Row, subject: Row) -> bool:
    return event["AENO"] is not None and event["AENO"] == subject["DTHAENO"]


def _with_recorded(events: pl.DataFrame, sdtm: Sdtm) -> pl.DataFrame:
    """The events with their dates and attributions as they were recorded."""
    recorded = sdtm.of(Ae).select(
        "USUBJID",
        "AESEQ",
        "AESPID",
        *_dates("AESTDTC", "start"),
        *_dates("AEENDTC", "end"),
        *(word(name).is_in(RELATED).fill_null(False).alias(name) for name in CAUSES),
    )
    known = events.join(recorded, on=("USUBJID", "AESEQ"), how="left", maintain_order="left")
    return known.with_columns(CTCAECRS=is_ctcae_crs() & ~_is_syndrome())


def _is_syndrome() -> pl.Expr:
    return pl.col("AECAT").is_in(SYNDROMES).fill_null(False)


def _dates(dtc: str, name: str) -> tuple[pl.Expr, ...]:
    return (
        first_day(pl.col(dtc)).alias(f"{name}_first"),
        last_day(pl.col(dtc)).alias(f"{name}_last"),
        moment(pl.col(dtc)).alias(f"{name}_at"),
    )


def _changes(sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> dict[str, dict[str, list[Step]]]:
    """The grade changes of each event below grade 5, in the order of time."""
    graded = sdtm.of(Fa).filter(
        pl.col("FACAT") == "AE GRADE", pl.col("FASTRESN") < FATAL, pl.col("FADTC").is_not_null()
    )
    infused = dict(adsl.select("USUBJID", "TRTSDT").iter_rows())
    dated = graded.sort("FADTC", "FASEQ").select(
        "USUBJID", "FALNKID", "FASTRESN", *_dates("FADTC", "graded")
    )
    found: dict[str, dict[str, list[Step]]] = {}
    for row in dated.iter_rows(named=True):
        when = when_of(row, "graded", infused.get(row["USUBJID"])) or SOMETIME
        grade = int(row["FASTRESN"])
        mine = found.setdefault(row["USUBJID"], {}).setdefault(row["FALNKID"], [])
        mine.append(Step(when, grade, grade))
    return found


def _dated_values(adlb: pl.DataFrame, adsl: s.DataFrame[Adsl]) -> pl.DataFrame:
    again = adsl.select("USUBJID", "RETRTDT")
    dated = pl.col("ADTF").is_null() & (pl.col("ADAY") >= 0)
    known = adlb.filter(is_result(), dated, pl.col("DTYPE").is_null())
    needed = known.select(VALUE)
    mine = needed.join(again, on="USUBJID", how="left", maintain_order="left")
    return mine.filter((pl.col("ADT") < pl.col("RETRTDT")).fill_null(True)).sort(
        "USUBJID", "ADAY", "ASEQ"
    )


def _grouped(rows: pl.DataFrame) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows.iter_rows(named=True):
        found.setdefault(row["USUBJID"], []).append(row)
    return found


def when_of(row: Row, name: str, infused: dt.date | None) -> When | None:
    """When a recorded date was, from the infusion on; nothing where one of the two is missing."""
    first, last, clock = row[f"{name}_first"], row[f"{name}_last"], row[f"{name}_at"]
    if first is None or infused is None:
        return None
    if clock is not None:
        return at((clock - dt.datetime.combine(infused, dt.time())) / dt.timedelta(days=1))
    return on((first - infused).days, ((last or first) - infused).days)
