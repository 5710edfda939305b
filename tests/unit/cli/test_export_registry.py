import json
from pathlib import Path

from tests.command import cartrial

EXAMPLE = Path("examples/crb-401")


def test_the_record_is_written_twice_alike(tmp_path: Path):
    said = cartrial("export", "registry", EXAMPLE, "--out", tmp_path / "once")
    assert said.code == 0
    assert said.out.splitlines() == [
        str(tmp_path / "once" / "results-section.json"),
        str(tmp_path / "once" / "registry.pdf"),
    ]
    cartrial("export", "registry", EXAMPLE, "--out", tmp_path / "again")
    for name in ("results-section.json", "registry.pdf"):
        once, again = ((tmp_path / run / name).read_bytes() for run in ("once", "again"))
        assert once == again
    record = json.loads((tmp_path / "once" / "results-section.json").read_text())
    assert set(record["resultsSection"]) == {
        "participantFlowModule",
        "baselineCharacteristicsModule",
        "outcomeMeasuresModule",
        "adverseEventsModule",
        "moreInfoModule",
    }


def test_a_study_file_alone_is_refused_in_one_line(tmp_path: Path):
    study = tmp_path / "study.yaml"
    study.write_text((EXAMPLE / "study.yaml").read_text())
    said = cartrial("export", "registry", study, "--out", tmp_path / "out")
    assert (said.code, said.err.count("\n")) == (11, 1)
    assert not (tmp_path / "out").exists()
