"""The grade of an adverse event over time, and its worst from the infusion on.

An event has dated grade changes; each holds until the next. The worst grade counts from the
infusion on: the grade in effect at the infusion, and every later one. An event that was over by
then keeps its worst grade. It worsened after the infusion on the first day on which its grade was
above the one in effect at the infusion.

    grade changes were recorded     the worst of them
    one grade was recorded          that grade (data of other systems)
    neither                         no grade, and the reason; a severity in words is not a grade

Reading: a change on the day of the infusion counts as after it unless clock times say otherwise.
Grade 5 stands only where a person has adjudicated the death as due to this event, and is then its
grade; until then the grade stays as it was before. Where adjudication was never collected, a grade
5 of another system stands.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.time.imputation import first_day, last_day, moment
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.domains.ds import Ds
from cartrial.sdtm.domains.fa import Fa

FATAL = 5
AWAITS = "grade 5 awaits adjudication of the death"
NO_GRADE = "no grade recorded"
SEVERITY_ONLY = "a severity was recorded, not a grade"
GRADE_TEXT = re.compile(r"^\s*(?:grade\s*)?([0-5])\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Change:
    """The grade of an event from a day on; `at` is the clock time where it is known."""

    on: dt.date
    at: dt.datetime | None
    grade: int


@dataclass(frozen=True)
class Course:
    """The worst grade of an event, when it was first reached, and when it rose after infusion."""

    worst: int | None
    why: str | None = None
    peak: dt.date | None = None
    rose: dt.date | None = None


@dataclass(frozen=True)
class Infusion:
    """When the infusion was, as far as known."""

    on: dt.date | None = None
    at: dt.datetime | None = None

    def precedes(self, change: Change) -> bool:
        """Whether the infusion was at or before a change."""
        if self.on is None:
            return True
        if self.at is not None and change.at is not None:
            return change.at >= self.at
        return change.on >= self.on


def grade_course(
    changes: Sequence[Change], infusion: Infusion, *, ended: dt.date | None, died_of_it: bool
) -> Course:
    """The course of an event from its changes in the order of time."""
    alive = [change for change in changes if change.grade < FATAL]
    after = [change for change in alive if infusion.precedes(change)]
    before = [change for change in alive if not infusion.precedes(change)]
    over = ended is not None and infusion.on is not None and ended < infusion.on
    counted = before if over and not after else before[-1:] + after
    risen = [c.on for c in after if before and c.grade > before[-1].grade]
    rose = risen[0] if risen else None
    if died_of_it:
        fatal = [change.on for change in changes if change.grade == FATAL]
        return Course(FATAL, peak=fatal[0] if fatal else None, rose=rose)
    if not counted:
        return Course(None, AWAITS if changes else NO_GRADE)
    worst = max(change.grade for change in counted)
    peak = next(change.on for change in counted if change.grade == worst)
    return Course(worst, peak=peak, rose=rose)


def recorded_grade(text: str | None, severity: str | None, *, died_of_it: bool | None) -> Course:
    """The course of an event with one grade; `died_of_it` is null where nobody adjudicates."""
    if died_of_it:
        return Course(FATAL)
    if text is None:
        return Course(None, SEVERITY_ONLY if severity else NO_GRADE)
    found = GRADE_TEXT.match(text)
    if found is None:
        return Course(None, f"the grade was recorded as {text}")
    grade = int(found.group(1))
    if grade == FATAL and died_of_it is False:
        return Course(None, AWAITS)
    return Course(grade)


def event_courses(sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> pl.DataFrame:
    """One record per event: its worst grade, why there is none, the days of peak and of rise."""
    adjudicates = sdtm.of(Ds)["DTHADJ"].is_not_null().any()
    changes = _changes(sdtm)
    subjects = adsl.select("USUBJID", "TRTSDT", "TRTSDTM", "DTHADJFL", number="DTHAENO")
    events = sdtm.of(Ae).with_columns(
        ended=last_day(pl.col("AEENDTC")), AENO=pl.col("AESPID").cast(pl.Int64, strict=False)
    )
    rows = []
    known = events.join(subjects, on="USUBJID", how="left").select(OF_EVENT)
    for event in known.iter_rows(named=True):
        due = event["DTHADJFL"] == "Y" and event["number"] is not None
        died_of_it = due and event["number"] == event["AENO"]
        told = changes.get((event["USUBJID"], event["AESPID"]), [])
        if told:
            infusion = Infusion(event["TRTSDT"], event["TRTSDTM"])
            course = grade_course(told, infusion, ended=event["ended"], died_of_it=died_of_it)
        else:
            verdict = died_of_it if adjudicates else None
            course = recorded_grade(event["AETOXGR"], event["AESEV"], died_of_it=verdict)
        rows.append((event["USUBJID"], event["AESEQ"], *_cells(course)))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


OF_EVENT = (
    *("USUBJID", "AESEQ", "AESPID", "AETOXGR", "AESEV", "ended", "AENO"),
    *("TRTSDT", "TRTSDTM", "DTHADJFL", "number"),
)
SCHEMA = {
    "USUBJID": pl.String,
    "AESEQ": pl.Int64,
    "ATOXGRN": pl.Int64,
    "WHYMISS": pl.String,
    "PEAKDT": pl.Date,
    "RISEDT": pl.Date,
}


def recorded_changes(sdtm: Sdtm) -> pl.DataFrame:
    """The grade changes in FA, dated or not; one without a date is not used, and is a finding."""
    return sdtm.of(Fa).filter(pl.col("FACAT") == "AE GRADE", pl.col("FASTRESN").is_not_null())


def _cells(course: Course) -> tuple[int | None, str | None, dt.date | None, dt.date | None]:
    return course.worst, course.why, course.peak, course.rose


def _changes(sdtm: Sdtm) -> dict[tuple[str, str], list[Change]]:
    """The grade changes of each event, by subject and event number, in the order of time."""
    dated = recorded_changes(sdtm).select(
        "USUBJID",
        "FALNKID",
        on=first_day(pl.col("FADTC")),
        at=moment(pl.col("FADTC")),
        grade=pl.col("FASTRESN").cast(pl.Int64),
    )
    found: dict[tuple[str, str], list[Change]] = {}
    in_time = dated.filter(pl.col("on").is_not_null()).sort("on", "at", "grade", nulls_last=False)
    for subject, number, on, at, grade in in_time.iter_rows():
        found.setdefault((subject, number), []).append(Change(on, at, grade))
    return found
