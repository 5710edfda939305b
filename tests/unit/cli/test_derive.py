from pathlib import Path

import pytest

from tests.command import cartrial
from tests.define_file import faults


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trial") / "demo"
    assert cartrial("simulate", "--subjects", 3, "--seed", 5, folder).code == 0
    return folder


def derived(trial: Path, out: Path) -> dict[str, bytes]:
    said = cartrial("derive", trial, "--out", out, "--format", "xpt")
    assert said.code == 0, said.err
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): path.read_bytes() for path in files}


def test_define_stands_beside_the_datasets_of_each_form(trial, tmp_path):
    files = derived(trial, tmp_path / "one")
    assert {"define.xml", "define.html", "xpt/define.xml", "xpt/define.html"} <= set(files)
    assert faults(files["define.xml"]) == []
    assert b'href="adsl.csv"' in files["define.xml"]
    assert b'href="adsl.xpt"' in files["xpt/define.xml"]


def test_two_runs_give_the_same_bytes(trial, tmp_path):
    assert derived(trial, tmp_path / "one") == derived(trial, tmp_path / "two")


def test_a_data_cut_before_the_first_consent_is_told(trial, tmp_path):
    said = cartrial("derive", trial, "--out", tmp_path, "--cutoff", "2001-01-01")
    assert said.code == 0
    assert "data cut: must leave a subject who had consented, got 2001-01-01" in said.err
