"""The required criteria of the screen for IEC-HS: a ferritin above its limit that rises anew.

Source, Reading: as grading.iec_hs
"""

import polars as pl

from cartrial.grading.iec_hs_criteria import MEASURED, IecHsLimits, decided, in_print

LEVEL, RISE = "ferritin", "new rise of ferritin"


def judge_ferritin(values: pl.DataFrame, about: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    """Each ferritin held against both required criteria: `level`, `rise`, and `met` by both."""
    of_analyte = values.filter(pl.col("analyte") == "ferritin").with_row_index("number")
    ferritin = of_analyte.join(about, on="subject", maintain_order="left")
    before = _before(ferritin, at)
    return (
        ferritin.join(before, on="number", how="left", maintain_order="left")
        .with_columns(level=_level(at), rise=_rise(at)[0])
        .with_columns(met=pl.col("level") & pl.col("rise"))
    )


def _level(at: IecHsLimits) -> pl.Expr:
    value, upper, baseline = pl.col("value"), pl.col("upper"), pl.col("baseline")
    return (value > upper * at.ferritin_times) | (value > baseline * at.ferritin_times)


def _level_in_words(at: IecHsLimits) -> pl.Expr:
    def said(name: str, reference: str) -> tuple[pl.Expr, pl.Expr]:
        limit = pl.col(reference) * at.ferritin_times
        words = pl.format(f">{{}} ({at.ferritin_times:g} × {name})", in_print(limit))
        return pl.col("value") > limit, words

    above_upper, upper = said("ULN", "upper")
    above_baseline, baseline = said("baseline", "baseline")
    both = pl.concat_str(upper, baseline, separator=" or ", ignore_nulls=True)
    known = pl.when(above_upper).then(upper).when(above_baseline).then(baseline).otherwise(both)
    return pl.when(known == "").then(pl.lit("unknown")).otherwise(known)


def _before(ferritin: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    """What each ferritin (`number`) is held against, of the days before it.

    `highest` is the highest of all, `height` that before CRS resolves (or the first one), `half`
    and `half_day` the earlier value that it has doubled.
    """
    earlier = ferritin.select("subject", before="day", earlier="value")
    pairs = ferritin.select("number", "subject", "day", "value", "since").join(
        earlier, on="subject", maintain_order="left_right"
    )
    value, since = pl.col("earlier"), pl.col("since")
    doubled = pl.col("value") >= at.rise_times * value
    recent = doubled & (pl.col("day") - pl.col("before") <= at.rise_days)
    after = pl.col("before") >= since
    lowest = after & (value == value.filter(after).min())
    half = {
        name: pl.coalesce(
            pl.col(name).filter(recent).first(), pl.col(name).filter(lowest & doubled).first()
        )
        for name in ("earlier", "before")
    }
    return (
        pairs.filter(pl.col("before") < pl.col("day"))
        .group_by("number", maintain_order=True)
        .agg(
            highest=value.max(),
            height=pl.coalesce(value.filter(~after).max(), value.first()),
            half=half["earlier"],
            half_day=half["before"],
        )
    )


def _rise(at: IecHsLimits) -> tuple[pl.Expr, pl.Expr]:
    """Whether a ferritin has risen anew, at a day that is not in the rise or height of CRS."""
    value, since, baseline = pl.col("value"), pl.col("since"), pl.col("baseline")
    height = pl.max_horizontal("height", baseline.fill_null(0))
    resolving = pl.format("CRS resolving by day {}", since)
    when = pl.when("crs").then(resolving).otherwise(pl.lit("without CRS"))
    half = pl.format(
        f"at least {at.rise_times:g} × {{}} of day {{}}", in_print(pl.col("half")), "half_day"
    )
    not_above = pl.format(
        f"not {at.change:.0%} above the {{}} before, or falling", in_print(height)
    )
    alone = pl.col("highest").is_null() & (pl.col("crs") | baseline.is_null())
    falling = (value <= pl.col("highest")) | (value <= (1 + at.change) * height)
    return decided(
        (
            pl.col("crs").is_null() | since.is_null(),
            None,
            pl.lit("from the day CRS resolves, which is not known"),
        ),
        (pl.col("day") < since, False, when),
        (pl.col("half").is_not_null(), True, pl.format("{}; {}", half, when)),
        (falling, False, pl.format("{}; {}", not_above, when)),
        (alone, None, pl.format("no value before it since the infusion; {}", when)),
        (pl.lit(True), True, pl.format("above every value before it; {}", when)),
    )


def required(ferritin: pl.DataFrame, at: IecHsLimits) -> pl.DataFrame:
    """Both criteria of the ferritin that tells: that meets them, or may, or none; the highest."""
    met, since = pl.col("met"), pl.col("since")
    rank = pl.when(met).then(0).when(met.is_null()).then(1).otherwise(2)
    looked = since.is_null() | (pl.col("day") >= since).any().over("subject")
    told = (
        ferritin.with_columns(looked=looked)
        .sort("subject", rank, -pl.col("value"), "number")
        .unique("subject", keep="first", maintain_order=True)
        .with_columns(level_limit=_level_in_words(at), rise_limit=_rise(at)[1])
    )
    unseen = pl.format("no value from day {} on", "since")
    return pl.concat(
        told.select(
            "subject",
            *(pl.when("looked").then(name).alias(name) for name in MEASURED),
            met=pl.when("looked").then(of),
            limit=pl.when("looked").then(f"{of}_limit").otherwise(unseen),
            name=pl.lit(name),
        )
        for name, of in ((LEVEL, "level"), (RISE, "rise"))
    )
