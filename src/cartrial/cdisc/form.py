"""The forms of file in which a dataset is written and read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import polars as pl

from cartrial import files
from cartrial import schema as s
from cartrial.cdisc.dataset import Dataset, Variable
from cartrial.cdisc.dataset_json.read import read_dataset_json
from cartrial.cdisc.dataset_json.write import write_dataset_json
from cartrial.cdisc.xpt.read import read_xpt
from cartrial.cdisc.xpt.write import write_xpt

Form = Literal["csv", "parquet", "xpt", "json", "ndjson"]
ENDINGS = (".xpt", ".json", ".ndjson", ".parquet", ".csv", ".csv.gz")  # the first says most


def write_dataset(dataset: Dataset, folder: Path, form: Form) -> None:
    """Write the dataset into a folder, in a file of its name in small letters."""
    path = folder / f"{dataset.name.lower()}.{form}"
    match form:
        case "csv":
            files.write_csv(path, dataset.frame)
        case "parquet":
            files.write_parquet(path, dataset.frame)
        case "xpt":
            write_xpt(dataset, path)
        case "json" | "ndjson":
            write_dataset_json(dataset, path)


def dataset_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files of datasets in a folder, each with its name in capitals, in alphabetical order."""
    for path in sorted(folder.iterdir()):
        ending = next((e for e in ENDINGS if path.name.lower().endswith(e)), None)
        if ending is not None and not path.name.startswith(".") and path.is_file():
            yield path.name[: -len(ending)].upper(), path


def read_dataset(path: Path) -> tuple[Dataset, list[s.Finding]]:
    """The dataset in a file, and how its bytes were odd; CSV is text, and has no labels."""
    match path.suffix.lower():
        case ".xpt":
            dataset, remark = read_xpt(path)
        case ".json" | ".ndjson":
            dataset, remark = read_dataset_json(path)
        case ".parquet":
            dataset, remark = _unlabelled(files.read_parquet(path)), None
        case _:
            text = files.read_text(path)
            frame = files.parse_csv(text.content, place=path.name)
            dataset, remark = _unlabelled(frame), text.remark
    odd = [s.Finding(path.name, "", "", "be UTF-8", remark, severity="warning")] if remark else []
    return dataset, odd


def _unlabelled(frame: pl.DataFrame) -> Dataset:
    return Dataset("", "", tuple(Variable(column, "") for column in frame.columns), frame)
