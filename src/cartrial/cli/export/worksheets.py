"""`cartrial export worksheets`: the forms on paper, to be written on."""

from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from cartrial import files
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.protocol.read import FILE, read_study


def worksheets(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="Study file or folder.", show_default=False)
    ],
    out: Annotated[Path, option("out", "FILE", "PDF to write.")],
    form: Annotated[
        list[str] | None, option("form", "NAME", "A form, repeatable; every form without it.")
    ] = None,
    subject: Annotated[str, option("subject", "KEY", "Subject to print on each page.")] = "",
) -> None:
    """Write the forms as worksheets on which a ward writes by hand.

    Each form with units, limits, boxes to tick, and lines for who wrote it and when. Visits with
    their dates need the trial's database: `cartrial web worksheets`.
    """
    from cartrial.capture.ledger.row import CAPTURED, SUBJECT_KEY, SUBJECT_MUST
    from cartrial.capture.worksheet import worksheet
    from cartrial.capture.worksheet.sheet import blank

    asked = form or list(CAPTURED)
    odd = next((name for name in asked if name not in CAPTURED), None)
    if odd is not None:
        raise typer.BadParameter(f"--form must be one of {', '.join(CAPTURED)}, got {odd}")
    if subject and not SUBJECT_KEY.fullmatch(subject):
        raise typer.BadParameter(f"--subject {SUBJECT_MUST}, got {subject}")
    trial = read_study(study)
    file = study / FILE if study.is_dir() else study
    printed = worksheet.Printed(sha256(file.read_bytes()).hexdigest())
    with doing("writing worksheets"):
        files.write_bytes(out, worksheet.worksheets(trial, blank(asked, subject), printed))
    typer.echo(out)
