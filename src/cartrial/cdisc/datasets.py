"""A folder of datasets as they stand: names, labels, types and order of whatever system wrote them.

Files are CSV (plain or gzip), Parquet, SAS transport or Dataset-JSON; of one dataset in several
formats the one that says most of its variables is read. CSV and Parquet hold no labels.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from cartrial import schema as s
from cartrial.cdisc.dataset import Dataset
from cartrial.cdisc.form import ENDINGS, dataset_files, read_dataset
from cartrial.errors import DataError

NUMBER = re.compile(
    "(SEQ|DY|DAY|NUM|N|DOSE|LLOQ|LO|HI|LVL|DUR|RELTM|AVAL|BASE|CHG|AGE|CNSR|ORD|TYPE)$"
)
DAY, MOMENT = re.compile("DT$"), re.compile("DTM$")
MOMENTS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")


@dataclass(frozen=True)
class ReadDatasets:
    """The datasets of a folder by name, and how their bytes were odd."""

    datasets: Mapping[str, Dataset]
    findings: tuple[s.Finding, ...] = ()


def read_datasets(folder: Path) -> ReadDatasets:
    """Every dataset of a folder, by its name in capitals."""
    found: dict[str, Path] = {}
    for name, path in dataset_files(folder) if folder.is_dir() else ():
        if name not in found or _rank(path) < _rank(found[name]):
            found[name] = path
    if not found:
        got = (
            "no dataset" if folder.is_dir() else "a file" if folder.is_file() else "no such folder"
        )
        raise DataError(f"{folder}: must be a folder of datasets, got {got}")
    read = {name: _read(name, path) for name, path in found.items()}
    odd = tuple(finding for _, findings in read.values() for finding in findings)
    return ReadDatasets({name: dataset for name, (dataset, _) in read.items()}, odd)


def typed_by_name(frame: pl.DataFrame) -> pl.DataFrame:
    """Text as numbers and dates where the name of the variable says so and every cell is one.

    A variable without a value stays text: names alone say too little (DOMAIN ends as numbers do).
    """
    given = {name: pl.col(name).str.strip_chars().replace("", None) for name in frame.columns}
    read = frame.select(
        *(given[n].cast(pl.Float64, strict=False) for n in frame.columns if NUMBER.search(n)),
        *(given[n].str.to_date("%Y-%m-%d", strict=False) for n in frame.columns if DAY.search(n)),
        *(_moment(given[n]).alias(n) for n in frame.columns if MOMENT.search(n)),
    )
    cells = frame.select(expression.alias(name) for name, expression in given.items())
    whole = [name for name in read.columns if 0 < cells[name].count() == read[name].count()]
    return cells.with_columns(_counted(read[name]) for name in whole)


def _counted(values: pl.Series) -> pl.Series:
    """Whole numbers as such."""
    if values.dtype != pl.Float64 or not (values == values.round(0)).fill_null(True).all():
        return values
    return values.cast(pl.Int64, strict=False)


def _moment(cell: pl.Expr) -> pl.Expr:
    return pl.coalesce(cell.str.to_datetime(form, strict=False) for form in MOMENTS)


def _rank(path: Path) -> int:
    return min(n for n, e in enumerate(ENDINGS) if path.name.lower().endswith(e))


def _read(name: str, path: Path) -> tuple[Dataset, list[s.Finding]]:
    dataset, odd = read_dataset(path)
    is_csv = path.name.lower().endswith((".csv", ".csv.gz"))
    frame = typed_by_name(dataset.frame) if is_csv else dataset.frame
    frame = frame.with_columns(pl.col(pl.String).replace("", None))
    return replace(dataset, name=name, frame=frame), odd
