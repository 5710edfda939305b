"""REDCap's CSV export with its data dictionary as a source.

Reading: raw or with labels, the source is the same: cells hold codes.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from cartrial.intake.redcap.cells import read_cells
from cartrial.intake.redcap.code import coded
from cartrial.intake.redcap.dictionary import Dictionary, read_dictionary
from cartrial.intake.redcap.header import expected
from cartrial.intake.redcap.instruments import to_tables
from cartrial.intake.source import Source


def read_redcap(export: Path, dictionary: Path, missing: Mapping[str, str] | None = None) -> Source:
    """The instruments of a project; `missing` names more codes that stand for no value, and why."""
    project = read_dictionary(dictionary, missing)
    raw, header, encoding = read_cells(export, project)
    records, worded = coded(raw, expected(project))
    tables, held = to_tables(records, project, place=export.name)
    said = [
        encoding,
        "columns known by their labels" if header.labelled else None,
        "words of the labels read as the codes of the dictionary" if worded else None,
        _absent(records, project),
    ]
    remarks = [f"{project.place}: {project.remark}"] if project.remark else []
    remarks += [f"{export.name}: {one}" for one in said if one]
    return Source(tables, tuple(remarks), held)


def _absent(cells: pl.DataFrame, project: Dictionary) -> str | None:
    """The fields that the export does not have."""
    absent = [
        field.name
        for field in project.fields
        if field.columns and not any(one.name in cells.columns for one in field.columns)
    ]
    return f"fields of {project.place} that are not in it: {', '.join(absent)}" if absent else None
