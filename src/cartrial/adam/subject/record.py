"""The shape of an analysis record: whose it is, in which order, as it is declared."""

from collections.abc import Sequence
from typing import TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import Adsl
from cartrial.running import number_in

T = TypeVar("T", bound=s.Table)

TREATMENT = {  # variables of a record, and those of ADSL that they are
    "TRTP": "TRT01P",
    "TRTA": "TRT01A",
    "TRT01A": "TRT01A",
    "TRT01AN": "TRT01AN",
    "SAFFL": "SAFFL",
}
KNOWN = "\x00known"


def with_subject(frame: pl.DataFrame, adsl: s.DataFrame[Adsl], *more: str) -> pl.DataFrame:
    """The records with their subject's treatment and infusion; records of others are left out."""
    wanted = TREATMENT | {name: name for name in ("TRTSDT", *more)}
    about = adsl.select(
        "USUBJID",
        *(pl.col(of).alias(name) for name, of in wanted.items() if name not in frame.columns),
        pl.lit(True).alias(KNOWN),
    )
    joined = frame.join(about, on="USUBJID", how="left", maintain_order="left")
    known = joined if joined[KNOWN].null_count() == 0 else joined.filter(KNOWN)
    return known.drop(KNOWN)


def declared(
    table: type[T], frame: pl.DataFrame, order: Sequence[str] | None = None
) -> s.DataFrame[T]:
    """The declared dataset, sorted by subject and `order`, then by all else, and numbered.

    Without `order` the records are in their order already.
    """
    given = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in s.empty(table).schema.items()
    ]
    records = frame.select(given)
    ordered = records if order is None else _ordered(records, ["USUBJID", *order])
    if "ASEQ" in ordered.columns:
        ordered = ordered.with_columns(ASEQ=number_in(pl.col("USUBJID")))
    return table.cast(ordered)


def _ordered(records: pl.DataFrame, first: list[str]) -> pl.DataFrame:
    """The records by `first`; only where two are alike in these by all else, which takes longer."""
    ordered = records.sort(first, nulls_last=True)
    alike = pl.all_horizontal(pl.col(first).eq_missing(pl.col(first).shift()))
    if not ordered.select(alike.any()).item():
        return ordered
    rest = [name for name in records.columns if name not in (*first, "ASEQ")]
    return records.sort(first + rest, nulls_last=True)


def yes_where(condition: pl.Expr) -> pl.Expr:
    """The flag Y where the condition holds, else null."""
    return pl.when(condition.fill_null(False)).then(pl.lit("Y"))
