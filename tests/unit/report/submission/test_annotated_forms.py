import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from cartrial.forms.catalogue import FORMS
from cartrial.protocol.read import packaged_study
from cartrial.report.submission.annotated_forms import annotated_forms
from tests.command import cartrial

STUDY = packaged_study()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return annotated_forms(STUDY)


@pytest.fixture(scope="module")
def pages(pdf: bytes, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The words of each page."""
    if which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed")
    file = tmp_path_factory.mktemp("forms") / "acrf.pdf"
    file.write_bytes(pdf)
    run = ["pdftotext", "-layout", str(file), "-"]
    printed = subprocess.run(run, check=True, capture_output=True, text=True).stdout
    return [" ".join(page.split()) for page in printed.split("\f")]


def page_of(pages: list[str], form: str) -> str:
    return next(page for page in pages[1:] if f"Form {form} " in page)


def test_two_runs_give_the_same_bytes_without_a_date(pdf: bytes):
    assert annotated_forms(STUDY) == pdf
    assert b"CreationDate" not in pdf
    assert set(re.findall(rb"/FontName */[A-Z]+\+([\w-]+)", pdf)) == {
        b"Inter-Regular",
        b"Inter-SemiBold",
    }


def test_every_form_has_its_page_and_a_named_place_to_link_to(pdf: bytes, pages: list[str]):
    for form in FORMS:
        assert page_of(pages, form)
        assert f"({form})".encode() in pdf


def test_a_field_stands_with_its_choices_and_its_variable(pages: list[str]):
    page = page_of(pages, "adverse_event")
    assert "AE (Adverse Events)" in page
    assert "Serious yes no AESER" in page
    assert "Related to apheresis related possibly unlikely not AERELAPH in SUPPAE" in page


def test_what_every_record_says_stands_once_in_the_head(pages: list[str]):
    page = page_of(pages, "death")
    assert page.count('DSDECOD = "DEATH"') == 1
    assert "when" not in page


def test_the_dose_is_in_the_unit_of_the_study(pages: list[str]):
    assert page_of(pages, "infusion").count(STUDY.doses.unit) == 2


def test_what_is_not_submitted_says_so_and_why(pages: list[str]):
    page = page_of(pages, "published_margin")
    assert page.count("[NOT SUBMITTED]") == 1 + len(FORMS["published_margin"].columns())
    assert "A publication's counts have no subjects" in page


def test_the_command_writes_the_file(pdf: bytes, tmp_path: Path):
    (tmp_path / "study.yaml").write_bytes(
        Path("src/cartrial/protocol/studies/bcma-cd19-mm.yaml").read_bytes()
    )
    said = cartrial("export", "forms", tmp_path, "--out", tmp_path / "acrf.pdf")
    assert (said.code, said.out) == (0, f"{tmp_path / 'acrf.pdf'}\n")
    assert (tmp_path / "acrf.pdf").read_bytes() == pdf
