"""The bedside assessments of CRS and ICANS in FA: read, graded, and numbered by episode.

Reading: what was seen before the infusion is graded and is of no episode. An assessment without its
hour stands at the beginning of its day, and on the day of the infusion counts as after it; one
without its day cannot be placed, and is a finding. An answer that its form does not allow is not
known. The baseline ICE score is that of the last complete assessment before the infusion.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.time.imputation import moment
from cartrial.grading.episodes import derive_crs_grades, derive_icans_grades
from cartrial.grading.icans import ITEMS
from cartrial.protocol.study import Study
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.fa import CRS, ICANS, Fa
from cartrial.sdtm.mapping import from_findings
from cartrial.sdtm.study_day import calendar_day

DATE = 10  # characters of a complete date
MAPPINGS = {"CRS": CRS, "ICANS": ICANS}
ASSESSMENT = ("subject", "syndrome", "at")
Assessments = Mapping[str, pl.DataFrame]  # of CRS and of ICANS


def assessments(study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl]) -> Assessments:
    """The assessments of CRS and of ICANS, each as its form; `subject` is the USUBJID.

    `before` says that it was before the infusion, `hourless` that its hour was not recorded.
    """
    return {name: _assessments(study, sdtm, adsl, name) for name in MAPPINGS}


def graded_assessments(seen: Assessments) -> pl.DataFrame:
    """Every assessment of CRS and ICANS, as grading.episodes declares it, by USUBJID."""
    scores = dict(baseline_ice(seen["ICANS"]).iter_rows())
    graded = []
    for early in (True, False):
        crs, icans = (one.filter(pl.col("before") == early) for one in seen.values())
        graded += [derive_crs_grades(crs), derive_icans_grades(icans, baseline_ice=scores)]
    about = pl.concat(
        one.select("subject", "at", "before", "hourless", syndrome=pl.lit(name))
        for name, one in seen.items()
    )
    placed = pl.concat(graded).join(about.unique(ASSESSMENT), on=ASSESSMENT, how="left")
    numbered = placed.with_columns(pl.when(~pl.col("before")).then("episode").alias("episode"))
    return numbered.rename({"subject": "USUBJID"}).sort("USUBJID", "syndrome", "at")


def _assessments(study: Study, sdtm: Sdtm, adsl: s.DataFrame[Adsl], syndrome: str) -> pl.DataFrame:
    mapping = MAPPINGS[syndrome]
    dated = sdtm.of(Fa).filter(_is_of(syndrome)).filter(_has_day())
    no_hour = moment(pl.col("FADTC")).is_null()
    begun = pl.when(no_hour).then(pl.col("FADTC").str.slice(0, DATE) + "T00:00")
    prefixed = dated.with_columns(
        USUBJID=pl.format("{}-{}", pl.lit(study.id), "USUBJID"), FADTC=begun.otherwise("FADTC")
    )
    form = from_findings(mapping, study, prefixed).with_columns(_allowed(mapping.form))
    hourless = dated.filter(no_hour).select(
        subject="USUBJID",
        at=calendar_day(pl.col("FADTC")).cast(pl.Datetime("us")),
        hourless=pl.lit(True),
    )
    infused = adsl.select("TRTSDT", "TRTSDTM", subject="USUBJID")
    known = form.join(hourless.unique(), on=("subject", "at"), how="left", maintain_order="left")
    placed = known.join(infused, on="subject", how="left", maintain_order="left")
    timed = placed.with_columns(pl.col("hourless").fill_null(False))
    return timed.with_columns(before=_before_infusion())


def undated_assessments(sdtm: Sdtm) -> pl.DataFrame:
    """The records of signs without a day."""
    undated = sdtm.of(Fa).filter(~_has_day())
    return pl.concat([undated.filter(_is_of(syndrome)) for syndrome in MAPPINGS])


def baseline_ice(icans: pl.DataFrame) -> pl.DataFrame:
    """The ICE score (`ice`) of each subject with a complete assessment before the infusion."""
    complete = pl.all_horizontal(pl.col(item).is_not_null() for item in ITEMS)
    early = icans.filter("before", complete).sort("subject", "at")
    scores = early.with_columns(ice=pl.sum_horizontal(*ITEMS))
    return scores.unique("subject", keep="last", maintain_order=True).select("subject", "ice")


def _is_of(syndrome: str) -> pl.Expr:
    return pl.col("FACAT") == MAPPINGS[syndrome].constants["FACAT"]


def _has_day() -> pl.Expr:
    return calendar_day(pl.col("FADTC")).is_not_null()


def _before_infusion() -> pl.Expr:
    by_hour = ~pl.col("hourless") & pl.col("TRTSDTM").is_not_null()
    by_day = pl.col("at").dt.date() < pl.col("TRTSDT")
    early = pl.when(by_hour).then(pl.col("at") < pl.col("TRTSDTM")).otherwise(by_day)
    return early.fill_null(False)


def _allowed(form: type[s.Table]) -> list[pl.Expr]:
    """The answers that the form allows; any other is not known."""
    kept = []
    for column in s.columns(form):
        answer = pl.col(column.name)
        if column.codes:
            kept.append(pl.when(answer.is_in(column.codes)).then(answer).alias(column.name))
        elif column.kind in ("number", "count"):
            least = -float("inf") if column.least is None else column.least
            most = float("inf") if column.most is None else column.most
            within = answer.is_between(least, most)
            kept.append(pl.when(within).then(answer).alias(column.name))
    return kept
