import pytest

from cartrial.capture.serve.sqlite import remark
from cartrial.errors import StudyError


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4), (3, 52, 1)])
def test_nothing_is_said_of_a_mended_version(version: tuple[int, ...]) -> None:
    assert remark(version) == ""


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_a_version_with_the_fault_of_the_wal_is_told(version: tuple[int, ...]) -> None:
    said = ".".join(map(str, version))
    assert remark(version).startswith(f"SQLite {said} can in rare cases spoil")
    assert "pysqlite3" in remark(version)


@pytest.mark.parametrize(
    ("version", "said"), [((3, 52, 0), "no withdrawn version"), ((3, 31, 0), "3.38.0 or later")]
)
def test_a_faulty_version_is_refused(version: tuple[int, ...], said: str) -> None:
    with pytest.raises(StudyError, match=said):
        remark(version)
