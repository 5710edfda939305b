"""ADaM as a folder of files: a CSV for each dataset, and other formats in folders below."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from cartrial import files
from cartrial import schema as s
from cartrial.adam.dataset import DATASETS, Adam
from cartrial.cdisc.dataset import Dataset, to_dataset
from cartrial.cdisc.datasets import ReadDatasets, read_datasets
from cartrial.cdisc.form import Form, write_dataset
from cartrial.cdisc.xpt.fit import fitted, respelt

ALWAYS: tuple[Form, ...] = ("csv", "parquet")


def write_adam(adam: Adam, folder: Path, *, also: Form | None = None) -> None:
    """Write each dataset that was derived, as CSV, as Parquet and `also`: all of them or none."""
    with files.writing_folder(folder) as fresh:
        for form in (*ALWAYS, also) if also else ALWAYS:
            place = fresh if form == "csv" else fresh / form
            for dataset in adam_datasets(adam, form):
                write_dataset(dataset, place, form)


def read_adam(folder: Path) -> ReadDatasets:
    """The analysis datasets in a folder, of whatever system; known variables as declared."""
    read = read_datasets(folder)
    known = {
        name: replace(one, frame=_typed(DATASETS[name], one.frame)) if name in DATASETS else one
        for name, one in read.datasets.items()
    }
    return ReadDatasets(known, read.findings)


def _typed(table: type[s.Table], frame: pl.DataFrame) -> pl.DataFrame:
    """Text as it is declared, where every cell of the variable can be read so."""
    typed = s.typed(table, frame.select(pl.col(pl.String)))
    named = [c.name for c in s.columns(table) if frame.schema.get(c.name) == pl.String]
    whole = [name for name in named if typed[name].count() == frame[name].count()]
    return frame.with_columns(typed.select(whole))


def adam_datasets(adam: Adam, form: Form) -> Iterator[Dataset]:
    """The datasets as they travel."""
    for name, table in adam.tables.items():
        frame = s.to_text(DATASETS[name], table) if form == "csv" else table
        dataset = to_dataset(name, DATASETS[name], frame)
        yield fitted(dataset) if form == "xpt" else dataset


def lost_in_ascii(adam: Adam) -> Iterator[s.Finding]:
    """What its text loses in a transport file, by dataset and variable."""
    for dataset in adam_datasets(adam, "json"):
        yield from respelt(dataset)
