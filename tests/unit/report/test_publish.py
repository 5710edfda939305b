from pathlib import Path

import polars as pl
import pytest

from cartrial.errors import OutputError
from cartrial.report.publish import publish_report
from cartrial.results.result import Results


def test_page_paper_and_numbers_are_written_twice_alike(sample: Results, tmp_path: Path):
    paths = publish_report(sample, tmp_path / "once", rtf=True)
    assert [path.relative_to(tmp_path / "once").as_posix() for path in paths][:2] == [
        "report.html",
        "report.pdf",
    ]
    assert tmp_path / "once" / "results" / "values.csv" in paths
    assert tmp_path / "once" / "protocol-text.md" in paths
    data = {path.name for path in paths if path.parent.name == "results"}
    assert {"ars.json", "ard.csv", "ard.parquet"} <= data
    typed = pl.read_parquet(tmp_path / "once" / "results" / "ard.parquet")
    text = pl.read_csv(tmp_path / "once" / "results" / "ard.csv", infer_schema=False)
    assert text.columns == typed.columns
    assert text["stat"].cast(pl.Float64).to_list() == typed["stat"].to_list()
    assert tmp_path / "once" / "rtf" / "tables-and-listings.rtf" in paths
    again = publish_report(sample, tmp_path / "again", rtf=True)
    assert [p.read_bytes() for p in paths] == [p.read_bytes() for p in again]


def test_what_stands_there_stays_when_the_folder_cannot_be_written(sample: Results, tmp_path: Path):
    (tmp_path / "report.pdf").mkdir()
    (tmp_path / "report.html").write_text("old")
    with pytest.raises(OutputError):
        publish_report(sample, tmp_path)
    assert (tmp_path / "report.html").read_text() == "old"
