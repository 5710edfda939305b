"""ADaM as a folder of files: a CSV for each dataset, and the same as Parquet in a folder below."""

from pathlib import Path

from cartrial import files
from cartrial import schema as s
from cartrial.adam.dataset import DATASETS, Adam

PARQUET = "parquet"


def write_adam(adam: Adam, folder: Path) -> None:
    """Write each dataset that was derived, all of them or none."""
    with files.writing_folder(folder) as fresh:
        for name, table in adam.tables.items():
            files.write_csv(fresh / f"{name.lower()}.csv", s.to_text(DATASETS[name], table))
            files.write_parquet(fresh / PARQUET / f"{name.lower()}.parquet", table)
