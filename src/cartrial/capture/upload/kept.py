"""An uploaded file as it is kept: checked before it is parsed, under a name of our own.

The name that it came with is only ever shown. What it holds is known by its SHA-256, which stands
in the entries that are made of it.

Source: OWASP ASVS 5.0, 5.2.1 to 5.2.3, 5.3.2
"""

import json
import re
import secrets
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from cartrial import files
from cartrial.capture.deployment import deployment
from cartrial.errors import DataError

MIB = 1024**2
LARGEST = 4 * MIB
UNPACKED = 40 * MIB  # that a workbook may be once it is unpacked
PARTS = 500  # files in a workbook
TOKEN = re.compile(r"[0-9a-f]{24}")
BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x7fELF", b"MZ", b"\x89PNG")
WORKBOOK = ".xlsx"
TEXTS = (".csv", ".tsv", ".txt")
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "laboratory": (*TEXTS, WORKBOOK),
    "plate": TEXTS,
    "flow": TEXTS,
}
TITLES: Mapping[str, str] = {
    "laboratory": "Laboratory results",
    "plate": "qPCR plate",
    "flow": "Flow cytometry report",
}
LONGEST_NAME = 120
DECLARED = (b"<!DOCTYPE", b"<!ENTITY")  # by which a small document grows, or reads other files
WORKBOOK_PARTS = ("[Content_Types].xml", "xl/workbook.xml")


@dataclass(frozen=True)
class KeptFile:
    """One file: the name it came with, ours, and what it holds."""

    name: str
    place: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Kept:
    """An upload: of which kind, by whom, its file, and for a plate perhaps the sheet of samples."""

    token: str
    kind: str
    by: str
    files: tuple[KeptFile, ...]

    @property
    def title(self) -> str:
        """Its kind in words."""
        return TITLES[self.kind]

    def path(self, file: KeptFile) -> Path:
        """Where a file of it stands."""
        return folder() / file.place

    @property
    def plan(self) -> Path:
        """Where the answers to its questions stand."""
        return folder() / f"{self.token}.yaml"

    def in_their_words(self, said: str) -> str:
        """A message with the names that the files came with."""
        for file in self.files:
            said = said.replace(file.place, file.name)
        return said


def folder() -> Path:
    """Where uploads stand."""
    return deployment().home / "uploads"


def keep(kind: str, given: "list[UploadedFile[Any]]", by: str) -> Kept:
    """Check what was given, and keep it; what is not as it must be is refused in one line."""
    if kind not in ENDINGS:
        raise DataError(f"upload: must be one of {', '.join(ENDINGS)}, got another kind")
    if not given:
        must = f"must be a file of at most {LARGEST // MIB} MB"
        raise DataError(f"upload: {must}, got none, or one that is larger")
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    token = secrets.token_hex(12)
    made = [_checked(kind, one, f"{token}-{n}") for n, one in enumerate(given, start=1)]
    kept = Kept(token, kind, by, tuple(file for file, _ in made))
    for file, content in made:
        files.write_bytes(kept.path(file), content)
    about = {"kind": kind, "by": by, "files": [vars(file) for file, _ in made]}
    files.write_text(_about(token), json.dumps(about))
    return kept


def kept_of(token: str) -> Kept | None:
    """The upload of a token; null where there is none."""
    if not TOKEN.fullmatch(token) or not _about(token).is_file():
        return None
    said = json.loads(_about(token).read_text("utf-8"))
    return Kept(token, said["kind"], said["by"], tuple(KeptFile(**one) for one in said["files"]))


def forget(kept: Kept) -> None:
    """Remove an upload that could not be read."""
    for place in (*(kept.path(file) for file in kept.files), kept.plan, _about(kept.token)):
        place.unlink(missing_ok=True)


def whole(kept: Kept) -> None:
    """Refuse an upload whose files are not as they were kept."""
    for file in kept.files:
        if sha256(files.read_bytes(kept.path(file))).hexdigest() != file.sha256:
            raise DataError(f"{file.name}: must be as it was uploaded, got another content")


def _about(token: str) -> Path:
    return folder() / f"{token}.json"


def shown_name(given: str) -> str:
    """The last part of a file's name, without what cannot be printed."""
    last = re.split(r"[/\\]", given)[-1]
    return "".join(c for c in last if c.isprintable())[-LONGEST_NAME:] or "a file"


def _checked(kind: str, given: "UploadedFile[Any]", stem: str) -> tuple[KeptFile, bytes]:
    name = shown_name(given.name or "")
    ending = Path(name).suffix.casefold()
    if ending not in ENDINGS[kind]:
        must = f"must end in {', '.join(ENDINGS[kind])}"
        raise DataError(f"{name}: {must}, got {ending or 'no ending'}")
    if (given.size or 0) > LARGEST:
        raise DataError(f"{name}: must be at most {LARGEST // MIB} MB, got a larger file")
    content = given.read()
    if not content.strip():
        raise DataError(f"{name}: must hold a table, got an empty file")
    if ending == WORKBOOK:
        _check_workbook(name, content)
    else:
        _check_text(name, content)
    place = f"{stem}{ending}"
    return KeptFile(name, place, sha256(content).hexdigest(), len(content)), content


def _check_text(name: str, content: bytes) -> None:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16 says so
    if content.startswith(BINARY) or (b"\x00" in content and not wide):
        raise DataError(f"{name}: must be a text file (UTF-8), got binary data. Save it as CSV")


def _check_workbook(name: str, content: bytes) -> None:
    """A workbook that stays small when it is unpacked; what it says of itself is not believed."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            listed = packed.infolist()
            if len(listed) > PARTS or sum(one.file_size for one in listed) > UNPACKED:
                raise DataError(_too_large(name))
            if not {one.filename for one in listed} >= set(WORKBOOK_PARTS):
                raise DataError(f"{name}: must be an Excel workbook, got something else")
            left = UNPACKED
            for one in listed:
                with packed.open(one) as part:
                    while block := part.read(MIB):
                        if any(mark in block for mark in DECLARED):
                            raise DataError(f"{name}: must declare no entities, got some")
                        left -= len(block)
                        if left < 0:
                            raise DataError(_too_large(name))
    # zipfile raises RuntimeError of a password, NotImplementedError of a packing that it lacks
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError):
        must = "must be a whole Excel workbook without a password"
        raise DataError(f"{name}: {must}, got one that cannot be opened") from None


def _too_large(name: str) -> str:
    return f"{name}: must be at most {UNPACKED // MIB} MB when it is unpacked, got more"
