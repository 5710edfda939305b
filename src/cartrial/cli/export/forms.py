"""`cartrial export forms`: the case report forms on paper, annotated with SDTM."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial import files
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.protocol.read import read_study
from cartrial.report.submission.annotated_forms import annotated_forms


def forms(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="Study file or folder.", show_default=False)
    ],
    out: Annotated[Path, option("out", "FILE", "PDF to write.")],
) -> None:
    """Write the case report forms as PDF, annotated with SDTM.

    Each form begins a page and has a bookmark; beside each field stands the variable that holds
    it, as the mapping of forms to SDTM says. A field that stands in no dataset says so.
    """
    trial = read_study(study)
    with doing("writing the forms"):
        files.write_bytes(out, annotated_forms(trial))
    typer.echo(out)
