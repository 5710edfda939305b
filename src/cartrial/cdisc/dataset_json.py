"""CDISC Dataset-JSON 1.1: reading one dataset, as JSON or as NDJSON.

JSON holds the metadata and all rows in one object. NDJSON holds the metadata on its first line and
one row on each line after it.

Source: CDISC Dataset-JSON 1.1 (2024), sections on JSON and NDJSON representation.
"""

import json
from pathlib import Path
from typing import Any

import polars as pl

from cartrial import files
from cartrial.errors import DataError


def read_dataset_json(path: Path) -> tuple[pl.DataFrame, str | None]:
    """The dataset in a Dataset-JSON file as text, and a remark on how it was read."""
    text = files.read_text(path)
    about, rows = _parts(path, text.content)
    names = [column.get("name") for column in about.get("columns", []) if isinstance(column, dict)]
    if not names or not all(isinstance(name, str) for name in names):
        raise DataError(f"{path.name}: must be Dataset-JSON 1.1, got no columns with names")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(names):
            must = f"be a list of {len(names)} values, got something else"
            raise DataError(f"{path.name}: row {number}: must {must}")
    cells = [[_text(row[i]) for row in rows] for i in range(len(names))]
    series = [pl.Series(name, column, pl.String) for name, column in zip(names, cells, strict=True)]
    return pl.DataFrame(series), text.remark


def _parts(path: Path, content: str) -> tuple[dict[str, Any], list[Any]]:
    """The metadata and the rows."""
    try:
        if path.suffix.lower() == ".ndjson":
            lines = [json.loads(line) for line in content.splitlines() if line.strip()]
            about, rows = (lines[0], lines[1:]) if lines else ({}, [])
        else:
            about = json.loads(content)
            rows = about.get("rows", []) if isinstance(about, dict) else []
    except json.JSONDecodeError as fault:
        line = f"line {fault.lineno}: " if path.suffix.lower() == ".json" else ""
        raise DataError(f"{path.name}: {line}must be JSON, got {fault.msg.lower()}") from None
    if not isinstance(about, dict) or not isinstance(rows, list):
        raise DataError(f"{path.name}: must be Dataset-JSON 1.1, got other JSON")
    return about, rows


def _text(value: Any) -> str | None:
    match value:
        case None | str():
            return value or None
        case bool():
            return "Y" if value else "N"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)
