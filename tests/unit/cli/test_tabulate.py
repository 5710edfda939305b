from pathlib import Path

import pytest

from cartrial.sdtm.file.folder import read_sdtm
from tests.command import cartrial


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trial")
    assert cartrial("simulate", "--subjects", 6, "--seed", 3, folder).code == 0
    return folder


def test_datasets_and_their_description_stand_in_the_folder(trial: Path, tmp_path: Path):
    said = cartrial("tabulate", trial, "--out", tmp_path)
    assert said.code == 0, said.err
    names = {path.name for path in tmp_path.iterdir()}
    assert {"dm.xpt", "suppae.xpt", "se.xpt", "relrec.xpt", "define.xml", "define.html"} <= names
    assert said.out.splitlines()[0].split() == ["DM", "7", "records", str(tmp_path / "dm.xpt")]
    assert not read_sdtm(tmp_path).findings


def test_a_dataset_without_records_is_not_submitted(trial: Path, tmp_path: Path):
    for form in ("json", "csv"):
        cartrial("tabulate", trial, "--out", tmp_path / form, "--format", form)
    assert not (tmp_path / "json" / "ce.json").exists()
    assert (tmp_path / "csv" / "ce.csv").read_text("utf-8").count("\n") == 1


def test_two_runs_give_the_same_bytes(trial: Path, tmp_path: Path):
    for run in ("one", "two"):
        cartrial("tabulate", trial, "--out", tmp_path / run)
    one, two = (sorted((tmp_path / run).iterdir()) for run in ("one", "two"))
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]


def test_a_study_file_alone_has_nothing_to_tabulate(trial: Path, tmp_path: Path):
    (tmp_path / "study.yaml").write_bytes((trial / "study.yaml").read_bytes())
    said = cartrial("tabulate", tmp_path / "study.yaml", "--out", tmp_path / "sdtm")
    assert said.code == 11
    assert "data must be given, got a study file alone" in said.err
