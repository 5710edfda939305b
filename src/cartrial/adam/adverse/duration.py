"""How long an episode of CRS or ICANS lasted, as far as its dates are known.

A date that is known in part is that of the first or last sign at the bedside, where this lies
within it. Else it stays filled in and flagged (ASTDTF, AENDTF), and what depends on it is no number
unless every day that it can mean gives the same: WHYDUR holds the shortest and the longest duration
that are possible.

Reading: no episode begins before the date that is taken for its onset.
"""

import polars as pl

from cartrial.adam.time.day import infusion_day

IN_PART = "a date is known in part"
SPANS = {"D": "1mo", "M": "1y"}  # of a date whose day, or month and day, were filled in


def dates_from_the_bedside() -> tuple[pl.Expr, ...]:
    """Onset and end with their flags, from the assessments where these settle them.

    ONSET, OVER and GOESON are those of adam.adverse.episode.
    """
    onset, over = pl.col("ONSET").dt.date(), pl.col("OVER").dt.date()
    began = _first("AST") <= onset, onset <= _last("AST")
    ended = _first("AEN") <= over, over <= pl.col("AENDT"), ~pl.col("GOESON")
    return (*_settled("AST", onset, *began), *_settled("AEN", over, *ended))


def durations() -> tuple[pl.Expr, ...]:
    """ADURN, and in WHYDUR why there is none; ASTDT and AENDT with their flags are given."""
    start, end = pl.col("ASTDT"), pl.col("AENDT")
    dated = start.is_not_null() & end.is_not_null()
    longest = infusion_day(end, start) + 1
    latest_start = pl.min_horizontal(_last("AST"), end)
    least = infusion_day(pl.max_horizontal(_first("AEN"), start), latest_start) + 1
    shortest = pl.max_horizontal(least, 1)
    certain = dated & (_is_whole() | (shortest == longest))
    between = pl.format("{} to {} days: {}", shortest, longest, pl.lit(IN_PART))
    why = (
        pl.when(start.is_null())
        .then(pl.lit("the onset is not known"))
        .when(dated)
        .then(between)
        .when(pl.col("ONGOFL") == "Y")
        .then(pl.lit("not over at the data cut"))
        .when(pl.col("DTHDT").is_not_null())
        .then(pl.lit("not over at death"))
        .otherwise(pl.lit("the end is not known"))
    )
    return (
        pl.when(certain).then(longest).alias("ADURN"),
        pl.when(~certain).then(why).alias("WHYDUR"),
    )


def _is_whole() -> pl.Expr:
    return pl.col("ASTDTF").is_null() & pl.col("AENDTF").is_null()


def _settled(name: str, seen: pl.Expr, *within: pl.Expr) -> tuple[pl.Expr, ...]:
    flag = pl.col(f"{name}DTF")
    found = (flag.is_not_null() & pl.all_horizontal(*within)).fill_null(False)
    return (
        pl.when(found).then(seen).otherwise(f"{name}DT").alias(f"{name}DT"),
        pl.when(~found).then(flag).alias(f"{name}DTF"),
    )


def _first(name: str) -> pl.Expr:
    """The first day that a date can mean."""
    return _by_flag(name, {flag: _day(name).dt.truncate(span) for flag, span in SPANS.items()})


def _last(name: str) -> pl.Expr:
    """The last day that a date can mean."""
    ends = {
        flag: _day(name).dt.truncate(span).dt.offset_by(span) - pl.duration(days=1)
        for flag, span in SPANS.items()
    }
    return _by_flag(name, ends)


def _by_flag(name: str, found: dict[str, pl.Expr]) -> pl.Expr:
    flag = pl.col(f"{name}DTF")
    by_flag = pl.when(flag == "D").then(found["D"]).when(flag == "M").then(found["M"])
    return by_flag.otherwise(_day(name))


def _day(name: str) -> pl.Expr:
    return pl.col(f"{name}DT")
