"""ADaM as a folder of files: a CSV for each dataset, and other formats in folders below."""

from pathlib import Path

from cartrial import files
from cartrial import schema as s
from cartrial.adam.dataset import DATASETS, Adam
from cartrial.cdisc.dataset import to_dataset
from cartrial.cdisc.form import Form, write_dataset
from cartrial.cdisc.xpt.fit import fitted

ALWAYS: tuple[Form, ...] = ("csv", "parquet")


def write_adam(adam: Adam, folder: Path, *, also: Form | None = None) -> None:
    """Write each dataset that was derived, as CSV, as Parquet and `also`: all of them or none."""
    with files.writing_folder(folder) as fresh:
        for name, table in adam.tables.items():
            for form in (*ALWAYS, also) if also else ALWAYS:
                frame = s.to_text(DATASETS[name], table) if form == "csv" else table
                dataset = to_dataset(name, DATASETS[name], frame)
                place = fresh if form == "csv" else fresh / form
                write_dataset(fitted(dataset) if form == "xpt" else dataset, place, form)
