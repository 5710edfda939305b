from pathlib import Path
from zipfile import ZipFile

from cartrial.capture.outputs.bundle import zipped


def test_the_same_files_give_the_same_bytes_whenever_they_were_written(tmp_path: Path) -> None:
    made = []
    for name in ("first", "second"):
        below = tmp_path / name / "below"
        below.mkdir(parents=True)
        (below / "b.csv").write_text("b\n")
        (tmp_path / name / "a.txt").write_text("a")
        made.append(zipped(tmp_path / name))
    assert made[0] == made[1]
    (tmp_path / "made.zip").write_bytes(made[0])
    with ZipFile(tmp_path / "made.zip") as archive:
        assert archive.namelist() == ["a.txt", "below/b.csv"]
