"""The shape of an analysis record: whose it is, in which order, as it is declared."""

from collections.abc import Sequence
from typing import TypeVar

import polars as pl

from cartrial import schema as s
from cartrial.adam.subject.adsl import Adsl

T = TypeVar("T", bound=s.Table)

TREATMENT = {  # variables of a record, and those of ADSL that they are
    "TRTP": "TRT01P",
    "TRTA": "TRT01A",
    "TRT01A": "TRT01A",
    "TRT01AN": "TRT01AN",
    "SAFFL": "SAFFL",
}


def with_subject(frame: pl.DataFrame, adsl: s.DataFrame[Adsl], *more: str) -> pl.DataFrame:
    """The records with their subject's treatment and infusion; records of others are left out."""
    wanted = TREATMENT | {name: name for name in ("TRTSDT", *more)}
    about = adsl.select(
        "USUBJID",
        *(pl.col(of).alias(name) for name, of in wanted.items() if name not in frame.columns),
    )
    return frame.join(about, on="USUBJID", how="inner", maintain_order="left")


def declared(table: type[T], frame: pl.DataFrame, order: Sequence[str]) -> s.DataFrame[T]:
    """The declared dataset, sorted by subject and `order`, then by all else, and numbered."""
    names = list(table.columns())
    given = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in s.empty(table).schema.items()
    ]
    first = ["USUBJID", *order]
    rest = [name for name in names if name not in (*first, "ASEQ")]
    ordered = frame.select(given).sort(first + rest, nulls_last=True)
    if "ASEQ" in names:
        number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("USUBJID")
        ordered = ordered.with_columns(number.alias("ASEQ"))
    return table.cast(ordered)


def yes_where(condition: pl.Expr) -> pl.Expr:
    """The flag Y where the condition holds, else null."""
    return pl.when(condition.fill_null(False)).then(pl.lit("Y"))
