import re
import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from cartrial.report.document import Document
from cartrial.report.rtf.encode import Running, encoded, to_file
from cartrial.report.rtf.names import BOOK, names
from cartrial.report.rtf.pages import paged
from cartrial.report.rtf.write import write_rtf
from cartrial.report.subjects import all_tables
from cartrial.report.table import ShownCell, ShownRow
from cartrial.results.result import Results
from tests.unit.report.rtf.reader import Read, read_rtf
from tests.unit.report.rtf.test_pages import table as made

RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


@pytest.fixture(scope="module")
def folder(document: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("rtf")
    write_rtf(document, place)
    return place


def read(folder: Path, name: str) -> Read:
    return read_rtf((folder / f"{name}.rtf").read_text("ascii"))


def flat(text: str) -> str:
    return " ".join(text.translate(RAISED).split())


def test_each_table_and_listing_has_its_file_and_all_stand_in_the_book(
    folder: Path, document: Document
):
    files = {path.stem for path in folder.iterdir()}
    wanted = {f"{'l' if one.listing else 't'}-{one.id}" for one in all_tables(document)}
    assert files == {*wanted, BOOK}
    book = flat(read(folder, BOOK).text)
    assert all(flat(one.title) in book for one in all_tables(document))


def test_every_cell_title_and_note_is_said(folder: Path, document: Document):
    book = set(map(flat, read(folder, BOOK).cells))
    for table in all_tables(document):
        own = read(folder, f"{'l' if table.listing else 't'}-{table.id}")
        said = flat(own.text)
        shown = [table.title, table.shown, *table.footnotes, *table.method, *table.sources]
        shown += [why for _, why in table.reasons]
        assert [text for text in shown if flat(text) not in said] == []
        cells = set(map(flat, own.cells))
        rows = [row for row in table.rows if not row.repeats]
        wanted = {flat(row.label) for row in rows}
        wanted |= {flat(str(cell)) for row in rows for cell in row.cells}
        wanted |= {flat(f"{a} {b}") for a, b in zip(table.header, table.sizes, strict=True) if rows}
        assert (wanted - {""}) - cells == set()
        assert (wanted - {""}) - book == set()


def test_every_section_of_the_book_is_in_its_outline_and_counts_its_pages(folder: Path):
    own = read(folder, BOOK)
    assert own.words.count("header") == own.words.count("sectd") == own.words.count("outlinelevel")
    assert own.text.count("Page  of 1") == own.words.count("sectd")
    assert own.words.count("chpgn") == own.words.count("sectd")


def test_every_page_repeats_the_header_between_two_rules():
    whole = made([ShownRow(f"row {n}", 0, (ShownCell("1"),)) for n in range(200)])
    pages = paged(whole, number="Table 1")
    own = to_file(encoded(pages, Running("STUDY-1", "foot")))
    found = read_rtf(own)
    assert len(pages.pages) == 1 + found.words.count("pagebb") > 2
    assert found.cells.count("All\nN = 18") == len(pages.pages)
    assert own.count("\\clbrdrt\\brdrs") == 2 * len(pages.pages)  # two cells of each header
    assert own.count("\\clbrdrb\\brdrs") == 4 * len(pages.pages)  # and of the last row


def test_a_line_of_the_header_leaves_the_gap_between_columns():
    labels = ("450 × 10⁶, BCMA < 50 %", "450 × 10⁶, BCMA ≥ 50 %")
    row = ShownRow("Response", 0, (ShownCell("10/11 (90.9%)"),) * 7)
    header = (*labels, *(f"{n} × 10⁶" for n in range(5)))
    whole = replace(made([row]), header=header, sizes=("N = 8",) * 7)
    pages = paged(whole, number="Table 1")
    cells = read_rtf(to_file(encoded(pages, Running("STUDY-1", "foot")))).cells[1:8]
    for cell, letters in zip(cells, pages.columns.letters[1:], strict=True):
        assert [line for line in cell.split("\n") if len(line) > letters] == []


def test_the_contents_name_the_page_of_each_table(folder: Path, document: Document):
    text = (folder / f"{BOOK}.rtf").read_text("ascii")
    starts, page = {}, 0
    for section in text.split("\\sectd")[1:]:
        title = re.search(r"\\b ((?:Table|Listing) \d+)\}", section)
        starts[title[1] if title else "contents"] = page + 1
        page += 1 + section.count("\\pagebb")
    cells = read(folder, BOOK).cells
    for number, start in starts.items():
        if number != "contents":
            assert cells[cells.index(number) + 2] == str(start)


def test_two_runs_give_the_same_bytes(folder: Path, document: Document, tmp_path: Path):
    paths = write_rtf(document, tmp_path)
    assert [path.read_bytes() for path in paths] == [
        (folder / path.name).read_bytes() for path in paths
    ]


def test_figures_are_pictures_where_they_are_asked_for(document: Document, tmp_path: Path):
    section = next(one for one in document.sections if any(f.spec for f in one.figures))
    figure = next(one for one in section.figures if one.spec)
    one = replace(document, sections=(replace(section, parts=(figure,)),))
    paths = write_rtf(one, tmp_path, figures=True)
    assert f"f-{figure.id}.rtf" in {path.name for path in paths}
    alone, book = read(tmp_path, f"f-{figure.id}"), read(tmp_path, BOOK)
    assert alone.words.count("pict") == alone.words.count("pngblip") == 1
    assert f"Figure 1\n{figure.title}" in alone.text
    assert "Figure 1" in book.cells


def test_the_names_of_the_files_are_known_beforehand(sample: Results, folder: Path):
    assert {path.stem for path in folder.iterdir()} <= set(names(sample))


@pytest.mark.slow
@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.skipif(which("pdftotext") is None, reason="poppler-utils is not installed")
def test_a_word_processor_shows_the_same_pages(folder: Path, tmp_path: Path):
    home = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    convert = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    book = folder / f"{BOOK}.rtf"
    subprocess.run([*convert, str(book)], check=True, capture_output=True, timeout=180)
    told = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / f"{BOOK}.pdf"), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    pages = told.split("\f")[:-1]
    words = read(folder, BOOK).words
    assert len(pages) == words.count("sectd") + words.count("pagebb")
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in " ".join(page.split())
