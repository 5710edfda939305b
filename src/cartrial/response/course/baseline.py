"""The myeloma before treatment, and by what it can be measured.

    serum M-protein                 10 g/L or more
    urine M-protein                 200 mg/24h or more
    involved free light chain       100 mg/L or more, with a ratio that is not normal; where neither
                                    serum nor urine is measurable
    plasma cells in marrow          30 % or more; where none of these is
    plasmacytoma                    a lesion with both diameters; where nothing else is

Of each kind the last sample up to the day of lymphodepletion counts; one that was taken before the
end of bridging therapy is said to be. The numbers are those of the criteria.

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: the involved chain is the one to whose side an abnormal ratio leans; where none is known
the larger chain stands for it. A band that is not of the myeloma counts as no M-protein, and so
does a negative immunofixation where the amount was never measured. Two chains of 0 have no ratio.
Disease is not measurable only where serum, urine, light chains and marrow were all measured; else
it is not known.
"""

import polars as pl

from cartrial import schema as s
from cartrial.protocol.response_criteria import LightChainCriteria, ResponseCriteria
from cartrial.response.assessed import Baseline
from cartrial.response.course.fixation import FLUIDS, is_free, myeloma_protein, seen
from cartrial.response.limits import at_least, at_most
from cartrial.response.sample import FollowUp, Sample
from cartrial.response.wording import amount, joined, listed

DIGITS = 6  # of a difference, which binary numbers miss by a little
MEASURED = {
    "serum": "serum M-protein",
    "urine": "urine M-protein",
    "kappa": "free light chains",
    "marrow": "plasma cells in marrow",
}


def derive_baseline(
    criteria: ResponseCriteria,
    samples: s.DataFrame[Sample],
    lesions: pl.DataFrame,
    follow_up: s.DataFrame[FollowUp],
) -> pl.DataFrame:
    """One row per subject of the follow-up: `Baseline` and what the engine needs beside it.

    `lesions` has one row per subject with plasmacytomas at baseline.
    """
    subjects = follow_up.select("subject")
    known = subjects.join(_last_values(samples, follow_up), on="subject", how="left")
    known = known.join(lesions, on="subject", how="left").sort("subject")
    return (
        known.with_columns(pl.col("lesion_count", "measured_lesions").fill_null(0))
        .with_columns(involved=_involved(criteria.light_chains))
        .with_columns(difference=difference())
        .with_columns(_measurable(criteria))
        .with_columns(measured_by=_measured_by())
        .with_columns(explanation=_explanation(criteria))
    )


def to_baseline(known: pl.DataFrame) -> s.DataFrame[Baseline]:
    """The declared part of the baseline."""
    return Baseline.cast(known.rename({"spd": "lesions"}).select(Baseline.column_names()))


def may_be_baseline(rows: pl.DataFrame, follow_up: s.DataFrame[FollowUp]) -> pl.DataFrame:
    """The rows early enough to be a baseline, in order; `late` are those after bridging therapy."""
    bounds = follow_up.select("subject", "before", "after")
    early = rows.join(bounds, on="subject").filter(pl.col("on") <= pl.col("before"))
    late = (pl.col("on") > pl.col("after")).fill_null(True)
    return early.with_columns(late=late).drop("before", "after").sort("subject", "on")


def difference() -> pl.Expr:
    """The involved light chain less the uninvolved one, mg/L; the larger less the smaller one where
    the ratio at baseline does not tell which is involved."""
    kappa, lambda_, involved = pl.col("kappa"), pl.col("lambda_"), pl.col("involved")
    more = pl.when(involved == "lambda").then(lambda_ - kappa).otherwise(kappa - lambda_)
    return pl.when(involved.is_null()).then(more.abs()).otherwise(more).round(DIGITS)


def is_normal(criteria: LightChainCriteria) -> pl.Expr:
    """Whether the ratio of the light chains is normal; null where there is none."""
    low, high = criteria.normal_ratio
    kappa, lambda_ = pl.col("kappa"), pl.col("lambda_")
    normal = at_least(kappa, low * lambda_) & at_most(kappa, high * lambda_)
    return pl.when((kappa > 0) | (lambda_ > 0)).then(normal)


def _last_values(samples: s.DataFrame[Sample], follow_up: s.DataFrame[FollowUp]) -> pl.DataFrame:
    early = may_be_baseline(samples, follow_up)
    both = pl.col("kappa").is_not_null() & pl.col("lambda_").is_not_null()
    shown = early.with_columns(seen(fluid).alias(f"{fluid}_seen") for fluid in FLUIDS)
    whole = shown.with_columns(
        *(myeloma_protein(fluid).alias(fluid) for fluid in FLUIDS),
        *(pl.when(both).then(pl.col(chain)).alias(chain) for chain in ("kappa", "lambda_")),
    )
    return whole.group_by("subject").agg(
        *(_last(fluid, of=fluid).fill_null(_none_seen(fluid)) for fluid in FLUIDS),
        *(_last(name, of=name) for name in ("kappa", "lambda_", "marrow", "circulating")),
        *(_last("late", of=kind).alias(f"{kind}_late") for kind in MEASURED),
    )


def _none_seen(fluid: str) -> pl.Expr:
    """0 where the last immunofixation saw nothing of the myeloma, else null."""
    return pl.when(is_free(fluid).drop_nulls().last()).then(0.0)


def _last(name: str, *, of: str) -> pl.Expr:
    return pl.col(name).filter(pl.col(of).is_not_null()).last()


def _involved(criteria: LightChainCriteria) -> pl.Expr:
    abnormal = ~is_normal(criteria)
    leans = pl.when(pl.col("kappa") > pl.col("lambda_")).then(pl.lit("kappa"))
    return pl.when(abnormal).then(leans.otherwise(pl.lit("lambda")))


def _measurable(criteria: ResponseCriteria) -> list[pl.Expr]:
    """Whether each kind could measure the disease; null where it was not measured."""
    involved = pl.max_horizontal("kappa", "lambda_")
    abnormal = pl.col("involved").is_not_null()
    return [
        at_least(pl.col("serum"), criteria.serum.measurable).alias("serum_measurable"),
        at_least(pl.col("urine"), criteria.urine.measurable).alias("urine_measurable"),
        pl.when(pl.col("kappa").is_not_null())
        .then(abnormal & at_least(involved, criteria.light_chains.measurable))
        .alias("chains_measurable"),
        at_least(pl.col("marrow"), criteria.marrow.measurable).alias("marrow_measurable"),
    ]


def _measured_by() -> pl.Expr:
    serum, urine = (pl.col(f"{fluid}_measurable").fill_null(False) for fluid in FLUIDS)
    kinds = ("serum", "urine", "chains", "marrow")
    return (
        pl.when(serum & urine)
        .then(pl.lit("serum and urine"))
        .when(serum)
        .then(pl.lit("serum"))
        .when(urine)
        .then(pl.lit("urine"))
        .when("chains_measurable")
        .then(pl.lit("free light chains"))
        .when("marrow_measurable")
        .then(pl.lit("marrow"))
        .when(pl.col("measured_lesions") > 0)
        .then(pl.lit("plasmacytoma"))
        .when(pl.all_horizontal(pl.col(f"{kind}_measurable").is_not_null() for kind in kinds))
        .then(pl.lit("not measurable"))
        .otherwise(pl.lit("not known"))
    )


def _explanation(criteria: ResponseCriteria) -> pl.Expr:
    """What was measured of each kind, beside the least that is measurable."""
    least = criteria.light_chains.measurable
    chains = pl.concat_str(
        pl.lit("Free kappa "),
        amount(pl.col("kappa"), "mg/L"),
        pl.lit(", free lambda "),
        amount(pl.col("lambda_"), "mg/L"),
        pl.when(pl.col("involved").is_null())
        .then(pl.lit(", ratio normal."))
        .otherwise(pl.lit(f", ratio not normal (measurable from {least:g} of the involved one).")),
    )
    return joined(
        (
            _beside("Serum M-protein", "serum", "g/L", criteria.serum.measurable),
            _beside("Urine M-protein", "urine", "mg/24h", criteria.urine.measurable),
            chains.fill_null("Free light chains not measured."),
            _beside("Plasma cells in marrow", "marrow", "%", criteria.marrow.measurable),
            _plasmacytomas(),
            _before_the_end_of_bridging(),
        )
    )


def _beside(words: str, kind: str, unit: str, least: float) -> pl.Expr:
    measured = pl.concat_str(
        pl.lit(f"{words} "), amount(pl.col(kind), unit), pl.lit(f" (measurable from {least:g}).")
    )
    return measured.fill_null(f"{words} not measured.")


def _plasmacytomas() -> pl.Expr:
    count, total = pl.col("lesion_count"), amount(pl.col("spd"), "mm2")
    told = pl.concat_str(
        count.cast(pl.String),
        pl.when(count == 1).then(pl.lit(" plasmacytoma")).otherwise(pl.lit(" plasmacytomas")),
        pl.concat_str(pl.lit(", sum of products "), total).fill_null(", not measured"),
        pl.lit("."),
    )
    return pl.when(count > 0).then(told)


def _before_the_end_of_bridging() -> pl.Expr:
    early = listed((~pl.col(f"{kind}_late"), words) for kind, words in MEASURED.items())
    return pl.concat_str(pl.lit("Taken before the end of bridging therapy: "), early, pl.lit("."))
