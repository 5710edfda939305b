"""`cartrial web archive`: certified copies that need no cartrial to be read."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial.capture.serve.stand import stand
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.cli.web.place import Home, Study


def archive(
    study: Study,
    out: Annotated[Path, option("out", "DIR", "Folder to write into.")],
    home: Home = None,
) -> None:
    """Write the certified copy of every subject, to keep outside the application.

    For each subject a PDF of all records with their history, signatures and queries, and the same
    as CSV; the whole audit trail with a verifier that needs Python alone; every record as CDISC
    ODM; how to build the software that held them; and a manifest with the SHA-256 of each file. The
    server may run meanwhile. The investigator keeps it.
    """
    stand(study, home=home, there=True)
    from cartrial.capture.deployment import deployment
    from cartrial.capture.ledger import clock
    from cartrial.capture.outputs.archive import write_archive
    from cartrial.capture.serve.importing import console
    from cartrial.capture.serve.prepare import must_be_ready

    must_be_ready()

    with doing("writing certified copies"):
        head = write_archive(deployment(), out, console(), clock.now())
    typer.echo(f"{out}: chain head {head.seq}:{head.hash}")
