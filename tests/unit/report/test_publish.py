from pathlib import Path

import pytest

from cartrial.errors import OutputError
from cartrial.report.publish import publish_report
from cartrial.results.result import Results


def test_page_paper_and_numbers_are_written_twice_alike(sample: Results, tmp_path: Path):
    paths = publish_report(sample, tmp_path / "once")
    assert [path.relative_to(tmp_path / "once").as_posix() for path in paths][:2] == [
        "report.html",
        "report.pdf",
    ]
    assert tmp_path / "once" / "results" / "values.csv" in paths
    assert tmp_path / "once" / "protocol-text.md" in paths
    again = publish_report(sample, tmp_path / "again")
    assert [p.read_bytes() for p in paths] == [p.read_bytes() for p in again]


def test_what_stands_there_stays_when_the_folder_cannot_be_written(sample: Results, tmp_path: Path):
    (tmp_path / "report.pdf").mkdir()
    (tmp_path / "report.html").write_text("old")
    with pytest.raises(OutputError):
        publish_report(sample, tmp_path)
    assert (tmp_path / "report.html").read_text() == "old"
