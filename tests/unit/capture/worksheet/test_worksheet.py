"""Worksheets on paper: everything of the declaration, and who and when."""

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from cartrial import schema as s
from cartrial.capture.entry.form.listed import OFFERS
from cartrial.capture.ledger.row import CAPTURED
from cartrial.capture.worksheet.sheet import Sheet, blank
from cartrial.capture.worksheet.worksheet import Printed, worksheets
from cartrial.protocol.read import packaged_study, packaged_text
from tests.command import cartrial

STUDY = packaged_study()
PRINTED = Printed("ab" * 32, "2026-05-20 08:00 +02:00", "123:0123456789abcdef")


def read(pdf: bytes, folder: Path) -> list[str]:
    """The words of each page."""
    if which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    file = folder / "sheets.pdf"
    file.write_bytes(pdf)
    run = ["pdftotext", "-layout", str(file), "-"]
    printed = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    return [" ".join(page.split()) for page in printed.split("\f")[:-1]]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The page of each form, blank."""
    every = blank()
    found = read(worksheets(STUDY, every, PRINTED), tmp_path_factory.mktemp("sheets"))
    assert len(found) == len(every), "each on a page of its own"
    return {sheet.form: page for sheet, page in zip(every, found, strict=True)}


@pytest.mark.parametrize("form", CAPTURED)
def test_each_field_stands_with_its_unit_its_limits_and_its_codes(
    form: str, pages: dict[str, str]
) -> None:
    page = pages[form].replace(" ", "")
    for column in s.columns(CAPTURED[form]):
        if column.name == "subject":
            continue
        assert column.label.replace(" ", "")[:25] in page, column.name
        assert (form, column.name) in OFFERS or column.limits.replace(" ", "") in page, column.name
        assert all(code.replace(" ", "") in page for code in column.codes), column.name
        plain = column.kind == "number" and not (column.unit or "").startswith(("as ", "dose"))
        assert not plain or (column.unit or "").replace(" ", "") in page, column.name


@pytest.mark.parametrize("form", CAPTURED)
def test_each_page_asks_who_and_when_and_says_what_it_is_of(
    form: str, pages: dict[str, str]
) -> None:
    page = pages[form]
    assert "Written by on Y Y Y Y" in page
    assert "Entered by on Y Y Y Y" in page
    assert ("Subject" in page) == ("subject" in CAPTURED[form].columns())
    assert "study file abababababab · chain head 123:0123456789abcdef" in page
    assert re.search(r"cartrial \d+\.\d+\.\d+ · .* printed 2026-05-20 08:00 \+02:00", page)


def test_what_may_be_unknown_has_a_box_for_it(pages: dict[str, str]) -> None:
    assert "Hypotension yes no not known" in pages["crs_assessment"]
    assert "Released* yes no Within" in pages["product_release"]


def test_what_the_study_says_is_ticked_and_what_else_there_is_written(
    pages: dict[str, str],
) -> None:
    assert "1 (1 × 10⁶/kg)" in pages["infusion"]
    assert "10^6 CAR+ cells/kg" in pages["infusion"]
    assert "Fludarabine (30 mg/m2) Cyclophosphamide (300 mg/m2) other" in pages["lymphodepletion"]


def test_a_form_of_many_records_stands_as_often_as_there_is_room(pages: dict[str, str]) -> None:
    assert pages["vital_signs"].count("Measured at*") == 2
    assert pages["transfusion"].count("Given on*") == 3
    assert pages["demographics"].count("Date of birth") == 1


def test_a_visit_of_a_subject_stands_on_every_page(tmp_path: Path) -> None:
    given = ("001-004", "Day 28", "planned 2026-05-29, window 2026-05-26 to 2026-06-01")
    sheets = [Sheet("vital_signs", *given), Sheet("visit", *given, given={"visit": "Day 28"})]
    found = read(worksheets(STUDY, sheets, PRINTED), tmp_path)
    assert len(found) == 2
    for page in found:
        assert "Subject 001-004" in page
        assert "Visit Day 28 · planned 2026-05-29, window 2026-05-26 to 2026-06-01" in page
    assert "Visit* Day 28" in found[1]


def test_the_same_gives_the_same_bytes() -> None:
    one, other = (worksheets(STUDY, blank(["visit"]), PRINTED) for _ in range(2))
    assert one == other
    assert b"CreationDate" not in one


def test_without_a_database_there_is_no_head(tmp_path: Path) -> None:
    (page,) = read(worksheets(STUDY, blank(["visit"]), Printed("cd" * 32)), tmp_path)
    assert page.endswith("study file cdcdcdcdcdcd Page 1 of 1")


def test_the_command_needs_no_database(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text(packaged_text(), "utf-8")
    out = tmp_path / "sheets.pdf"
    words = ("export", "worksheets", tmp_path, "--out", out, "--form", "death", "--form", "visit")
    done = cartrial(*words, "--subject", "001-004")
    assert (done.code, done.out) == (0, f"{out}\n")
    death, visit = read(out.read_bytes(), tmp_path)
    assert "worksheet · Death Subject 001-004" in death
    assert "worksheet · Visit Subject 001-004" in visit
    assert not (tmp_path / "web").exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--form", "none"], "--form must be one of demographics, "),
        (["--subject", "Jane Roe"], "--subject must be of letters, digits"),
    ],
)
def test_a_wrong_word_of_the_command_is_told(tmp_path: Path, more: list[str], said: str) -> None:
    (tmp_path / "study.yaml").write_text(packaged_text(), "utf-8")
    done = cartrial("export", "worksheets", tmp_path, "--out", tmp_path / "x.pdf", *more)
    assert done.code == 2
    assert said in " ".join(done.err.replace("│", " ").split())
    assert not (tmp_path / "x.pdf").exists()
