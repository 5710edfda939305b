"""The tables of a report from its results as data: the reporting event and the results dataset."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from cartrial.report.table import ReportTable, lay_out
from cartrial.results.ars.read import read_outputs


def rebuild(ard: pl.DataFrame, event: Mapping[str, Any]) -> tuple[ReportTable, ...]:
    """Every table and listing as the report shows it, in the order of the list of contents."""
    outputs, values = read_outputs(event, ard)
    return tuple(lay_out(output, values) for output in outputs)
