"""The certified copy of a subject: all records with their context, readable without cartrial.

Source: 21 CFR 11.10(b); FDA, Electronic Systems, Electronic Records, and Electronic Signatures in
    Clinical Investigations (2024), question 3; ICH E6(R3) 3.16.1: a copy with its metadata, the
    date of the copy, and who made it.

copy.pdf        records, history, signatures, queries, chain head, statement
records/*.csv   each form, one row a record, withdrawn ones too
trail.csv       every entry about the subject, with its hash and content
manifest.json   what it is of, and the SHA-256 of each file
"""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cartrial import files
from cartrial import schema as s
from cartrial.capture.deployment import Deployment
from cartrial.capture.ledger import clock
from cartrial.capture.ledger.read import Head, Held, head, records
from cartrial.capture.ledger.row import CAPTURED
from cartrial.capture.ledger.verify import entries
from cartrial.capture.outputs.bundle import zipped
from cartrial.capture.outputs.certified_page import page_of
from cartrial.capture.trail.export import write_csv
from cartrial.report.typeset import typeset

TEMPLATE, ROOM = "certified.typ", "cartrial.capture.outputs"
PAPER, MANIFEST, TRAIL, RECORDS = "copy.pdf", "manifest.json", "trail.csv", "records"
MADE_BY = "cartrial certified copy"
MARKS = ("voided", "newest_entry")  # beside the columns of a form


@dataclass(frozen=True)
class Copied:
    """Everything about a subject at a head of the chain."""

    subject: str
    by: str
    at: dt.datetime
    head: Head
    held: Mapping[str, list[Held]]  # by form, withdrawn records too
    entries: list[dict[str, Any]]  # with hash and content, oldest first


def copied(subject: str, *, by: str, at: dt.datetime) -> Copied:
    """Everything about a subject, as it stands."""
    every = {form: records(form, subject, voided=True) for form in CAPTURED}
    held = {form: found for form, found in every.items() if found}
    return Copied(subject, by, at, head(), held, list(entries(subject)))


def copy_zip(here: Deployment, subject: str, *, by: str, at: dt.datetime) -> bytes:
    """The certified copy of a subject as one ZIP file."""
    with TemporaryDirectory(prefix="cartrial-copy-") as temporary:
        write_copy(here, copied(subject, by=by, at=at), Path(temporary))
        return zipped(Path(temporary))


def write_copy(here: Deployment, whole: Copied, folder: Path) -> None:
    """Write the certified copy of a subject into a folder."""
    for form, held in whole.held.items():
        files.write_text(folder / RECORDS / f"{form}.csv", _records(form, held))
    files.write_bytes(folder / PAPER, typeset(TEMPLATE, page_of(here, whole), ROOM))
    write_csv(whole.entries, folder / TRAIL)
    write_manifest(
        folder,
        {
            "made_by": MADE_BY,
            "study": here.study.id,
            "subject": whole.subject,
            "copied_at": clock.stamp(whole.at),
            "copied_by": whole.by,
            "chain_head": f"{whole.head.seq}:{whole.head.hash}",
        },
    )


def write_manifest(folder: Path, about: Mapping[str, Any]) -> None:
    """Write what a folder is, and the SHA-256 of every file in it."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    listed = [
        {"path": path.relative_to(folder).as_posix(), "sha256": hash_of(path.read_bytes())}
        for path in paths
        if path != folder / MANIFEST
    ]
    files.write_json(folder / MANIFEST, {**about, "files": listed})


def hash_of(content: bytes) -> str:
    """The SHA-256 of a file."""
    return sha256(content).hexdigest()


def _records(form: str, held: Iterable[Held]) -> str:
    columns = [column.name for column in s.columns(CAPTURED[form])]
    rows = (
        {**one.row.cells, "voided": "yes" if one.voided else "no", "newest_entry": one.seq}
        for one in held
    )
    text = StringIO()
    writer = csv.DictWriter(text, [*columns, *MARKS], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
