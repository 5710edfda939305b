"""Transport files written here are read by R's haven as they are here.

Oracle: haven of the R that is present; 2.5.1 with R 4.2.2 when this was written.
"""

import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from cartrial.cdisc.xpt.read import read_xpt
from tests.transport_files import written_files

READER = Path(__file__).parent / "read.R"
ISO = "%Y-%m-%dT%H:%M:%S"


def has_haven() -> bool:
    """Whether R is there with the package."""
    rscript = shutil.which("Rscript")
    asked = [rscript or "", "-e", "quit(status = !requireNamespace('haven', quietly = TRUE))"]
    return rscript is not None and subprocess.run(asked, capture_output=True).returncode == 0


@pytest.mark.skipif(not has_haven(), reason="needs R with the package haven")
def test_every_dataset_is_read_by_haven_as_it_is_here(tmp_path: Path):
    paths = written_files(tmp_path / "written")
    told = tmp_path / "told"
    told.mkdir()
    subprocess.run(["Rscript", READER, tmp_path / "written", told], check=True)
    assert {path.stem for path in paths} >= {"dm", "lb", "suppae", "adsl", "adlb", "adrs"}
    for path in paths:
        ours, _ = read_xpt(path)
        theirs = pl.read_csv(told / f"{path.stem}.csv", infer_schema=False, null_values="")
        assert_frame_equal(typed_as(ours.frame, theirs), ours.frame)
        labels = (told / f"{path.stem}.txt").read_text(encoding="utf-8").splitlines()
        assert labels == [variable.label for variable in ours.variables]


def typed_as(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """Text with the types of our frame; a cell that is no such value is an error."""
    return theirs.select(cell(name, dtype) for name, dtype in ours.schema.items())


def cell(name: str, dtype: pl.DataType) -> pl.Expr:
    if dtype == pl.Datetime:
        return pl.col(name).str.to_datetime(ISO).cast(dtype)
    return pl.col(name).str.to_date() if dtype == pl.Date else pl.col(name).cast(dtype)
