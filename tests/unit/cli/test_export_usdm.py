import json
from pathlib import Path

from cartrial.protocol.read import packaged_text
from tests.command import cartrial


def test_the_definition_is_written_and_what_is_not_stated_is_told(tmp_path: Path):
    study, out = tmp_path / "study.yaml", tmp_path / "usdm.json"
    study.write_text(packaged_text())
    said = cartrial("export", "usdm", study, "--out", out, "--not-rare")
    assert (said.code, said.out) == (0, f"{out}\n")
    assert said.err == (
        "cartrial: not stated, and left out: the sponsor and its identifier of the study; "
        "a number in a known registry (registry); intent, blinding and characteristics of the "
        "design; where and how visits take place; planned age and sex; route, frequency and dose "
        "form of the interventions\n"
    )
    assert json.loads(out.read_text())["study"]["name"] == "BCMA-CD19-MM"


def test_a_study_file_that_is_wrong_is_one_line(tmp_path: Path):
    study = tmp_path / "study.yaml"
    study.write_text(packaged_text().replace("window: !registered 84", "window: !registered 0"))
    said = cartrial("export", "usdm", study, "--out", tmp_path / "usdm.json")
    assert said.code == 10
    assert said.err.count("\n") == 1
    assert said.err.startswith(f"cartrial: {study}: dlt.window: must be")
    assert not (tmp_path / "usdm.json").exists()
