"""Datasets of a folder, as they stand."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from cartrial.cdisc.dataset import Dataset, Variable
from cartrial.cdisc.datasets import read_datasets, typed_by_name
from cartrial.cdisc.form import write_dataset
from cartrial.errors import DataError

FRAME = pl.DataFrame({"USUBJID": ["001", "002"], "AGE": [61.0, 47.0], "TRT": ["A", None]})
LABELS = (Variable("USUBJID", "Subject"), Variable("AGE", "Age"), Variable("TRT", "Treatment"))


@pytest.mark.parametrize("form", ["csv", "parquet", "xpt", "json", "ndjson"])
def test_every_format_is_read(form, tmp_path: Path):
    write_dataset(Dataset("ADSL", "Subjects", LABELS, FRAME), tmp_path, form)
    read = read_datasets(tmp_path).datasets["ADSL"]
    assert read.frame.rows() == FRAME.rows()
    told = [variable.label for variable in read.variables]
    assert told == (["", "", ""] if form in ("csv", "parquet") else ["Subject", "Age", "Treatment"])


def test_of_two_formats_the_one_with_labels_is_read(tmp_path: Path):
    for form in ("csv", "xpt"):
        write_dataset(Dataset("ADSL", "Subjects", LABELS, FRAME), tmp_path, form)
    assert read_datasets(tmp_path).datasets["ADSL"].label == "Subjects"


def test_text_is_a_number_or_a_date_where_its_name_and_every_cell_say_so():
    text = pl.DataFrame(
        {
            "ASEQ": ["1", "2"],
            "SUBJID": ["001", "002"],  # digits, and no number
            "VISITN": ["one", "2"],
            "ADT": ["2024-03-01", ""],
            "ADTM": ["2024-03-01T08:00", None],
            "BIRTHDT": ["March", None],
        }
    )
    typed = typed_by_name(text)
    assert typed.row(0) == (
        *(1, "001", "one", dt.date(2024, 3, 1), dt.datetime(2024, 3, 1, 8), "March"),
    )
    assert typed.row(1) == (2, "002", "2", None, None, None)


def test_a_variable_without_a_value_stays_text_whatever_its_name():
    text = pl.DataFrame({"DOMAIN": [], "AEACN": []}, schema_overrides={"DOMAIN": pl.String})
    assert typed_by_name(text.cast(pl.String)).schema == {"DOMAIN": pl.String, "AEACN": pl.String}


def test_bytes_that_are_no_utf_8_are_reported(tmp_path: Path):
    (tmp_path / "ts.csv").write_bytes(b"TSVAL\nAlzheimer\x92s\n")
    (finding,) = read_datasets(tmp_path).findings
    assert (finding.table, finding.must, finding.severity) == ("ts.csv", "be UTF-8", "warning")


@pytest.mark.parametrize(("name", "got"), [("", "no dataset"), ("nowhere", "no such folder")])
def test_a_folder_must_hold_datasets(name, got, tmp_path: Path):
    with pytest.raises(DataError, match=f"must be a folder of datasets, got {got}$"):
        read_datasets(tmp_path / name)
