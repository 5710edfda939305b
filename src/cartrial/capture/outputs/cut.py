"""A data cut: the forms as they stand at a head of the chain, to be analysed up to a date.

The cut is an entry that holds the head, the SHA-256 of every form and of the study file; so any
output that is shown later can be held against it.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from shutil import rmtree
from typing import Any

from cartrial import files
from cartrial.capture.deployment import Deployment
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Snapshot, content
from cartrial.capture.ledger.write import Actor, writing
from cartrial.capture.outputs.order import FORMS, Order, study_files, write_order
from cartrial.forms.folder import NEEDED, write_forms
from cartrial.protocol.read import FILE

FOLDER = "outputs"


@dataclass(frozen=True)
class Cut:
    """A data cut as its entry tells it."""

    number: int  # of its entry
    at: str
    by: str
    date: dt.date
    purpose: str
    head: str
    software: str
    study_sha256: str
    forms: Mapping[str, Mapping[str, str]]  # rows and SHA-256 of each


def make_cut(here: Deployment, actor: Actor, date: dt.date, purpose: str) -> Cut:
    """Enter a data cut, and write the folder that its outputs are made in."""
    today = clock.now().astimezone(here.zone).date()
    if date > today:
        raise Refused(f"data cut: must not lie after today, {today}, got {date}")
    if not purpose.strip():
        raise Refused("purpose: must be given for a data cut, got nothing")
    with writing(actor) as ledger:
        forms, at = Snapshot().forms()
        if NEEDED not in forms.tables:
            raise Refused("data cut: must hold a subject, got none")
        folder = folder_of(here, ledger.seq + 1)
        rmtree(folder, ignore_errors=True)
        write_forms(forms, folder / FORMS)
        _copy_study(here.study_file, folder)
        said = {
            "date": f"{date}",
            "purpose": purpose.strip(),
            "head": f"{at.seq}:{at.hash}",
            "study_sha256": here.study_sha256,
            "forms": {
                path.stem: {"rows": f"{forms.tables[path.stem].height}", "sha256": _hash(path)}
                for path in sorted((folder / FORMS).iterdir())
            },
        }
        write_order(folder, Order(date, today, secrets.token_hex(16)))
        entry = ledger.add(action.CUT, content=said)
    return _cut(entry, said)


def cuts() -> list[Cut]:
    """Every data cut, newest first."""
    found = Entry.objects.filter(action=action.CUT).select_related("content").order_by("-seq")
    return [_cut(entry, said) for entry in found if (said := content(entry)) is not None]


def cut_of(number: int) -> Cut | None:
    """The data cut of an entry, or null."""
    return next((cut for cut in cuts() if cut.number == number), None)


def folder_of(here: Deployment, number: int) -> Path:
    """Where the outputs of a cut stand."""
    return here.home / FOLDER / str(number)


def altered(here: Deployment, cut: Cut) -> list[str]:
    """The forms in the folder of a cut that are not as its entry says."""
    forms = folder_of(here, cut.number) / FORMS
    return [
        name
        for name, said in cut.forms.items()
        if not (forms / f"{name}.csv").is_file() or _hash(forms / f"{name}.csv") != said["sha256"]
    ]


def _cut(entry: Entry, said: Mapping[str, Any]) -> Cut:
    return Cut(
        number=entry.seq,
        at=entry.at,
        by=entry.name,
        date=dt.date.fromisoformat(said["date"]),
        purpose=said["purpose"],
        head=said["head"],
        software=entry.software,
        study_sha256=said["study_sha256"],
        forms=said["forms"],
    )


def _copy_study(file: Path, folder: Path) -> None:
    """The study file and what belongs to it, so that the folder is a study folder of its own."""
    for path in study_files(file.parent):
        below = path.relative_to(file.parent)
        if path != file and below.parts[0] != FORMS:
            files.write_bytes(folder / below, path.read_bytes())
    files.write_bytes(folder / FILE, file.read_bytes())


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
