"""The forms of file in which a dataset is written."""

from pathlib import Path
from typing import Literal

from cartrial import files
from cartrial.cdisc.dataset import Dataset
from cartrial.cdisc.dataset_json.write import write_dataset_json
from cartrial.cdisc.xpt.write import write_xpt

Form = Literal["csv", "parquet", "xpt", "json", "ndjson"]


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
