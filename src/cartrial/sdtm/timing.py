"""Where a record stands in the trial: its epoch, its visit, the last before treatment.

Source: SDTM Implementation Guide 3.4, sections 4.1.3.1 (EPOCH), 4.4.5 (visits), 4.5.9
    (--LOBXFL).
Reading: the epoch is that of the subject's element (SE) which holds the date of the start; a date
    known in part has one where every day it can stand for lies in it. A result belongs to the visit
    of its own name, else to the one visit held on its day. --LOBXFL looks at the days before the
    first treatment (RFXSTDTC), as the clock time of lymphodepletion is not collected.
"""

from collections.abc import Mapping

import polars as pl

from cartrial.sdtm.study_day import calendar_day

Tables = Mapping[str, pl.DataFrame]

PLACES = ("SPEC", "METHOD", "LNKID", "CAT")  # what tells results of one test apart


def with_timing(tables: Tables, elements: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The domains with EPOCH, VISITNUM and --LOBXFL wherever they declare them."""
    timed: dict[str, pl.DataFrame] = {}
    for code, table in tables.items():
        if code != "SE" and "EPOCH" in table.columns and _is_dated(code, table):
            table = with_epoch(code, table, elements)
        if code != "SV" and "VISIT" in table.columns and _is_dated(code, table):
            table = with_visit(code, table, tables.get("SV"))
        if f"{code}LOBXFL" in table.columns:
            table = with_last_before(code, table, tables["DM"])
        timed[code] = table
    return timed


def with_epoch(code: str, table: pl.DataFrame, elements: pl.DataFrame) -> pl.DataFrame:
    """The records with the epoch in which they start."""
    spans = (
        elements.filter(pl.col("SEENDTC").is_not_null())
        .select("USUBJID", "EPOCH", "SESEQ", day=calendar_day(pl.col("SESTDTC")))
        .sort("day", "USUBJID", "SESEQ")
        .unique(("USUBJID", "day"), keep="last", maintain_order=True)
    )
    ends = elements.group_by("USUBJID").agg(
        first_open=calendar_day(pl.col("SESTDTC").filter(pl.col("SEENDTC").is_null())).min()
    )
    dated = table.with_row_index("row").select("row", "USUBJID", *_days(_start(code, table)))
    placed = dated.join(ends, on="USUBJID", how="left")
    for day, name in (("first", "earliest"), ("last", "latest")):
        on_day = spans.select("USUBJID", pl.col("day").alias(day), pl.col("EPOCH").alias(name))
        placed = placed.sort(day).join_asof(on_day, on=day, by="USUBJID", check_sortedness=False)
    known = (pl.col("last") < pl.col("first_open")).fill_null(True)
    same = pl.col("earliest") == pl.col("latest")
    epochs = placed.sort("row").select(pl.when(known & same).then("earliest").alias("EPOCH"))
    return table.with_columns(epochs)


def with_visit(code: str, table: pl.DataFrame, visits: pl.DataFrame | None) -> pl.DataFrame:
    """The records with the number of their visit, and its name where they had none."""
    if visits is None:
        return table
    held = visits.filter(pl.col("SVOCCUR").ne_missing("N")).select(
        "USUBJID", "VISITNUM", "VISIT", day=calendar_day(pl.col("SVSTDTC"))
    )
    by_name = visits.select("USUBJID", "VISIT", named="VISITNUM")
    on_day = held.filter(pl.struct("USUBJID", "day").is_unique()).rename(
        {"VISITNUM": "number", "VISIT": "name"}
    )
    known = (
        table.with_columns(day=calendar_day(_start(code, table)))
        .join(by_name, on=("USUBJID", "VISIT"), how="left", maintain_order="left")
        .join(on_day, on=("USUBJID", "day"), how="left", maintain_order="left")
    )
    unnamed = pl.col("VISIT").is_null()
    return known.with_columns(
        VISITNUM=pl.when(unnamed).then("number").otherwise("named"),
        VISIT=pl.coalesce("VISIT", "name"),
    ).select(table.columns)


def with_last_before(code: str, table: pl.DataFrame, subjects: pl.DataFrame) -> pl.DataFrame:
    """The findings with Y at the last result of each test before the first treatment."""
    starts = subjects.select("USUBJID", start=calendar_day(pl.col("RFXSTDTC"))).unique("USUBJID")
    test = [f"{code}TESTCD", *(f"{code}{p}" for p in PLACES if f"{code}{p}" in table.columns)]
    dated = table.with_columns(day=calendar_day(_start(code, table))).join(
        starts, on="USUBJID", how="left", maintain_order="left"
    )
    said = pl.col(f"{code}STRESC").is_not_null() & (pl.col("day") < pl.col("start"))
    latest = (
        dated.with_row_index("row")
        .filter(said)
        .sort("USUBJID", *test, f"{code}DTC", f"{code}SEQ", nulls_last=True)
        .unique(("USUBJID", *test), keep="last", maintain_order=True)
    )
    flag = pl.when(pl.int_range(pl.len()).is_in(latest["row"].implode())).then(pl.lit("Y"))
    return table.with_columns(flag.alias(f"{code}LOBXFL"))


def _is_dated(code: str, table: pl.DataFrame) -> bool:
    return f"{code}STDTC" in table.columns or f"{code}DTC" in table.columns


def _start(code: str, table: pl.DataFrame) -> pl.Expr:
    """The date on which a record starts."""
    start = f"{code}STDTC"
    return pl.col(start if start in table.columns else f"{code}DTC")


def _days(date: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The first and the last day that a date, known in part, can stand for."""
    length = date.str.len_chars()
    year = calendar_day(date.str.slice(0, 4) + "-01-01")
    month = calendar_day(date.str.slice(0, 7) + "-01")
    day = calendar_day(date)
    in_year, in_month = length == 4, length == 7
    first = pl.when(in_year).then(year).when(in_month).then(month).otherwise(day)
    last = (
        pl.when(in_year)
        .then(year.dt.offset_by("1y").dt.offset_by("-1d"))
        .when(in_month)
        .then(month.dt.month_end())
        .otherwise(day)
    )
    return first.alias("first"), last.alias("last")
