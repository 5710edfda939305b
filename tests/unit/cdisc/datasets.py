"""A dataset of three records, with every kind of variable."""

import datetime as dt
from typing import Any

import polars as pl

from cartrial.cdisc.dataset import Dataset, Variable

EVERY_KIND = pl.DataFrame(
    {
        "USUBJID": ["X-1", "X-1", "X-2"],
        "LBSEQ": [1, 2, 1],
        "LBORRES": ["<0.5", None, "12"],
        "LBSTRESN": [None, 0.1, -1234.5678],
        "ADT": [dt.date(2024, 2, 29), None, dt.date(1959, 12, 31)],
        "ADTM": [dt.datetime(2024, 2, 29, 13, 5, 59), None, dt.datetime(1960, 1, 1)],
    }
)
LABELS = {
    "USUBJID": "Unique Subject Identifier",
    "LBSEQ": "Sequence Number",
    "LBORRES": "Result or Finding in Original Units",
    "LBSTRESN": "Numeric Result/Finding in Standard Units",
    "ADT": "Analysis Date",
    "ADTM": "Analysis Datetime",
}
KEY = ("USUBJID", "LBSEQ")


def dataset(frame: pl.DataFrame = EVERY_KIND, **lengths: int) -> Dataset:
    """The frame as the dataset LB; text has the lengths that are given."""
    variables = tuple(
        Variable(
            name,
            LABELS.get(name, name),
            lengths.get(name),
            key=KEY.index(name) + 1 if name in KEY else None,
        )
        for name in frame.columns
    )
    return Dataset("LB", "Laboratory Test Results", variables, frame)


def with_column(name: str, values: list[Any]) -> Dataset:
    """Three records with one more variable."""
    return dataset(EVERY_KIND.select("USUBJID", "LBSEQ").with_columns(pl.Series(name, values)))
