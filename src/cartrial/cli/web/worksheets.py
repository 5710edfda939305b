"""`cartrial web worksheets`: what a ward writes on when the system is down."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial.capture.serve.stand import stand
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.cli.web.place import Home, Study


def worksheets(
    study: Study,
    out: Annotated[Path, option("out", "DIR", "Folder to write into.")],
    days: Annotated[
        int, typer.Option(min=0, metavar="N", help="Visits whose window opens within N days.")
    ] = 30,
    home: Home = None,
) -> None:
    """Write the worksheets of the visits to come, for when the system is down.

    For each subject a PDF of its next visits that are still to be held, with dates and windows,
    and one of every form blank. The server may run meanwhile. Print them before they are needed.
    """
    stand(study, home=home, there=True)
    from cartrial.capture.deployment import deployment
    from cartrial.capture.serve.importing import console
    from cartrial.capture.serve.prepare import must_be_ready
    from cartrial.capture.worksheet.binder import write_binder

    must_be_ready()
    with doing("writing worksheets"):
        written = write_binder(deployment(), out, console(), days=days)
    for path in written:
        typer.echo(path)
