"""What was given for an episode of CRS or ICANS: whether, and on how many days.

Reading: a drug was given for an episode when its record names the episode, or names no event and
was given between onset and resolution. A drug that names another event counts for that one. A drug
without a complete date, which may have been given in that time, leaves the answer unknown, and so
does concomitant medication that was not collected. Days are calendar days, each once: of a record
that names the episode all its days, of another those within the episode. Tocilizumab without an end
was given on one day; a steroid without an end on an unknown number.
"""

import datetime as dt

import polars as pl

from cartrial.adam.time.imputation import first_day, last_day
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.domains.cm import Cm
from cartrial.sdtm.study_day import calendar_day

TOCILIZUMAB, STEROID = "TOCILIZUMAB", "STEROID"
NAMES = {
    TOCILIZUMAB: ("TOCILIZUMAB",),
    STEROID: (
        "DEXAMETHASONE",
        "METHYLPREDNISOLONE",
        "PREDNISOLONE",
        "PREDNISONE",
        "HYDROCORTISONE",
    ),
}
VARIABLES = {
    TOCILIZUMAB: ("TOCIFL", "TOCIDAYS", "TOCIDTS"),
    STEROID: ("STERFL", "STERDAYS", "STERDTS"),
}


def with_treatment(sdtm: Sdtm, episodes: pl.DataFrame, cutoff: dt.date | None) -> pl.DataFrame:
    """The episodes with the flag (Y, N, or unknown) and the days of each drug."""
    if not sdtm.has(Cm):
        return episodes
    numbered = episodes.with_row_index("episode")
    for kind, (flag, days, dates) in VARIABLES.items():
        given = _given(sdtm, numbered, kind, cutoff)
        known = numbered.join(given, on="episode", how="left", maintain_order="left")
        never = pl.col("sure").is_null()
        numbered = known.with_columns(
            pl.when(never).then(pl.lit("N")).when("sure").then(pl.lit("Y")).alias(flag),
            pl.when(never).then(0).otherwise("days").alias(days),
            pl.col("dates").alias(dates),
        ).drop("sure", "days", "dates")
    return numbered.drop("episode")


def _given(sdtm: Sdtm, episodes: pl.DataFrame, kind: str, cutoff: dt.date | None) -> pl.DataFrame:
    """The episodes for which a drug was given, or may have been, with its days."""
    named = pl.coalesce("CMDECOD", "CMTRT").str.to_uppercase().str.contains_any(list(NAMES[kind]))
    drugs = sdtm.of(Cm).filter(((pl.col("CMCAT") == kind) | named).fill_null(False))
    pairs = episodes.select("episode", "USUBJID", "AENO", "ASTDT", "AENDT").join(
        drugs.select("USUBJID", "CMSTDTC", "CMENDTC", "CMAENO"), on="USUBJID"
    )
    end = pl.coalesce("AENDT", pl.lit(cutoff, dtype=pl.Date))
    start, stop = pl.col("CMSTDTC"), pl.coalesce("CMENDTC", "CMSTDTC")
    within = (last_day(start) <= end) & (first_day(stop) >= pl.col("ASTDT"))
    maybe_within = (first_day(start) <= end) & (last_day(stop) >= pl.col("ASTDT"))
    names_it = pl.when(pl.col("CMAENO").is_not_null()).then(
        pl.col("CMAENO").eq_missing(pl.col("AENO"))
    )
    judged = pairs.with_columns(
        named=names_it.fill_null(False),
        sure=pl.coalesce(names_it, within).fill_null(False),
        perhaps=pl.coalesce(names_it, maybe_within).fill_null(True),
        first=calendar_day(start),
        last=calendar_day(stop if kind == TOCILIZUMAB else pl.col("CMENDTC")),
        end=end,
    )
    return _summed(judged.filter("perhaps"))


def _summed(given: pl.DataFrame) -> pl.DataFrame:
    """By episode: whether a record is surely of it, and the days where every record tells them."""
    complete = pl.col("first").is_not_null() & pl.col("last").is_not_null()
    first = pl.when("named").then("first").otherwise(pl.max_horizontal("first", "ASTDT"))
    last = pl.when("named").then("last").otherwise(pl.min_horizontal("last", "end"))
    told = pl.col("sure") & complete & (first <= last).fill_null(False)
    days = given.with_columns(
        told=told, day=pl.when(told).then(pl.date_ranges(first, last))
    ).explode("day")
    return days.group_by("episode", maintain_order=True).agg(
        pl.col("sure").any(),
        days=pl.when(pl.col("told").all()).then(pl.col("day").n_unique().cast(pl.Int64)),
        dates=pl.col("day").drop_nulls().unique().sort().cast(pl.String).str.join(" "),
    )
