"""The committee's verdicts on DLT, in days from each subject's infusion.

Reading: the words of a verdict are never repeated. Where they are the id or the name of a clause of
the study, the verdict rests on that clause; else it has none. A verdict whose day is not known
covers what was known by the infusion.
"""

import datetime as dt
from collections.abc import Mapping
from typing import get_args

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.time.day import day_of
from cartrial.dosing.toxicity.dlt import Adjudication, Verdict
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.dm import Dm

VERDICTS: tuple[str, ...] = get_args(Verdict)
Verdicts = Mapping[str, Adjudication]  # by USUBJID


def adjudications(study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> Verdicts:
    """The verdict on each subject that has one; a word that is none is left to the findings."""
    infused = dict(adsl.select("USUBJID", "TRTSDT").iter_rows())
    found = {}
    for row in sdtm.of(Dm).filter(pl.col("DLTADJ").is_in(VERDICTS)).iter_rows(named=True):
        start = infused.get(row["USUBJID"])
        clause = _clause(study, row["DLTCLAUS"])
        found[row["USUBJID"]] = Adjudication(
            verdict=row["DLTADJ"],
            decided=day_of(_date(row["DLTADJDT"]), start) or 0,
            number=row["DLTAENO"],
            met=day_of(_date(row["DLTMETDT"]), start),
            reason=f"clause {clause}" if clause else "",
            clause=clause,
        )
    return found


def _clause(study: Study, words: str | None) -> str:
    """The clause that the words of a verdict name; empty where they name none."""
    said = (words or "").strip().casefold()
    clauses = study.dlt.clauses if study.dlt is not None else ()
    return next((c.id for c in clauses if said in (c.id, c.name.casefold())), "")


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text[:10]) if text and len(text) >= 10 else None
