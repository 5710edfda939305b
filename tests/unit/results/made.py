"""Analysis datasets written as text tables, and the cells of the outputs made from them."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.adam.dataset import DATASETS, Adam
from cartrial.forms.conduct import PublishedMargin
from cartrial.protocol.read import packaged_study
from cartrial.protocol.study import Study
from cartrial.results.population import Trial
from cartrial.results.table import Filled, Part

CUTOFF = dt.date(2026, 1, 31)


def trial(study: Study | None = None, *, margins: str = "", **datasets: str) -> Trial:
    """A trial whose datasets are text tables: two spaces part the columns, `-` is missing.

    `subject` stands for USUBJID; variables that are not given are missing. A line `NAME = value`
    before the table sets a variable in every row.
    """
    tables = {name: read(name, text) for name, text in datasets.items()}
    published = _typed(PublishedMargin, margins) if margins else PublishedMargin.create_empty()
    adam = Adam(tables, CUTOFF, margins=PublishedMargin.cast(published))
    return Trial(study or packaged_study(), adam)


def read(dataset: str, text: str) -> pl.DataFrame:
    frame = _typed(DATASETS[dataset], text)
    if "ASEQ" in frame.columns:
        number = pl.int_range(1, pl.len() + 1).over("USUBJID")
        frame = frame.with_columns(ASEQ=pl.coalesce("ASEQ", number))
    return frame


def _typed(table: type[s.Table], text: str) -> pl.DataFrame:
    every = {name: value for name, value in re.findall(r"^\s*(\w+) = (.+?)\s*$", text, re.M)}
    table_lines = [line for line in text.strip().splitlines() if line.strip() and " = " not in line]
    header, *lines = (re.split(r"\s{2,}", line.strip()) for line in table_lines)
    names = ["USUBJID" if name == "subject" else name for name in header]
    rows = [[None if cell == "-" else cell for cell in line] for line in lines]
    raw = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    raw = raw.with_columns(pl.lit(value).alias(name) for name, value in every.items())
    schema = table.create_empty().schema
    assert set(names) <= set(schema), set(names) - set(schema)
    columns = []
    for name, dtype in schema.items():
        given = raw[name] if name in raw.columns else pl.Series(name, [None] * len(raw), pl.String)
        columns.append(_cast(given, dtype).alias(name))
    frame = pl.DataFrame(columns)
    if "SUBJID" in frame.columns:
        frame = frame.with_columns(SUBJID=pl.coalesce("SUBJID", "USUBJID"))
    return frame


def _cast(given: pl.Series, dtype: pl.DataType) -> pl.Series:
    if dtype == pl.Date:
        return given.str.to_date()
    if isinstance(dtype, pl.Datetime):
        return given.str.to_datetime("%Y-%m-%dT%H:%M").cast(dtype)
    return given.cast(dtype)


def output(parts: Sequence[Part], output_id: str) -> Filled:
    """The output of this name."""
    return next(p for p in parts if isinstance(p, Filled) and p.output.id == output_id)


def cell(filled: Filled, label: str, group: str = "All", *, nth: int = 0) -> dict[str, Any]:
    """The numbers of the cell in the row with this label (the nth such row) by statistic."""
    numbers = [row.number for row in filled.output.rows if row.label == label]
    found = [c for c in filled.cells if c["row"] == numbers[nth] and c["group"] == group]
    return {c["statistic"]: c["text"] if c["text"] is not None else c["value"] for c in found}


def who(filled: Filled, label: str, group: str = "All", *, nth: int = 0) -> str:
    """The subjects behind the first number of a cell."""
    numbers = [row.number for row in filled.output.rows if row.label == label]
    found = [c for c in filled.cells if c["row"] == numbers[nth] and c["group"] == group]
    return found[0]["subjects"]


def why(filled: Filled, label: str, statistic: str, group: str = "All", *, nth: int = 0) -> str:
    """Why a number of a cell is missing."""
    numbers = [row.number for row in filled.output.rows if row.label == label]
    [found] = [
        c["why_missing"]
        for c in filled.cells
        if (c["row"], c["group"], c["statistic"]) == (numbers[nth], group, statistic)
    ]
    return found


def labels(filled: Filled) -> list[str]:
    """The rows of an output, in words."""
    return [row.label for row in filled.output.rows]
