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

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.time.imputation import first_day, last_day, moment
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.ds import Ds
from cartrial.sdtm.domains.fa import Fa

FATAL = 5
AWAITS = "grade 5 awaits adjudication of the death"
NO_GRADE = "no grade recorded"
SEVERITY_ONLY = "a severity was recorded, not a grade"
GRADE_TEXT = r"(?i)^\s*(?:grade\s*)?([0-5])\s*$"
EVENT = ("USUBJID", "AESEQ")


def event_courses(events: pl.DataFrame, sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> pl.DataFrame:
    """One record per event of AE: its worst grade, why there is none, days of peak and of rise."""
    adjudicates = sdtm.of(Ds)["DTHADJ"].is_not_null().any()
    known = _recorded(events, adsl)
    changes = _changes(sdtm, known)
    for part in (_worst(changes), _rise(changes), _fatal(changes)):
        known = known.join(part, on=EVENT, how="left", maintain_order="left")
    recorded = pl.col("AETOXGR").str.extract(GRADE_TEXT).cast(pl.Int64)
    alive = pl.when(recorded < FATAL).then(recorded)
    stands = alive if adjudicates else recorded
    grade = (
        pl.when("died_of_it")
        .then(pl.lit(FATAL, dtype=pl.Int64))
        .when(pl.col("worst").is_not_null() | pl.col("fatal").is_not_null())
        .then("worst")
        .otherwise(stands)
    )
    return known.select(
        *EVENT,
        ATOXGRN=grade,
        WHYMISS=pl.when(grade.is_null()).then(_why()),
        PEAKDT=pl.when("died_of_it").then("fatal").otherwise("peak"),
        RISEDT="rise",
    )


def recorded_changes(sdtm: Sdtm) -> pl.DataFrame:
    """The grade changes in FA, dated or not; one without a date is not used, and is a finding."""
    told = sdtm.of(Fa).select("USUBJID", "FACAT", "FALNKID", "FASTRESN", "FADTC")
    return told.filter(pl.col("FACAT") == "AE GRADE", pl.col("FASTRESN").is_not_null())


def _recorded(events: pl.DataFrame, adsl: s.DataFrame[Adsl]) -> pl.DataFrame:
    """The events as recorded, their end, and whether a person says that the subject died of it."""
    due = pl.when(pl.col("DTHADJFL") == "Y").then("DTHAENO")
    number = pl.col("AESPID").cast(pl.Int64, strict=False)
    subjects = adsl.select("USUBJID", "TRTSDT", "TRTSDTM", due=due)
    told = events.select(*EVENT, "AESPID", "AETOXGR", "AESEV", ended=last_day(pl.col("AEENDTC")))
    known = told.join(subjects, on="USUBJID", how="left", maintain_order="left")
    return known.with_columns(died_of_it=(number == pl.col("due")).fill_null(False))


def _why() -> pl.Expr:
    """Why an event has no grade."""
    text = pl.col("AETOXGR")
    return (
        pl.when(pl.col("fatal").is_not_null() | text.str.contains(GRADE_TEXT))
        .then(pl.lit(AWAITS))
        .when(text.is_not_null())
        .then(pl.format("the grade was recorded as {}", text))
        .when(pl.col("AESEV") != "")
        .then(pl.lit(SEVERITY_ONLY))
        .otherwise(pl.lit(NO_GRADE))
    )


# ---------------------------------------------------------------- grade changes
def _changes(sdtm: Sdtm, events: pl.DataFrame) -> pl.DataFrame:
    """The dated grade changes of each event in the order of time, and which are `after` infusion.

    `at` is the clock time where it is known.
    """
    dated = recorded_changes(sdtm).select(
        "USUBJID",
        AESPID="FALNKID",
        on=first_day(pl.col("FADTC")),
        at=moment(pl.col("FADTC")),
        grade=pl.col("FASTRESN").cast(pl.Int64),
    )
    about = events.select(*EVENT, "AESPID", "TRTSDT", "TRTSDTM", "ended")
    known = dated.drop_nulls("on").join(about, on=("USUBJID", "AESPID"))
    by_clock, by_day = pl.col("at") >= pl.col("TRTSDTM"), pl.col("on") >= pl.col("TRTSDT")
    after = pl.col("TRTSDT").is_null() | pl.coalesce(by_clock, by_day)
    return known.with_columns(after=after).sort(*EVENT, "on", "at", "grade")


def _worst(changes: pl.DataFrame) -> pl.DataFrame:
    """The worst grade that counts of each event, and the day on which it was first reached."""
    after, before = _alive(changes)
    over = before.filter(pl.col("ended") < pl.col("TRTSDT")).join(after, on=EVENT, how="anti")
    counted = pl.concat([_at_infusion(before), over, after])
    worst_first = counted.sort("grade", "on", descending=[True, False])
    found = worst_first.unique(EVENT, keep="first", maintain_order=True)
    return found.select(*EVENT, worst="grade", peak="on")


def _rise(changes: pl.DataFrame) -> pl.DataFrame:
    """The first day after the infusion on which the grade was above the one in effect at it."""
    after, before = _alive(changes)
    risen = after.join(_at_infusion(before).select(*EVENT, had="grade"), on=EVENT)
    return (
        risen.filter(pl.col("grade") > pl.col("had")).group_by(EVENT).agg(rise=pl.col("on").min())
    )


def _fatal(changes: pl.DataFrame) -> pl.DataFrame:
    """The day of grade 5."""
    fatal = changes.filter(pl.col("grade") == FATAL)
    return fatal.group_by(EVENT).agg(fatal=pl.col("on").min())


def _alive(changes: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The changes below grade 5 after the infusion, and before it."""
    alive = changes.filter(pl.col("grade") < FATAL)
    return alive.filter("after"), alive.filter(~pl.col("after"))


def _at_infusion(before: pl.DataFrame) -> pl.DataFrame:
    """The grade in effect at the infusion."""
    return before.unique(EVENT, keep="last", maintain_order=True)
