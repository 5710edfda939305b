"""Numbers and sentences as a haematologist writes them, for a whole column at once.

A change in percent is cut off, not rounded: 89.9 % is written 89 %, and is no fall by 90 %.
"""

from collections.abc import Iterable

import polars as pl

PLACES = 2  # of an amount, so that 99.96 mg is not written 100
ALMOST = 1e-6  # percent; 90 % that binary numbers miss by a little is 90 %


def amount(value: pl.Expr, unit: str) -> pl.Expr:
    """The amount with its unit; a null stays null."""
    digits = value.round(PLACES).replace(-0.0, 0.0).cast(pl.String)
    return pl.concat_str(
        digits if unit == "g/L" else digits.str.strip_suffix(".0"), pl.lit(f" {unit}")
    )


def limit(value: float, unit: str = "%") -> str:
    """A limit of the criteria."""
    return f"{value:g} {unit}"


def day(on: pl.Expr) -> pl.Expr:
    """A date."""
    return on.dt.to_string("%Y-%m-%d")


def beside_baseline(value: pl.Expr, baseline: pl.Expr, unit: str) -> pl.Expr:
    """How the value lies to its baseline: `96 % below the baseline of 30.1 g/L`."""
    change = (value - baseline) / baseline.abs() * 100
    way = pl.when(change < 0).then(pl.lit("below")).otherwise(pl.lit("above"))
    share = (_percent(change.abs()), pl.lit(" % "), way, pl.lit(" the baseline of "))
    apart = pl.concat_str(*share, amount(baseline, unit))
    return (
        pl.when(baseline.is_null())
        .then(pl.lit("no baseline"))
        .when(value == baseline)
        .then(pl.lit("as at baseline"))
        .when(baseline == 0)
        .then(pl.concat_str(pl.lit("baseline "), amount(baseline, unit)))
        .otherwise(apart)
    )


def above_lowest(value: pl.Expr, lowest: pl.Expr, unit: str, kind: str) -> pl.Expr:
    """How the value lies to the lowest: `up 6.0 g/L (+200 %) from the lowest value of 3.0 g/L`."""
    rise = value - lowest
    of_rise = "points" if unit == "%" else unit
    share = pl.concat_str(pl.lit(" (+"), _percent(rise / lowest * 100), pl.lit(" %)"))
    return pl.concat_str(
        pl.lit("up "),
        amount(rise, of_rise),
        pl.when(lowest > 0).then(share).otherwise(pl.lit("")),
        pl.lit(f" from the {kind} of "),
        amount(lowest, unit),
    )


def joined(sentences: Iterable[pl.Expr], separator: str = " ") -> pl.Expr:
    """The sentences that are there, one after another; null where none is."""
    listed = pl.concat_str(*sentences, separator=separator, ignore_nulls=True)
    return pl.when(listed != "").then(listed)


def listed(reasons: Iterable[tuple[pl.Expr, str]]) -> pl.Expr:
    """The words whose condition holds, `a; b; c`; null where none does."""
    return joined((pl.when(holds).then(pl.lit(words)) for holds, words in reasons), "; ")


def _percent(share: pl.Expr) -> pl.Expr:
    whole = (share + ALMOST).floor()
    some = pl.when(whole == 0).then(pl.lit("less than 1"))
    return pl.coalesce(some, whole.cast(pl.Int64, strict=False).cast(pl.String))
