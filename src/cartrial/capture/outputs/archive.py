"""The certified copies of all subjects and the whole audit trail, to keep outside the application.

subjects/       the certified copy of each
trail.csv       every entry, with verify_trail.py, which needs Python alone
odm.xml         every record that stands, with the definition of the forms (CDISC ODM 1.3.2)
study.yaml      the study file
Containerfile   how to build what ran, and installed.txt with the version of each part
manifest.json   what it is of, and the SHA-256 of each file

Source: ICH E6(R3) 3.16.1; EMA, computerised systems in clinical trials (2023): the investigator has
    a contemporaneous copy that needs neither the sponsor nor this software; data, context and trail
    stay together when a system is left.
"""

import datetime as dt
import json
from importlib.metadata import distributions
from importlib.resources import files as resources
from pathlib import Path
from platform import python_version

from cartrial import files
from cartrial.capture.deployment import Deployment
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.read import Head, head, subjects
from cartrial.capture.ledger.verify import entries
from cartrial.capture.ledger.write import SOFTWARE, Actor, writing
from cartrial.capture.outputs.certified import (
    MANIFEST,
    TRAIL,
    copied,
    write_copy,
    write_manifest,
)
from cartrial.capture.outputs.odm import write_trial
from cartrial.capture.trail.export import write_csv
from cartrial.errors import OutputError
from cartrial.protocol.read import FILE

MADE_BY = "cartrial archive"
VERIFIER, ODM = "verify_trail.py", "odm.xml"
ROOM, RECIPE = "cartrial.capture.outputs", "container.txt"


def write_archive(here: Deployment, folder: Path, actor: Actor, at: dt.datetime) -> Head:
    """Write the archive, in the place of an earlier one; the head that it holds."""
    _check_free(folder)
    with writing(actor) as ledger:
        ledger.add(action.EXPORT, content={"product": "archive", "folder": folder.name})
    last = head()
    with files.writing_folder(folder) as fresh:
        for subject in subjects():
            whole = copied(subject, by=actor.name, at=at)
            write_copy(here, whole, fresh / "subjects" / subject)
        write_csv((one for one in entries() if one["seq"] <= last.seq), fresh / TRAIL)
        verifier = resources("cartrial.capture.trail") / VERIFIER
        files.write_bytes(fresh / VERIFIER, verifier.read_bytes())
        write_trial(here, fresh / ODM, at, last)
        files.write_bytes(fresh / FILE, here.study_file.read_bytes())
        _write_software(fresh)
        write_manifest(
            fresh,
            {
                "made_by": MADE_BY,
                "study": here.study.id,
                "copied_at": clock.stamp(at),
                "copied_by": actor.name,
                "chain_head": f"{last.seq}:{last.hash}",
                "software": SOFTWARE,
                "python": python_version(),
                "verify": f"python {VERIFIER} {TRAIL} --head {last.seq}:{last.hash}",
            },
        )
    return last


def _write_software(folder: Path) -> None:
    """Write how to build what ran, and every package that is installed here, with its version."""
    files.write_text(folder / "Containerfile", (resources(ROOM) / RECIPE).read_text("utf-8"))
    found = {f"{one.name}=={one.version}" for one in distributions()}
    lines = (f"{line}\n" for line in sorted(found, key=str.lower))
    files.write_text(folder / "installed.txt", "".join(lines))


def _check_free(folder: Path) -> None:
    if not folder.exists() or not any(folder.iterdir()):
        return
    try:
        earlier = json.loads((folder / MANIFEST).read_text("utf-8")).get("made_by") == MADE_BY
    except (FileNotFoundError, ValueError, AttributeError):
        earlier = False
    if not earlier:
        raise OutputError(
            f"{folder}: must be free or hold an earlier archive, got something else. "
            "Name another folder"
        )
