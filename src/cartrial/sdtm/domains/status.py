"""How SDTM says that a CAR measurement is a value, below quantification, not detected, not done."""

import polars as pl

from cartrial.sdtm.mapping import NOT_DONE

NOT_DETECTED = "NOT DETECTED"


def result_text(domain: str, *, value: str, unit: str) -> dict[str, pl.Expr]:
    """Result, unit and status of a form with `status` and `lloq`; the number is in `value`."""
    text = plain_number(value)
    result = (
        pl.when(pl.col("status") == "value")
        .then(text)
        .when(pl.col("status") == "below quantification")
        .then(pl.lit("<") + plain_number("lloq"))
        .when(pl.col("status") == "not detected")
        .then(pl.lit(NOT_DETECTED))
    )
    done = pl.when(pl.col("status") == "not done").then(pl.lit(NOT_DONE))
    measured = pl.when(result.is_not_null()).then(pl.lit(unit))
    return {
        f"{domain}ORRES": result,
        f"{domain}ORRESU": measured,
        f"{domain}STRESC": result,
        f"{domain}STRESU": measured,
        f"{domain}STAT": done,
    }


def status(domain: str) -> pl.Expr:
    """The status of a result, read from its --STAT and --ORRES."""
    return (
        pl.when(pl.col(f"{domain}STAT") == NOT_DONE)
        .then(pl.lit("not done"))
        .when(pl.col(f"{domain}ORRES") == NOT_DETECTED)
        .then(pl.lit("not detected"))
        .when(pl.col(f"{domain}ORRES").str.starts_with("<"))
        .then(pl.lit("below quantification"))
        .when(pl.col(f"{domain}STRESN").is_not_null())
        .then(pl.lit("value"))
    )


def plain_number(name: str) -> pl.Expr:
    """A number as it is written: a whole one without decimals."""
    number = pl.col(name)
    whole = (number == number.round(0)) & (number.abs() < 1e15)
    written = pl.when(whole).then(number.cast(pl.Int64, strict=False).cast(pl.String))
    return written.otherwise(number.cast(pl.String))
