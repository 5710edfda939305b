"""The course of each infused subject's disease: its assessments, judged, and what ends it.

Reading: responses are the investigator's; where no record names the investigator, all count. Of
two assessments on one day the lower counts. Assessments of the day of infusion or before it are no
response to it, those after death are an error and left out. A retreatment ends the time in which
responses count, as a new therapy does. An assessment whose day is not known cannot be ordered and
is left out of the course.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.adam.adsl import Adsl
from cartrial.response.confirmation import RANK, RESPONSES, Assessment, Judged, judge
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.rs import Rs
from cartrial.sdtm.study_day import calendar_day

SPELT = {name.lower(): name for name in RESPONSES}
OF_DISEASE = ("MYELOMA", "PROGRESSIVE DISEASE", "DISEASE PROGRESSION")


@dataclass(frozen=True)
class Course:
    """One infused subject; `published` is a best response without its visits, and its record.

    `new_therapy` is the first new therapy or the retreatment; `alive_by` names the domains of the
    record that proves life last.
    """

    subject: str
    infused: dt.date | None
    judged: tuple[Judged, ...]
    new_therapy: dt.date | None
    died: bool
    death: dt.date | None
    last_alive: dt.date | None
    alive_by: str | None
    followed: bool
    published: str | None = None
    published_confirmed: bool | None = None
    published_number: int | None = None


def overall_responses(sdtm: Sdtm) -> pl.DataFrame:
    """The investigator's overall responses, as they are spelt in the criteria (RESPONSE)."""
    return _spelt(sdtm, "OVRLRESP").with_columns(ADT=calendar_day(pl.col("RSDTC")))


def disease_courses(sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> tuple[Course, ...]:
    """The course of every infused subject, in the order of ADSL."""
    assessed = overall_responses(sdtm).partition_by("USUBJID", as_dict=True)
    best = {row["USUBJID"]: row for row in _spelt(sdtm, "BESTRESP").iter_rows(named=True)}
    nothing = overall_responses(sdtm).clear()
    return tuple(
        _course(row, assessed.get((row["USUBJID"],), nothing), best.get(row["USUBJID"]))
        for row in adsl.filter(pl.col("SAFFL") == "Y").iter_rows(named=True)
    )


def _spelt(sdtm: Sdtm, test: str) -> pl.DataFrame:
    records = sdtm.of(Rs).filter(pl.col("RSTESTCD") == test)
    investigator = records.filter(pl.col("RSEVAL").is_null() | (pl.col("RSEVAL") == "INVESTIGATOR"))
    chosen = records if investigator.is_empty() else investigator
    word = pl.coalesce("RSSTRESC", "RSORRES").str.strip_chars().str.to_lowercase()
    return chosen.with_columns(
        RESPONSE=word.replace_strict(SPELT, default=None, return_dtype=pl.String)
    )


def _course(subject: dict[str, Any], assessed: pl.DataFrame, best: Any) -> Course:
    ends = [day for day in (subject["NACTDT"], subject["RETRTDT"]) if day is not None]
    new_therapy = min(ends, default=None)
    cause = (subject["DTHCAUS"] or "").upper()
    died = subject["DTHFL"] == "Y"
    judged = judge(
        _assessments(assessed, subject),
        new_therapy=new_therapy,
        died_of_disease=died and cause in OF_DISEASE,
    )
    return Course(
        subject=subject["USUBJID"],
        infused=subject["TRTSDT"],
        judged=judged,
        new_therapy=new_therapy,
        died=died,
        death=subject["DTHDT"],
        last_alive=subject["LSTALVDT"],
        alive_by=subject["LALVSRC"],
        followed=subject["EOSSTT"] == "ONGOING" and new_therapy is None,
        published=best["RESPONSE"] if best else None,
        published_confirmed=_answer(best["RSCONF"]) if best else None,
        published_number=best["RSSEQ"] if best else None,
    )


def _assessments(assessed: pl.DataFrame, subject: dict[str, Any]) -> tuple[Assessment, ...]:
    infused, death = subject["TRTSDT"], subject["DTHDT"]
    found: dict[dt.date, Assessment] = {}
    for row in assessed.sort("ADT", "RSSEQ", nulls_last=True).iter_rows(named=True):
        day, response = row["ADT"], row["RESPONSE"]
        if day is None or response is None:
            continue
        if (infused is not None and day <= infused) or (death is not None and day > death):
            continue
        one = Assessment(
            day, response, _answer(row["RSCONF"]), row["RSPDBY"] == "IMAGING", row["RSSEQ"]
        )
        if day not in found or _lower(one, found[day]):
            found[day] = one
    return tuple(found.values())


def _lower(one: Assessment, other: Assessment) -> bool:
    """Whether the one is lower than the other; NE is lower than nothing."""
    if other.response == "NE":
        return one.response != "NE"
    return one.response != "NE" and RANK[one.response] < RANK[other.response]


def _answer(text: str | None) -> bool | None:
    return {"Y": True, "N": False}.get(text or "")
