"""Writing a dataset as Dataset-JSON, row by row: the same dataset, the same bytes."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import polars as pl

from cartrial import files
from cartrial.cdisc.dataset import (
    START,
    Dataset,
    Variable,
    dataset_oid,
    fault,
    text_width,
    variable_oid,
)

VERSION = "1.1.0"
BLOCK = 20_000  # rows that are written at once
TO_THE_SECOND = "%Y-%m-%dT%H:%M:%S"

encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def write_dataset_json(dataset: Dataset, path: Path, *, created: dt.datetime = START) -> None:
    """Write the dataset; `created` is the time that the file says it was made."""
    about = encoded(_about(dataset, created))
    rows = dataset.frame.select(_said(dataset, variable) for variable in dataset.variables)
    is_lines = path.suffix.lower() == ".ndjson"
    before, between, end = ("\n", "\n", "\n") if is_lines else (',"rows":[\n', ",\n", "\n]}\n")
    with files.writing(path) as file:
        file.write((about if is_lines else about[:-1]).encode())
        for part in rows.iter_slices(BLOCK):
            file.write((before + between.join(map(encoded, part.iter_rows()))).encode())
            before = between
        file.write((end if rows.height or is_lines else ',"rows":[]}\n').encode())


def _about(dataset: Dataset, created: dt.datetime) -> dict[str, Any]:
    """The metadata, in the order of the standard."""
    return {
        "datasetJSONCreationDateTime": created.strftime(TO_THE_SECOND),
        "datasetJSONVersion": VERSION,
        "itemGroupOID": dataset_oid(dataset.name),
        "records": dataset.frame.height,
        "name": dataset.name,
        "label": dataset.label,
        "columns": [_column(dataset, variable) for variable in dataset.variables],
    }


def _column(dataset: Dataset, variable: Variable) -> dict[str, Any]:
    dtype = dataset.frame.schema[variable.name]
    kind, target, form = _type(dtype)
    column = {
        "itemOID": variable_oid(dataset.name, variable.name),
        "name": variable.name,
        "label": variable.label,
        "dataType": kind,
        "targetDataType": target,
        "length": text_width(dataset, variable) if dtype == pl.String else None,
        "displayFormat": variable.format or form,
        "keySequence": variable.key,
    }
    return {name: value for name, value in column.items() if value is not None}


def _type(dtype: pl.DataType) -> tuple[str, str | None, str | None]:
    """The data type, the target data type and the usual format of a column."""
    if dtype == pl.String:
        return "string", None, None
    if dtype == pl.Date:
        return "date", "integer", "E8601DA."
    if dtype == pl.Datetime:
        return "datetime", "integer", "E8601DT."
    if dtype == pl.Boolean:
        return "boolean", None, None
    return ("integer" if dtype.is_integer() else "float"), None, None


def _said(dataset: Dataset, variable: Variable) -> pl.Expr:
    """A column as its values stand in a row."""
    values = dataset.frame[variable.name]
    cell = pl.col(variable.name)
    if values.dtype == pl.String:
        return cell.fill_null("")
    if values.dtype == pl.Date:
        return cell.dt.strftime("%Y-%m-%d")
    if values.dtype == pl.Datetime:
        return cell.dt.strftime(TO_THE_SECOND)
    if values.dtype.is_float() and not (finite := values.is_finite().fill_null(True)).all():
        got = str(values.filter(~finite)[0])
        raise fault(dataset, variable.name, ~finite, "be a finite number", got)
    return cell
