"""Dose-limiting toxicity (ADDL): one record per infused subject.

From: ADAE, ADSL, SUPPDM (adjudication), SV, what meets a clause (ADDLEV).

Reading: a subject whose infusion has no date is counted when it has a DLT; else it is not
evaluable, for nobody can say whether the window is complete. A death recorded as of myeloma is of
the disease; any other death is settled once adjudicated. The end of study of a living subject ends
its follow-up. A missed visit counts on its planned day.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.adam.adverse.adae import Adae, event_number
from cartrial.adam.dose_limiting.addlev import PROPOSED, Held, called_events
from cartrial.adam.dose_limiting.adjudication import Verdicts
from cartrial.adam.response.courses import OF_DISEASE
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.alive import safety_assessments
from cartrial.adam.subject.record import TREATMENT, declared
from cartrial.adam.time.day import day_of
from cartrial.adam.variable import char, num, usubjid, whole, yes, yes_no, ymd
from cartrial.dosing.toxicity.clauses import Judged
from cartrial.dosing.toxicity.dlt import Course, DeathCause, DltStatus, dlt_status
from cartrial.dosing.toxicity.proposal import ToxicityEvent, with_clauses
from cartrial.dosing.toxicity.toxic import Toxic
from cartrial.protocol.clause import Clause
from cartrial.protocol.study import Dlt, Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.sv import Sv
from cartrial.sdtm.study_day import calendar_day

ALLOWANCE = 7  # days after the window, where the schedule does not say
NO_DATE = "the day of infusion is not known"
NO_LEVEL = "the dose level is not known"
OF_SUBJECT = (  # what is asked of an infused subject
    *("STUDYID", "USUBJID", *dict.fromkeys(TREATMENT.values())),
    *("TRTSDT", "CARDOSA", "CARDOSR", "NACTDT", "EOSSTT", "EOSDT"),
    *("DTHFL", "DTHDT", "DTHCAUS", "DTHADJFL"),
)

Row = Mapping[str, Any]


class Addl(s.Table):
    """Dose-limiting toxicity (ADDL): one record per infused subject."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    DOSELVL = whole("Dose Level Given", "level")
    EVALLVL = whole("Dose Level at Which Counted", "level")
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    SAFFL = yes_no("Safety Population (Infused) Flag")
    CARDOSR = num("Dose Given as a Fraction of Planned", "fraction")
    DLTSTAT = char("DLT Status")
    DLTREAS = char("Reason for the DLT Status", private=False)
    DLTFUP = whole("Documented Follow-up in the Window", "day")
    DLTWIN = whole("DLT Window", "day")
    DLTDT = ymd("Date DLT Clause Was Met")
    DLTDAY = whole("Day DLT Clause Was Met", "day")
    DLTONSDY = whole("Onset Day of the DLT Event", "day")
    DLTCLAUS = char("DLT Clause")
    DLTAENO = whole("Event of the DLT", "number")
    DLTTERM = char("Term of the DLT")
    DLTADJ = char("Adjudication Verdict")
    DLTINT = char("Interim DLT Status")
    DLTINTDY = whole("Day of the Interim Status", "day")
    DLTLATFL = yes("Completion Documented Late Flag")


def derive_addl(
    study: Study,
    sdtm: Sdtm,
    adsl: s.DataFrame[Adsl],
    adae: s.DataFrame[Adae],
    cutoff: dt.date | None,
    *,
    verdicts: Verdicts,
    held: Mapping[str, Sequence[Held]],
) -> s.DataFrame[Addl]:
    """The DLT status of every infused subject; without rows where the study judges no DLT."""
    if study.dlt is None:
        return Addl.create_empty()
    courses = _courses(study, sdtm, adsl, adae, verdicts, held)
    subjects = {row["USUBJID"]: row for row in _infused(adsl)}
    doses, allowance = [level.dose for level in study.doses.levels], _allowance(study, study.dlt)
    judged = {
        key: _judged(study.dlt, doses, allowance, courses[key], subject, cutoff)
        for key, subject in subjects.items()
    }
    terms = _terms(adae, held, judged)
    rows = []
    for key, status in judged.items():
        verdict = verdicts[key].verdict if key in verdicts else None
        told = {"DLTADJ": verdict, "DLTTERM": terms.get((key, status.event))}
        rows.append(_row(study.dlt, status, subjects[key]) | told)
    return declared(Addl, pl.DataFrame(rows, schema=_schema(), orient="row"), ())


def _terms(
    adae: s.DataFrame[Adae],
    held: Mapping[str, Sequence[Held]],
    judged: Mapping[str, DltStatus],
) -> dict[tuple[str, int | None], str | None]:
    """What the toxicities that decide are called, by subject and number.

    It is the term of the event, else that by which the clauses know it.
    """
    called = {
        (subject, one.toxic.number): one.toxic.terms[0]
        for subject, mine in held.items()
        for one in mine
        if one.toxic.terms
    }
    key = {"USUBJID": pl.String, "NUMBER": pl.Int64}
    decide = [(subject, one.event) for subject, one in judged.items() if one.event is not None]
    numbered = adae.select("USUBJID", "AEDECOD", NUMBER=event_number())
    events = numbered.join(pl.DataFrame(decide, schema=key, orient="row"), on=list(key), how="semi")
    named = events.select(*key, "AEDECOD").iter_rows()
    return called | {(subject, number): term for subject, number, term in named}


def _infused(adsl: s.DataFrame[Adsl]) -> Iterable[Row]:
    return adsl.filter(pl.col("SAFFL") == "Y").select(OF_SUBJECT).iter_rows(named=True)


def _schema() -> dict[str, Any]:
    return dict(s.empty(Addl).schema)


# ---------------------------------------------------------------- what is known of a subject
def _courses(
    study: Study,
    sdtm: Sdtm,
    adsl: s.DataFrame[Adsl],
    adae: s.DataFrame[Adae],
    verdicts: Verdicts,
    held: Mapping[str, Sequence[Held]],
) -> dict[str, Course]:
    events = called_events(adae, verdicts, held)
    seen = _days(safety_assessments(sdtm), adsl)
    missed = _missed(study, sdtm)
    courses = {}
    for subject in _infused(adsl):
        key, infused = subject["USUBJID"], subject["TRTSDT"]
        courses[key] = Course(
            level=subject["TRT01AN"] or 1,
            given=subject["CARDOSA"],
            events=_events(events.get(key, ()), held.get(key, ())),
            adjudication=verdicts.get(key),
            assessed=seen.get(key, ()),
            missed=missed.get(key, ()),
            left=_left(subject),
            new_therapy=day_of(subject["NACTDT"], infused),
            death=day_of(subject["DTHDT"], infused),
            death_cause=_cause(subject),
        )
    return courses


def _events(rows: Iterable[Row], held: Sequence[Held]) -> tuple[ToxicityEvent, ...]:
    """The events as the investigator recorded them and as the clauses judge them."""
    known = {event.number: event for event in map(_event, rows)}
    for one in held:
        number, began = one.toxic.number, one.judged.began
        known.setdefault(number, ToxicityEvent(number, began, term=_called(one.toxic)))
    clauses: dict[int, list[tuple[str, Judged]]] = {number: [] for number in known}
    for one in held:
        if isinstance(one.rule, Clause):
            clauses[one.toxic.number].append((one.rule.id, one.judged))
    return tuple(with_clauses(event, clauses[number]) for number, event in known.items())


def _called(toxic: Toxic) -> str:
    """What a toxicity is called that no adverse event stands for."""
    if toxic.analyte:
        return f"laboratory values of {toxic.analyte}"
    return toxic.terms[0] if toxic.terms else ""


def _event(row: Row) -> ToxicityEvent:
    return ToxicityEvent(
        number=row["NUMBER"],
        onset=row["ASTDAY"],
        dlt=PROPOSED.get(row["AEDLT"], "no"),
        met=row["DLTDAY"],
        term=row["AEDECOD"] or "",
    )


def _days(dated: pl.DataFrame, adsl: s.DataFrame[Adsl]) -> dict[str, tuple[int, ...]]:
    """The days of dated records from the infusion on, by subject."""
    anchored = dated.join(adsl.select("USUBJID", "TRTSDT"), on="USUBJID")
    days = anchored.select("USUBJID", day=(pl.col("date") - pl.col("TRTSDT")).dt.total_days())
    return _grouped(days.filter(pl.col("day") >= 0))


def _missed(study: Study, sdtm: Sdtm) -> dict[str, tuple[int, ...]]:
    """The planned days of the visits that are recorded as missed, by subject."""
    visits = study.schedule.visits if study.schedule else ()
    planned = {visit.name: visit.day for visit in visits if not visit.unanchored}
    held = calendar_day(pl.col("SVSTDTC")).is_not_null()
    absent = sdtm.of(Sv).filter(~held, pl.col("SVOCCUR") == "N")
    day = pl.col("VISIT").replace_strict(planned, default=None, return_dtype=pl.Int64)
    return _grouped(absent.select("USUBJID", day=day).drop_nulls().sort("USUBJID", "day"))


def _grouped(days: pl.DataFrame) -> dict[str, tuple[int, ...]]:
    found = days.group_by("USUBJID", maintain_order=True).agg("day")
    return {subject: tuple(listed) for subject, listed in found.iter_rows()}


def _left(subject: Row) -> int | None:
    """The day on which a living subject's follow-up ended."""
    if subject["EOSSTT"] == "ONGOING" or subject["DTHFL"] == "Y":
        return None
    return day_of(subject["EOSDT"], subject["TRTSDT"])


def _cause(subject: Row) -> DeathCause | None:
    if subject["DTHFL"] is None:
        return None
    if (subject["DTHCAUS"] or "").upper() in OF_DISEASE:
        return "disease"
    return "other" if subject["DTHADJFL"] == "Y" else "unsettled"


# ---------------------------------------------------------------- its status
def _judged(
    rule: Dlt,
    doses: Sequence[float | None],
    allowance: int,
    course: Course,
    subject: Row,
    cutoff: dt.date | None,
) -> DltStatus:
    status = dlt_status(
        rule,
        course,
        doses=(*doses, *[None] * (course.level - len(doses))),
        cutoff=day_of(cutoff, subject["TRTSDT"]) or 0,
        allowance=allowance,
    )
    if status.status == "DLT":
        return status
    lacking = NO_DATE if subject["TRTSDT"] is None else ""
    lacking = lacking or (NO_LEVEL if subject["TRT01AN"] is None else "")
    if not lacking:
        return status
    return replace(status, status="not evaluable", reason=lacking, interim=None)


def _allowance(study: Study, rule: Dlt) -> int:
    visits = study.schedule.visits if study.schedule else ()
    return next((visit.after for visit in visits if visit.day == rule.window), ALLOWANCE)


def _row(rule: Dlt, status: DltStatus, subject: Row) -> dict[str, Any]:
    infused = subject["TRTSDT"]
    met = status.met
    dated = infused is not None and met is not None
    return {
        "STUDYID": subject["STUDYID"],
        "USUBJID": subject["USUBJID"],
        "DOSELVL": subject["TRT01AN"],
        "EVALLVL": status.level if subject["TRT01AN"] is not None else None,
        **{name: subject[of] for name, of in TREATMENT.items()},
        "CARDOSR": subject["CARDOSR"],
        "DLTSTAT": status.status,
        "DLTREAS": status.reason,
        "DLTFUP": status.days if infused is not None else None,
        "DLTWIN": rule.window,
        "DLTDT": infused + dt.timedelta(days=met) if dated and met is not None else None,
        "DLTDAY": met,
        "DLTONSDY": status.onset,
        "DLTCLAUS": status.clause or None,
        "DLTAENO": status.event if status.event and status.event > 0 else None,
        "DLTINT": status.interim.status if status.interim else None,
        "DLTINTDY": rule.interim,
        "DLTLATFL": "Y" if status.late else None,
    }
