import json
from hashlib import sha256
from pathlib import Path

import pytest

from cartrial import files
from cartrial.errors import DataError, OutputError
from cartrial.report.submission.delivery import Delivery
from cartrial.report.submission.manifest import MANIFEST, manifest, replacing_package, verify


@pytest.fixture
def package(delivery: Delivery, tmp_path: Path) -> Path:
    """A package of two files."""
    folder = tmp_path / "package"
    write(delivery, folder, {"README.txt": b"read me", "data/ae.xpt": b"events"})
    return folder


def write(delivery: Delivery, folder: Path, content: dict[str, bytes]) -> None:
    with replacing_package(folder) as fresh:
        for path, said in content.items():
            files.write_bytes(fresh / path, said)
        files.write_json(fresh / MANIFEST, manifest(delivery, {"SDTMIG": "3.4"}, fresh))


def test_it_lists_every_file_but_itself(package: Path, delivery: Delivery):
    told = json.loads((package / MANIFEST).read_text())
    assert told["files"] == [
        {"path": "README.txt", "bytes": 7, "sha256": sha256(b"read me").hexdigest()},
        {"path": "data/ae.xpt", "bytes": 6, "sha256": sha256(b"events").hexdigest()},
    ]
    assert told["study"]["id"] == delivery.study.id
    assert told["study"]["file_sha256"] == sha256(b"a study file").hexdigest()
    assert told["data_cut"] == str(delivery.adam.cutoff)
    assert told["findings"] == {"errors": 2, "warnings": 1}
    assert told["software"] == {"Python": "3.11.0", "cartrial": "0.1.0"}
    assert told["standards"] == {"SDTMIG": "3.4"}


def test_a_whole_package_has_no_difference(package: Path):
    assert verify(package) == ()


def test_each_difference_is_named(package: Path):
    (package / "README.txt").write_bytes(b"read ME")
    (package / "data/ae.xpt").unlink()
    (package / "other.txt").touch()
    assert [str(one) for one in verify(package)] == [
        "README.txt: has another SHA-256",
        "data/ae.xpt: is missing",
        "other.txt: is not listed",
    ]
    (package / "README.txt").write_bytes(b"read")
    assert str(verify(package)[0]) == "README.txt: has 4 bytes, not 7"


def test_an_earlier_package_is_replaced_and_what_is_no_longer_made_goes(
    package: Path, delivery: Delivery
):
    write(delivery, package, {"README.txt": b"read me again"})
    assert not (package / "data/ae.xpt").exists()
    assert verify(package) == ()


def test_a_folder_of_something_else_is_refused_and_left_alone(package: Path, delivery: Delivery):
    (package / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"got letter.txt of something else. Name another folder"):
        write(delivery, package, {"README.txt": b"new"})
    assert (package / "README.txt").read_bytes() == b"read me"


def test_a_file_is_no_package(tmp_path: Path):
    (tmp_path / "letter").write_text("mine")
    with pytest.raises(DataError, match=r"letter: must be the folder of a package, got a file"):
        verify(tmp_path / "letter")


@pytest.mark.parametrize(
    ("content", "got"),
    [(None, "got no such file"), ("{", "got something that is not JSON"), ("{}", "got another")],
)
def test_a_manifest_that_is_none(content: str | None, got: str, tmp_path: Path):
    if content is not None:
        (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(DataError, match=got):
        verify(tmp_path)
