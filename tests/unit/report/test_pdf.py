import re
import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from cartrial.report.document import Document
from cartrial.report.pdf import _table, to_pdf
from cartrial.report.subjects import all_tables


@pytest.fixture(scope="module")
def pdf(document: Document) -> bytes:
    return to_pdf(document)


def test_two_runs_give_the_same_bytes(pdf: bytes, document: Document):
    assert to_pdf(document) == pdf


def test_it_carries_no_date_and_only_the_font_that_comes_with_the_report(pdf: bytes):
    assert b"CreationDate" not in pdf
    assert b"CreateDate" not in pdf
    names = set(re.findall(rb"/FontName */[A-Z]+\+([\w-]+)", pdf))
    assert names == {b"Inter-Regular", b"Inter-SemiBold"}


@pytest.mark.skipif(which("pdftotext") is None, reason="poppler-utils is not installed")
def test_it_says_what_the_tables_say(pdf: bytes, document: Document, tmp_path: Path):
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    run = ["pdftotext", "-layout", str(file), "-"]
    printed = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    words = set(printed.split())
    for table in all_tables(document):
        for row in table.rows:
            for cell in row.cells:
                if not table.listing and cell.count:
                    assert set(cell.text.split()) <= words
    flat = " ".join(printed.split())
    assert document.study.id + " · data cut 2026-06-30" in flat
    pages = re.findall(r"Page (\d+) of (\d+)", flat)
    assert [int(page) for page, _ in pages] == list(range(1, int(pages[0][1]) + 1))


def test_a_row_that_judges_as_the_one_before_is_counted_and_not_printed(document: Document):
    listed = next(table for table in all_tables(document) if table.listing and table.rows)
    first, *others = listed.rows
    rows = (first, replace(first, repeats=True), *others)
    printed = _table(replace(listed, rows=rows))
    assert printed["rows"] == _table(listed)["rows"]
    note = f"Not printed: 1 of {len(rows)} rows, which judge as the row before them does; "
    assert any(one["text"].startswith(note) for one in printed["notes"])
