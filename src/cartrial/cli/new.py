"""`cartrial new`: a study file to start from, with a blank file of each form beside it."""

import re
from pathlib import Path
from typing import Annotated

import typer

from cartrial import files
from cartrial import schema as s
from cartrial.errors import OutputError, StudyError
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.forms.folder import LOOK_UP, write_forms
from cartrial.grading.ctcae.look_up import look_up
from cartrial.protocol.new import LONGEST_ID, draft_study_file
from cartrial.protocol.read import FILE
from cartrial.protocol.registry_record import RegistryRecord, read_record

BLANK = "blank-forms"


def new(
    name: Annotated[
        str | None,
        typer.Argument(
            help="Folder to make; its name is the study's id (with a record: else its number).",
            show_default=False,
        ),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(
            "--from-record",
            metavar="FILE",
            help="Record of ClinicalTrials.gov: JSON of its API, or its CSV export of one study.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Write a study file to start from, or from a registry record.

    The file is commented and made to be edited. What a record says is marked registered, the rest
    keeps the template's values, marked assumed, and is listed as left to decide. A blank file of
    each form is put beside it, with the terms and grades of CTCAE to look up: fill those that the
    trial collects, in a folder called forms; or enter the trial in the browser (`cartrial web`).
    """
    registered = read_record(record) if record is not None else None
    called = name or (_number(registered) if registered else "")
    if not called:
        raise StudyError("a name must be given, got none. Write `cartrial new NAME`")
    folder = Path(called)
    draft = draft_study_file(folder.name[:LONGEST_ID] if name is None else folder.name, registered)
    if folder.exists():
        raise OutputError(f"{folder}: must be a new folder, got one that exists. Name another one")
    with files.writing_folder(folder) as place:
        files.write_text(place / FILE, draft.text)
        write_forms(Forms({form: s.empty(table) for form, table in FORMS.items()}), place / BLANK)
        files.write_csv(place / BLANK / LOOK_UP, look_up({}))
    typer.echo(folder / FILE)
    typer.echo("\nLeft to decide:")
    for line in draft.left:
        typer.echo(f"  {line}")
    typer.echo(f"\nBlank forms: {folder / BLANK}. Fill those you collect in {folder / 'forms'},")
    typer.echo(f"or enter the trial in the browser: cartrial web {folder}")


def _number(record: RegistryRecord) -> str:
    """The record's number as the name of a folder; nothing where it is no such name."""
    return record.number if re.fullmatch(r"[A-Za-z0-9-]+", record.number) else ""
