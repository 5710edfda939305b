"""The manifest of a package: every file with its size and SHA-256, and what made them.

Reading: the manifest lists every file but itself. A package is whole when each file that it lists
    is there with these bytes, and no other file is.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

from cartrial import files
from cartrial.errors import DataError, OutputError
from cartrial.report.submission.delivery import Delivery
from cartrial.schema import errors

MANIFEST = "manifest.json"
MADE_BY = "cartrial package"


@dataclass(frozen=True)
class Difference:
    """A file that is not as the manifest says."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


def manifest(delivery: Delivery, standards: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """The manifest of a folder that holds all other files of the package."""
    faults = len(errors(delivery.findings))
    cutoff = delivery.adam.cutoff
    return {
        "made_by": MADE_BY,
        "study": {
            "id": delivery.study.id,
            "title": delivery.study.title,
            "file_sha256": delivery.study_sha256,
        },
        "data_cut": cutoff.isoformat() if cutoff else None,
        "subjects": delivery.subjects,
        "findings": {"errors": faults, "warnings": len(delivery.findings) - faults},
        "standards": dict(standards),
        "software": dict(delivery.software),
        "files": [
            {"path": path, "bytes": (folder / path).stat().st_size, "sha256": _hash(folder / path)}
            for path in _files(folder)
        ],
    }


@contextmanager
def replacing_package(folder: Path) -> Iterator[Path]:
    """A temporary folder whose files take the place of an earlier package in `folder`.

    A folder that holds a file which no earlier package wrote is refused.
    """
    before = _earlier(folder)
    with files.writing_folder(folder) as fresh:
        yield fresh
        written = set(_files(fresh, but=""))
    for path in sorted(before - written):
        (folder / path).unlink(missing_ok=True)


def _earlier(folder: Path) -> set[str]:
    """The files of the package that stands in the folder."""
    if not folder.is_dir():
        return set()
    packaged = (folder / MANIFEST).is_file()
    ours = {*(one["path"] for one in _listed(folder)), MANIFEST} if packaged else set()
    foreign = next((path for path in _files(folder, but="") if path not in ours), None)
    if foreign is not None:
        raise OutputError(
            f"{folder}: must be free or hold an earlier package, got {foreign} of something else. "
            "Name another folder"
        )
    return ours


def verify(folder: Path) -> tuple[Difference, ...]:
    """What in a folder is not as its manifest says."""
    listed = {one["path"]: one for one in _listed(folder)}
    there = list(_files(folder))
    differences = [
        Difference(path, what)
        for path, one in listed.items()
        if (what := _difference(folder / path, one))
    ]
    extra = [Difference(path, "is not listed") for path in there if path not in listed]
    return (*differences, *extra)


def _difference(path: Path, one: Mapping[str, Any]) -> str:
    if not path.is_file():
        return "is missing"
    size = path.stat().st_size
    if size != one["bytes"]:
        return f"has {size} bytes, not {one['bytes']}"
    return "" if _hash(path) == one["sha256"] else "has another SHA-256"


def _listed(folder: Path) -> list[dict[str, Any]]:
    if folder.is_file():
        raise DataError(f"{folder}: must be the folder of a package, got a file")
    path = folder / MANIFEST
    must = f"{path}: must be the manifest of a package"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{must}, got no such file") from None
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise DataError(f"{must}, got something that is not JSON") from None
    if not isinstance(told, dict) or told.get("made_by") != MADE_BY:
        raise DataError(f"{must}, got another file")
    listed: list[dict[str, Any]] = told["files"]
    return listed


def _files(folder: Path, *, but: str = MANIFEST) -> Iterator[str]:
    """The files of a folder by their path in it, in alphabetical order."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    yield from sorted(
        name for path in paths if (name := path.relative_to(folder).as_posix()) != but
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
