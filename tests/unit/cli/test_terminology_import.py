"""`cartrial terminology import`, on packages made up here."""

from pathlib import Path

import pytest

from cartrial.protocol.read import packaged_text
from tests.command import cartrial
from tests.unit.cdisc.terminologies import HEADER, SEX, lines, odm, text

FEWER = {SEX: {"F": ("C16576", "Female")}}
TOLD = (
    "{}/terminology/sdtm-ct-2026-03-27.csv.gz: SDTM CT 2026-03-27, {} of variables\n"
    "against 2025-03-28, which comes with cartrial, for values that are in use:"
)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "trial"
    folder.mkdir()
    (folder / "study.yaml").write_text(packaged_text(), "utf-8")
    return folder


def filled(study: Path) -> Path:
    (study / "forms").mkdir()
    rows = "subject,consented,site,born,sex,level\n001,2024-01-01,001,1960,male,1\n"
    (study / "forms" / "demographics.csv").write_text(rows, "utf-8")
    return study


def test_it_says_what_changes_for_the_values_that_the_study_uses(tmp_path, study):
    said = cartrial(
        "terminology", "import", odm(tmp_path / "a.xml", FEWER), "--study", filled(study)
    )
    assert (said.code, said.err) == (0, "")
    expected = f"{TOLD.format(study, '1 codelist')}\nDM: SEX: M is no term any more\n"
    assert said.out == expected


def test_it_says_that_nothing_changes_where_nothing_does(tmp_path, study):
    file = text(tmp_path / "a.txt", lines())
    said = cartrial("terminology", "import", file, "--study", filled(study) / "study.yaml")
    assert said.out == f"{TOLD.format(study, '2 codelists')}\nnothing\n"
    again = cartrial("terminology", "import", file, "--study", study)
    assert again.out == said.out


def test_a_study_without_data_is_told_so(tmp_path, study):
    said = cartrial("terminology", "import", odm(tmp_path / "a.xml"), "--study", study)
    assert said.out.splitlines()[2:] == ["not known, as the study has no data yet"]


def test_what_is_imported_holds_from_then_on(tmp_path, study):
    cartrial("terminology", "import", odm(tmp_path / "a.xml", FEWER), "--study", filled(study))
    said = cartrial("cdisc", "check", study)
    assert "SEX: must be a term of SEX (C66731), a closed codelist" in said.out


def test_a_bad_file_leaves_the_study_as_it_was(tmp_path, study):
    bad = text(tmp_path / "a.txt", lines(), HEADER[:-1])
    said = cartrial("terminology", "import", bad, "--study", study)
    assert (said.code, said.out) == (11, "")
    assert said.err == (
        "cartrial: a.txt: must say which version it is, got no date. "
        "Name the file as NCI does: SDTM Terminology YYYY-MM-DD.txt\n"
    )
    assert not (study / "terminology").exists()


def test_a_folder_without_a_study_is_refused(tmp_path):
    said = cartrial("terminology", "import", odm(tmp_path / "a.xml"), "--study", tmp_path)
    assert said.code == 10
    assert "must be a study folder with study.yaml, got none" in said.err
