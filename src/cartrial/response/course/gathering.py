"""Assessments: samples that lie close together make one.

The first sample of M-protein, light chains, marrow or plasmacytomas after the infusion opens an
assessment, which takes all that was sampled within some days of it; the next sample opens the next.
Of two values of one kind the later one counts; clonality is that of the marrow that counts. Blood
counts, calcium, creatinine and circulating cells open none. Samples after death are not used.

Reading: one light chain without the other opens an assessment and is no value. What was recorded
as missing belongs to the assessment within whose days it lies, or that opens so few days later.
"""

import polars as pl

from cartrial import schema as s
from cartrial.response.course.fixation import FLUIDS, seen
from cartrial.response.sample import FollowUp, Lesion, Sample

OPENING = ("serum", "serum_seen", "urine", "urine_seen", "kappa", "lambda_", "marrow", "imaged")


def gather(
    samples: s.DataFrame[Sample],
    lesions: s.DataFrame[Lesion],
    follow_up: s.DataFrame[FollowUp],
    *,
    together: int,
) -> pl.DataFrame:
    """The days after the infusion that belong to an assessment, with its `number` from 1."""
    imaged = lesions.select("subject", "on", imaged=pl.lit(True)).unique()
    days = samples.join(imaged, on=["subject", "on"], how="full", coalesce=True)
    days = days.with_columns(seen(fluid).alias(f"{fluid}_seen") for fluid in FLUIDS)
    opens = pl.any_horizontal(pl.col(name).is_not_null() for name in OPENING)
    ordered = after_infusion(days, follow_up).with_columns(opens=opens).sort("subject", "on")
    found = ordered.with_columns(number=_numbers(ordered, together))
    late = pl.col("lost").is_not_null() & pl.col("number").is_null()
    nearest = found.with_columns(number=pl.when(late).then(_next(together)).otherwise("number"))
    return nearest.filter(pl.col("number").is_not_null()).drop("infused", "imaged")


def after_infusion(days: pl.DataFrame, follow_up: s.DataFrame[FollowUp]) -> pl.DataFrame:
    """The days after that of the infusion (`infused`), up to death."""
    bounds = follow_up.select("subject", "infused", "death")
    alive = (pl.col("on") <= pl.col("death")).fill_null(True)
    known = days.join(bounds, on="subject")
    return known.filter(pl.col("on") > pl.col("infused"), alive).drop("death")


def assessments(gathered: pl.DataFrame) -> pl.DataFrame:
    """One row per assessment: its first and last sample, its values, and the day of each kind."""
    both = pl.col("kappa").is_not_null() & pl.col("lambda_").is_not_null()
    single = (pl.col("kappa").is_not_null() | pl.col("lambda_").is_not_null()) & ~both
    chains = gathered.with_columns(
        *(pl.when(both).then(pl.col(name)).alias(name) for name in ("kappa", "lambda_")),
        single_chain=single,
    )
    opening = pl.col("on").filter("opens")
    values = chains.group_by("subject", "number", maintain_order=True).agg(
        opening.first().alias("first"),
        opening.last().alias("last"),
        *(_last(name) for name in ("serum", "urine", "marrow", "circulating")),
        *(_last(f"{fluid}_seen") for fluid in FLUIDS),
        *(_last(name) for name in ("kappa", "lambda_")),
        pl.col("clonal").filter(pl.col("marrow").is_not_null()).last(),
        *(_dated(fluid, f"{fluid}_seen") for fluid in FLUIDS),
        *(_dated(name) for name in ("marrow", "circulating", "kappa")),
        pl.col("single_chain").any(),
    )
    missing = gathered.drop_nulls("lost").unique(("subject", "number", "lost"), maintain_order=True)
    lost = missing.group_by("subject", "number").agg(pl.col("lost").str.join("; "))
    return values.join(lost, on=("subject", "number"), how="left", maintain_order="left")


def _last(name: str) -> pl.Expr:
    return pl.col(name).drop_nulls().last()


def _dated(*names: str) -> pl.Expr:
    """The day of the last value of the first of these that has one."""
    days = [pl.col("on").filter(pl.col(name).is_not_null()).last() for name in names]
    return pl.coalesce(days).alias(f"{names[0]}_on")


def _numbers(ordered: pl.DataFrame, together: int) -> pl.Series:
    """The number of the assessment of each row, null where it belongs to none."""
    numbers: list[int | None] = []
    before, number, until = "", 0, -1
    rows = zip(ordered["subject"], ordered["on"].to_physical(), ordered["opens"], strict=True)
    for subject, on, opens in rows:
        if subject != before:
            before, number, until = subject, 0, -1
        if opens and (number == 0 or on > until):
            number, until = number + 1, on + together
        numbers.append(number if number and on <= until else None)
    return pl.Series(numbers, dtype=pl.Int64)


def _next(together: int) -> pl.Expr:
    """The number of the assessment that the next row opens, where it is near enough."""
    soon = pl.col("on").shift(-1) - pl.col("on") <= pl.duration(days=together)
    goes_on = pl.col("subject") == pl.col("subject").shift(-1)
    return pl.when(goes_on & soon).then(pl.col("number").shift(-1))
