"""What an output folder held before: the datasets of an earlier run go, all else stays."""

from pathlib import Path

import pytest

from tests.command import cartrial


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulated") / "trial"
    assert cartrial("simulate", "--subjects", 3, "--seed", 5, folder).code == 0
    return folder


def held(folder: Path, *paths: str) -> list[str]:
    """Put a file at each path of the folder, and say what is held."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("mine")
    return list(paths)


def still(folder: Path, paths: list[str]) -> list[str]:
    return [path for path in paths if (folder / path).is_file()]


def test_tabulate_takes_away_its_own_datasets_alone(simulated: Path, tmp_path: Path) -> None:
    mine = held(tmp_path, "ho.docx", "raw/ho.xpt", "ho.sas7bdat", "other/deep/suppho.xpt", "ho.csv")
    old = held(tmp_path, "ce.xpt", "suppce.xpt")
    said = cartrial("tabulate", simulated, "--out", tmp_path)
    assert said.code == 0, said.err
    assert still(tmp_path, mine) == mine
    assert still(tmp_path, old) == []


def test_derive_takes_away_the_datasets_of_each_form(simulated: Path, tmp_path: Path) -> None:
    mine = held(tmp_path, "adsl.docx", "sent/adsl.xpt", "xpt/notes.txt")
    old = held(tmp_path, "xpt/adsl.xpt", "xpt/define.xml", "xpt/define.html", "json/adsl.json")
    said = cartrial("derive", simulated, "--out", tmp_path)
    assert said.code == 0, said.err
    assert still(tmp_path, mine) == mine
    assert still(tmp_path, old) == []


def test_a_redcap_project_takes_nothing_away(tmp_path: Path) -> None:
    mine = held(tmp_path, "data.xlsx", "lists/data.csv", "events.txt")
    assert cartrial("export", "redcap", "--out", tmp_path).code == 0
    assert still(tmp_path, mine) == mine


@pytest.mark.parametrize("command", ["tabulate", "derive"])
def test_the_data_that_are_read_are_not_written_over(
    command: str, simulated: Path, tmp_path: Path
) -> None:
    assert cartrial("tabulate", simulated, "--out", tmp_path).code == 0
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    said = cartrial(command, "--sdtm", tmp_path, "--out", tmp_path / "." / "../" / tmp_path.name)
    assert said.code == 13
    assert said.err.splitlines()[-1].endswith(
        "must be another folder than that of the data that are read, got the same"
    )
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
