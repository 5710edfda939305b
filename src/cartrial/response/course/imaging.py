"""Plasmacytomas, imaging by imaging: their sum of products, whether they are gone, what is new.

    sum of products       longest diameter times the perpendicular one, of all that were measured at
                          baseline
    gone                  each one of the baseline recorded as 0, and no other seen
    new                   said to be new; not there at baseline; or gone before and seen again, then
                          10 mm long or longer
    grown                 the longest diameter 50 % above its lowest, of one that was then more than
                          10 mm in its short axis

Source: Kumar 2016, Lancet Oncol 17:e328-e346. doi:10.1016/S1470-2045(16)30206-6
Reading: one that the imaging does not mention, or mentions without a diameter, is not known: it is
never taken for gone, nor for seen again or new unless it is said to be. The lowest longest diameter
is that of the measurements with a short axis of more than 10 mm. The baseline imaging takes all
within some days before its last day. Where the sources do not say from which size one that was gone
is new again, a few millimetres, which come and go between two images, are not progression.
"""

import polars as pl

from cartrial import schema as s
from cartrial.protocol.response_criteria import Growth
from cartrial.response.course.baseline import may_be_baseline
from cartrial.response.limits import at_least, at_most
from cartrial.response.sample import FollowUp, Lesion
from cartrial.running import before, highest_so_far, lowest_so_far

KEY = ("subject", "lesion")
ONE = pl.struct(KEY)  # lesion, imaging by imaging
COLUMNS = (
    "subject",
    "number",
    "imaged_on",
    "incomplete",  # a plasmacytoma of the baseline, or another that is told of, is not measured
    "gone",
    "spd",
    "spd_lowest",
    "sum_grown",
    "image_told",
    "told_on",
    "image_progressed",
)


def baseline_lesions(
    lesions: s.DataFrame[Lesion], follow_up: s.DataFrame[FollowUp], *, together: int
) -> pl.DataFrame:
    """The plasmacytomas at baseline that are not gone, one row each, with their product."""
    early = may_be_baseline(lesions, follow_up)
    last = pl.col("on").max().over("subject")
    near = early.filter(pl.col("on") >= last - pl.duration(days=together))
    each = near.unique(KEY, keep="last", maintain_order=True).with_columns(_product())
    return each.filter(pl.col("product").ne_missing(0)).sort(KEY)


def summed(lesions: pl.DataFrame) -> pl.DataFrame:
    """Of each subject with plasmacytomas at baseline their number and their sum of products."""
    measured = pl.col("product").is_not_null()
    return lesions.group_by("subject", maintain_order=True).agg(
        spd=pl.when(measured.any()).then(pl.col("product").sum()),
        lesion_count=pl.len(),
        measured_lesions=measured.sum(),
    )


def derive_imaging(
    growth: Growth, baseline: pl.DataFrame, lesions: s.DataFrame[Lesion], gathered: pl.DataFrame
) -> pl.DataFrame:
    """One row per assessment with imaging: what it shows, and progression in words."""
    numbered = lesions.join(gathered.select("subject", "on", "number"), on=["subject", "on"])
    measured = numbered.with_columns(is_measured=_product().is_not_null()).sort(
        "subject", "is_measured", "on"
    )
    each = measured.unique([*KEY, "number"], keep="last", maintain_order=True)
    first = baseline.with_columns(number=pl.lit(0, dtype=pl.Int64))
    columns = ["subject", "number", "on", "lesion", "long", "short", "new"]
    known = pl.concat([first.select(columns), each.select(columns)]).with_columns(_product())
    at_baseline = baseline.select(*KEY, known=pl.lit(True), target=pl.col("product").is_not_null())
    told = (
        known.join(at_baseline, on=KEY, how="left")
        .with_columns(pl.col("known", "target").fill_null(False))
        .sort(*KEY, "number")
        .with_columns(_before(growth))
        .with_columns(_told(growth))
    )
    seen, image = told.filter(pl.col("number") > 0), ("subject", "number")
    named = seen.drop_nulls("told").sort(*image, "told").group_by(image, maintain_order=True)
    images = (
        seen.group_by(image)
        .agg(_image())
        .join(named.agg(pl.col("told").str.join(" ")), on=image, how="left")
    )
    return _with_lowest_sum(growth, images, summed(baseline)).sort("subject", "number")


def _product() -> pl.Expr:
    long, short = pl.col("long"), pl.col("short")
    gone = (long == 0) | (long.is_null() & (short == 0))
    return pl.when(gone).then(0.0).otherwise(long * short).alias("product")


def _before(growth: Growth) -> list[pl.Expr]:
    """Of each plasmacytoma at each imaging whether it was gone before, and its least length."""
    gone = pl.col("product").eq(0).fill_null(False)
    large = pl.when(~at_most(pl.col("short"), growth.short)).then(pl.col("long"))
    return [
        gone.alias("is_gone"),
        before(highest_so_far(gone, ONE), ONE).fill_null(False).alias("gone_before"),
        before(lowest_so_far(large, ONE), ONE).alias("lowest"),
    ]


def _told(growth: Growth) -> list[pl.Expr]:
    """Of each plasmacytoma at each imaging whether it is new, or has grown, in words."""
    gone, gone_before, lowest = pl.col("is_gone"), pl.col("gone_before"), pl.col("lowest")
    there = ~gone & ((pl.col("long") > 0) | (pl.col("short") > 0) | pl.col("new")).fill_null(False)
    grown = at_least(pl.col("long"), lowest * (1 + growth.long / 100))
    again = gone_before & (at_least(pl.col("long"), growth.again) | pl.col("new")).fill_null(False)
    name = pl.col("lesion")
    return [
        pl.when(there & pl.col("known") & again)
        .then(pl.concat_str(pl.lit("Plasmacytoma "), name, pl.lit(" was gone and is seen again.")))
        .when(there & (pl.col("new") | ~pl.col("known")))
        .then(pl.concat_str(pl.lit("New plasmacytoma "), name, pl.lit(".")))
        .when(grown)
        .then(
            pl.concat_str(
                pl.lit("Plasmacytoma "),
                name,
                pl.lit(" has grown from "),
                lowest.cast(pl.String).str.strip_suffix(".0"),
                pl.lit(" to "),
                pl.col("long").cast(pl.String).str.strip_suffix(".0"),
                pl.lit(f" mm (PD from {growth.long:g} %)."),
            )
        )
        .alias("told"),
        there.alias("there"),
        (~gone & ~there).alias("unknown"),
    ]


def _image() -> list[pl.Expr]:
    """What one imaging says of all plasmacytomas together."""
    measured = pl.col("known") & pl.col("product").is_not_null()
    return [
        pl.col("on").max().alias("imaged_on"),
        pl.when("target").then("product").sum().alias("sum"),
        measured.sum().alias("measured"),
        pl.col("there").any().alias("some_there"),
        pl.col("unknown").any().alias("some_unknown"),
        pl.when(pl.col("told").is_not_null()).then("on").min().alias("told_on"),
    ]


def _with_lowest_sum(growth: Growth, images: pl.DataFrame, baseline: pl.DataFrame) -> pl.DataFrame:
    """The images with their sum where it is complete, and with the lowest sum before."""
    joined = images.join(baseline.rename({"spd": "spd_baseline"}), on="subject", how="left").sort(
        "subject", "number"
    )
    count = pl.col("lesion_count").fill_null(0)
    complete = pl.col("measured") == count
    unknown = ~complete | pl.col("some_unknown")
    summed_up = joined.with_columns(
        incomplete=unknown,
        spd=pl.when(complete & (count > 0) & pl.col("spd_baseline").is_not_null()).then("sum"),
        gone=pl.when("some_there").then(False).when(~unknown).then(True),
    )
    least = lowest_so_far(pl.col("spd"), pl.col("subject"))
    lowest = pl.min_horizontal(pl.col("spd_baseline"), before(least, pl.col("subject")))
    with_lowest = summed_up.with_columns(spd_lowest=lowest)
    grown = (
        (pl.col("measured_lesions") > 1)
        & (pl.col("spd_lowest") > 0)
        & at_least(pl.col("spd"), pl.col("spd_lowest") * (1 + growth.sum / 100))
    )
    named = with_lowest.with_columns(sum_grown=grown.fill_null(False), image_told="told")
    progressed = pl.col("sum_grown") | pl.col("image_told").is_not_null()
    return named.with_columns(image_progressed=progressed).select(COLUMNS)
