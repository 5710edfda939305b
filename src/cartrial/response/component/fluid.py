"""What serum and urine are told by alike: fixation first, then the amount."""

import polars as pl

from cartrial.response.course.fixation import is_anothers, is_free
from cartrial.response.wording import amount


def told(fluid: str, words: str, unit: str, measurable: float, by_amount: pl.Expr) -> pl.Expr:
    """The sentence of a fluid; `by_amount` where it holds M-protein and was measurable."""
    value, reported = pl.col(fluid), pl.col(f"{fluid}_reported")
    band = pl.col(f"{fluid}_seen")
    anothers = pl.concat_str(
        pl.lit(f"{words} "),
        pl.concat_str(amount(reported, unit), pl.lit(" ")).fill_null(""),
        pl.lit("not of the myeloma: "),
        band,
        pl.when(band == "oligoclonal").then(pl.lit(" bands.")).otherwise(pl.lit(".")),
    )
    measured = pl.concat_str(
        pl.lit(f"{words} "),
        amount(value, unit),
        pl.when(pl.col(f"{fluid}_baseline").is_null())
        .then(pl.lit(", not measured at baseline."))
        .otherwise(pl.lit(f", not measurable at baseline (from {measurable:g}).")),
    )
    return (
        pl.when(is_anothers(fluid))
        .then(anothers)
        .when(is_free(fluid))
        .then(pl.lit(f"No M-protein in {fluid}, immunofixation negative."))
        .when(value.is_null())
        .then(pl.lit(f"{words} missing."))
        .when(value == 0)
        .then(pl.lit(f"{words} not measurable by electrophoresis."))
        .when(pl.col(f"{fluid}_measurable"))
        .then(by_amount)
        .otherwise(measured)
    )
