"""Measurable residual disease (MRD): whether a subject was negative, and for how long.

    negative        by an assay of the sensitivity that the criteria ask for, in CR or better
    sustained       two such negatives at least a year apart, no positive result between
    imaging plus    such a negative with PET-CT negative as well

Each is yes, no or not known. A result of an assay that is too coarse, or whose sensitivity is not
known, is shown and never counted as negative; as positive it counts, as a finer assay would see the
same cells.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: the sample belongs to the last assessment dated up to `together` days after it, and the
subject is in CR there when its confirmed status is. A day with a positive result by one method is a
positive day. After new therapy nothing counts. Sustained is said of marrow alone, without imaging.
A negative day without a second one a year later is not known to be sustained, unless a positive
result came after it.
"""

import polars as pl

from cartrial import schema as s
from cartrial.protocol.response_criteria import MrdCriteria, ResponseCriteria
from cartrial.response.judged import Judged
from cartrial.response.limits import at_most
from cartrial.response.sample import FollowUp, Mrd
from cartrial.response.scale import COMPLETE
from cartrial.response.wording import day


class MrdStatus(s.Table):
    """MRD of one subject, over all that was assessed.  Key: subject.

    A null flag is not known, and the explanation says why. The dates are those of the first
    negative that counts, of the one that shows it to be sustained, and of the one with imaging.
    """

    subject = s.subject_key()
    negative = s.flag("MRD negative", nullable=True)
    negative_on = s.date("First negative on", nullable=True)
    sustained = s.flag("MRD negative, sustained", nullable=True)
    sustained_on = s.date("Sustained on", nullable=True)
    imaging = s.flag("MRD negative, imaging too", nullable=True)
    imaging_on = s.date("Imaging negative too on", nullable=True)
    explanation = s.text("Explanation", private=False)


def judge_mrd(
    criteria: ResponseCriteria,
    mrd: s.DataFrame[Mrd],
    judged: s.DataFrame[Judged],
    follow_up: s.DataFrame[FollowUp],
    *,
    together: int,
) -> s.DataFrame[MrdStatus]:
    """MRD of every subject of `follow_up`; of one without a result, that it was not assessed."""
    results = _judged(criteria.mrd, _placed(mrd, judged, follow_up, together))
    days = _days(criteria.mrd, results)
    answers = _answers(days, results)
    known = follow_up.select("subject").join(answers, on="subject", how="left")
    told = known.with_columns(pl.col("explanation").fill_null("MRD was not assessed."))
    return MrdStatus.cast(told.select(s.empty(MrdStatus).columns).sort("subject"))


def _placed(
    mrd: s.DataFrame[Mrd],
    judged: s.DataFrame[Judged],
    follow_up: s.DataFrame[FollowUp],
    together: int,
) -> pl.DataFrame:
    """The results that bear on the response to the infusion, with the confirmed status then."""
    bounds = follow_up.select("subject", "infused", "new_therapy", "death")
    last = pl.min_horizontal("new_therapy", "death")
    mine = mrd.join(bounds, on="subject").filter(
        pl.col("on") > pl.col("infused"), (pl.col("on") <= last).fill_null(True)
    )
    mine = mine.with_columns(until=pl.col("on") + pl.duration(days=together)).sort("until")
    seen = judged.select("subject", "status", until="on", is_judged=pl.lit(True)).sort("until")
    placed = mine.join_asof(
        seen, on="until", by="subject", strategy="backward", check_sortedness=False
    )
    return placed.sort("subject", "on", "method")


def _judged(criteria: MrdCriteria, placed: pl.DataFrame) -> pl.DataFrame:
    """Each result with whether it counts as negative, and the text that says so."""
    limit = criteria.sensitivity
    known = placed.with_columns(
        fine=at_most(pl.col("sensitivity"), limit),
        complete=pl.when("is_judged").then(pl.col("status").is_in(COMPLETE).fill_null(False))
        if criteria.in_cr
        else pl.lit(True),
        positive_day=(pl.col("result") == "positive").any().over("subject", "on"),
    )
    negative = pl.col("result") == "negative"
    against = (
        pl.when(pl.col("positive_day"))
        .then(pl.lit("positive by another method"))
        .when(pl.col("fine").is_null())
        .then(pl.lit("sensitivity not known"))
        .when(~pl.col("fine"))
        .then(pl.lit(f"coarser than 1 in {1 / limit:.0f}"))
        .when(pl.col("complete").is_null())
        .then(pl.lit("response not known"))
        .when(~pl.col("complete"))
        .then(pl.lit("not in CR"))
    )
    return known.with_columns(against=pl.when(negative).then(against)).with_columns(
        counts=negative & pl.col("against").is_null(), told=_told()
    )


def _told() -> pl.Expr:
    """The result in words: `2024-05-01 negative by flow cytometry (1 in 100000)`."""
    cells = (1 / pl.col("sensitivity")).round(0).cast(pl.Int64).cast(pl.String)
    return pl.concat_str(
        day(pl.col("on")),
        pl.lit(" "),
        pl.col("result"),
        pl.lit(" by "),
        pl.col("method"),
        pl.concat_str(pl.lit(" (1 in "), cells, pl.lit(")")).fill_null(""),
        pl.concat_str(pl.lit(", not counted: "), pl.col("against")).fill_null(""),
    )


def _days(criteria: MrdCriteria, results: pl.DataFrame) -> pl.DataFrame:
    """One row per day: whether it counts as negative, is positive, is sustained, has PET-CT.

    The results are in the order of subjects and days; a run of days goes from one positive on.
    """
    pet = pl.when("counts").then("pet")
    days = results.group_by("subject", "on", maintain_order=True).agg(
        pl.col("counts").any(),
        positive=pl.col("positive_day").any(),
        pet=pl.when((pet == "positive").any())
        .then(pl.lit("positive"))
        .when((pet == "negative").any())
        .then(pl.lit("negative")),
    )
    numbered = days.with_columns(run=pl.col("positive").cum_sum())
    since = pl.when("counts").then("on").min().over("subject", "run")
    long = pl.col("on") - since >= pl.duration(days=criteria.sustained)
    return numbered.with_columns(sustained=pl.col("counts") & long.fill_null(False))


def _answers(days: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Yes, no or not known of each subject, with the dates and the results behind them."""
    counts, on = pl.col("counts"), pl.col("on")
    clear = counts & (pl.col("pet") == "negative").fill_null(False)
    first_counted = pl.when(counts).then(on).min().over("subject")
    lost = pl.col("positive") & (on > first_counted).fill_null(False)
    unclear = (counts & pl.col("pet").is_null()).any()
    first = (
        days.with_columns(is_lost=lost)
        .group_by("subject")
        .agg(
            any_negative=counts.any(),
            any_sustained=pl.col("sustained").any(),
            any_clear=clear.any(),
            is_lost=pl.col("is_lost").any(),
            unclear=unclear,
            negative_on=pl.when(counts).then(on).min(),
            sustained_on=pl.when("sustained").then(on).min(),
            imaging_on=pl.when(clear).then(on).min(),
        )
    )
    refuted = (pl.col("result") == "positive") | (pl.col("against") == "not in CR").fill_null(False)
    told = results.group_by("subject", maintain_order=True).agg(
        refuted=refuted.any(), explanation=pl.col("told").str.join("; ")
    )
    negative = _answer("any_negative", no=pl.col("refuted"))
    return (
        first.join(told, on="subject")
        .with_columns(negative=negative)
        .with_columns(
            sustained=_answer("any_sustained", no=~pl.col("negative") | pl.col("is_lost")),
            imaging=_answer(
                "any_clear",
                no=~pl.col("negative") | pl.col("any_negative") & ~pl.col("unclear"),
            ),
        )
    )


def _answer(yes: str, *, no: pl.Expr) -> pl.Expr:
    """Yes, else no, else not known."""
    return pl.when(pl.col(yes)).then(True).when(no.fill_null(False)).then(False)
