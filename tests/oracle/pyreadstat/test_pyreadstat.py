"""Transport files written here are read by pyreadstat, and those that it writes are read here.

Oracle: pyreadstat 1.3.7 (ReadStat).
"""

import datetime as dt
import math
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from cartrial.cdisc.dataset import Dataset, Variable
from cartrial.cdisc.xpt.ibm import LEAST, MOST
from cartrial.cdisc.xpt.read import read_xpt
from cartrial.cdisc.xpt.write import write_xpt
from cartrial.errors import DataError
from tests.transport_files import written_files

NUMBERS = (0.0, 1.0, -1.0, 0.1, 1 / 3, -1234.5678, math.pi, 2.0**53, 1e-70, 1e70, LEAST, MOST)
POWERS = [sign * 10.0**power for sign in (1, -1) for power in range(-78, 76)]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return written_files(tmp_path_factory.mktemp("written"))


def oracle(path: Path, **how: Any) -> tuple[pl.DataFrame, Any]:
    frame, about = pyreadstat.read_xport(path, output_format="polars", **how)
    return pl.DataFrame(frame).with_columns(pl.col(pl.String).replace("", None)), about


def test_every_dataset_is_read_by_pyreadstat_as_it_is_here(written: list[Path]):
    assert {path.stem for path in written} >= {"dm", "lb", "suppae", "adsl", "adlb", "adrs"}
    for path in written:
        ours, remark = read_xpt(path)
        theirs, about = oracle(path)
        assert_frame_equal(theirs, ours.frame, check_dtypes=False)
        assert (about.table_name, about.file_label) == (ours.name, ours.label)
        assert about.column_labels == [variable.label for variable in ours.variables]
        dated = {v.name: v.format.rstrip(".") for v in ours.variables if v.format}
        assert {k: v for k, v in about.original_variable_types.items() if k in dated} == dated
        assert remark is None


def test_dates_are_dates_to_both(written: list[Path]):
    path = next(path for path in written if path.stem == "adsl")
    theirs, _ = oracle(path)
    assert theirs["TRTSDT"].dtype == read_xpt(path)[0].frame["TRTSDT"].dtype == pl.Date
    assert theirs["TRTSDTM"].dtype == pl.Datetime


def test_numbers_of_every_size_are_the_same_to_both(tmp_path: Path):
    frame = pl.DataFrame({"AVAL": [*NUMBERS, *POWERS]})
    write_xpt(Dataset("ANY", "", (Variable("AVAL", ""),), frame), tmp_path / "any.xpt")
    assert_frame_equal(oracle(tmp_path / "any.xpt")[0], frame, check_exact=True)


@pytest.mark.parametrize("version", [5, 8])
def test_what_pyreadstat_writes_is_read_here(version: int, tmp_path: Path):
    frame = pl.DataFrame(
        {
            "TEXT": ["a", None, "Größe"] * 4,
            "NUMBER": [*NUMBERS[:-1], None],
            "DAY": [dt.date(2024, 2, 29), None, dt.date(1959, 12, 31)] * 4,
        }
    )
    path = tmp_path / "any.xpt"
    pyreadstat.write_xport(
        frame,
        path,
        file_format_version=version,
        table_name="ANY",
        file_label="Anything",
        column_labels=["Some text", "Some number", "Some day"],
        variable_format={"DAY": "DATE9."},
    )
    ours, remark = read_xpt(path)
    assert_frame_equal(ours.frame, frame, check_exact=True)
    assert (ours.name, remark) == ("ANY", None)
    assert [variable.label for variable in ours.variables] == [
        "Some text",
        "Some number",
        "Some day",
    ]


def test_long_names_of_version_8_are_read_and_long_labels_cut(tmp_path: Path):
    path = tmp_path / "any.xpt"
    pyreadstat.write_xport(
        pl.DataFrame({"A_NAME_OF_MORE_THAN_8": ["x", "y"], "N": [1.0, None]}),
        path,
        file_format_version=8,
        column_labels=["L" * 60, "N"],
    )
    ours, _ = read_xpt(path)
    assert ours.frame.rows() == [("x", 1.0), ("y", None)]
    assert [(v.name, v.label) for v in ours.variables] == [
        ("A_NAME_OF_MORE_THAN_8", "L" * 40),
        ("N", "N"),
    ]


def test_a_truncated_file_that_pyreadstat_reads_without_a_word_is_refused(
    written: list[Path], tmp_path: Path
):
    whole = next(path for path in written if path.stem == "lb").read_bytes()
    path = tmp_path / "lb.xpt"
    path.write_bytes(whole[: len(whole) // 2])
    assert oracle(path)[0].height > 0
    with pytest.raises(DataError, match="must be a whole SAS transport file, got a truncated one"):
        read_xpt(path)
