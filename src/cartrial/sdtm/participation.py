"""When a subject took part: the dates of DM that are derived from the other forms.

Reading: participation ends with the disposition `end of study`, else with death, else it is open
    and the last date on the subject's forms stands (not counted: forms of committees and of
    manufacturing, when a serious event was reported, a sample that was not taken, and a contact
    that nobody answered).
"""

import polars as pl

from cartrial import schema as s
from cartrial.forms.adverse import DltAdjudication, SeriousEvent
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.forms.conduct import Death, Disposition, ProtocolDeviation
from cartrial.forms.enrolment import EligibilityException, SlotRequest
from cartrial.forms.product import Infusion, Lymphodepletion, ProductRelease, Retreatment
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import unique_subject
from cartrial.sdtm.study_day import reference_starts

NOT_SEEN = (
    DltAdjudication,
    SeriousEvent,
    ProtocolDeviation,
    EligibilityException,
    SlotRequest,
    ProductRelease,
    Retreatment,
)
NOTHING_HAPPENED = ("not done", "not reached")  # the date is the one that was planned


def participation(study: Study, forms: Forms) -> pl.DataFrame:
    """RFSTDTC, RFENDTC, RFXSTDTC, RFXENDTC, RFPENDTC, DTHDTC and DTHFL by USUBJID."""
    deaths = forms.of(Death).select(
        unique_subject(study), pl.col("on").alias("DTHDTC"), pl.lit("Y").alias("DTHFL")
    )
    ends = forms.of(Disposition).filter(pl.col("milestone") == "end of study")
    ended = ends.select(unique_subject(study), pl.col("on").dt.strftime("%Y-%m-%d").alias("ended"))
    joined = last_seen(study, forms)
    for one in (reference_starts(study, forms), exposure(study, forms), deaths, ended):
        joined = joined.join(one, on="USUBJID", how="full", coalesce=True)
    end = pl.coalesce("ended", "DTHDTC", "seen")
    return joined.with_columns(RFENDTC=end, RFPENDTC=end).drop("ended", "seen").sort("USUBJID")


def exposure(study: Study, forms: Forms) -> pl.DataFrame:
    """The first and the last treatment: RFXSTDTC and RFXENDTC."""
    given = pl.concat(
        [
            forms.of(Lymphodepletion).select(
                unique_subject(study), pl.col("on").dt.strftime("%Y-%m-%d").alias("at")
            ),
            forms.of(Infusion).select(unique_subject(study), "at"),
        ]
    ).drop_nulls()
    return given.group_by("USUBJID").agg(
        pl.col("at").min().alias("RFXSTDTC"), pl.col("at").max().alias("RFXENDTC")
    )


def last_seen(study: Study, forms: Forms) -> pl.DataFrame:
    """The last complete date on a subject's own forms."""
    dates = [pl.DataFrame(schema={"USUBJID": pl.String, "seen": pl.String})]
    for form in FORMS.values():
        dated = [c for c in s.columns(form) if c.kind in ("date", "moment", "partial")]
        names = [c.name for c in dated if not c.private]  # a date of birth is none of them
        if form in NOT_SEEN or "subject" not in form.columns() or not forms.has(form):
            continue
        text = s.to_text(form, forms.of(form)).with_columns(unique_subject(study))
        if "status" in text.columns:
            text = text.filter(~pl.col("status").is_in(NOTHING_HAPPENED).fill_null(False))
        dates += [text.select("USUBJID", pl.col(name).alias("seen")) for name in names]
    days = pl.concat(dates).with_columns(pl.col("seen").str.slice(0, 10))
    whole = days.filter(pl.col("seen").str.len_chars() == 10)
    return whole.group_by("USUBJID").agg(pl.col("seen").max())
