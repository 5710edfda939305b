"""`cartrial web restore`: a backup in the place of the database."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial.capture.ledger.backup_file import check
from cartrial.capture.serve.stand import stand
from cartrial.cli.web.place import Home, Study


def restore(
    study: Study,
    backup: Annotated[
        Path, typer.Argument(metavar="BACKUP", help="File of a backup.", show_default=False)
    ],
    home: Home = None,
) -> None:
    """Put a backup in the place of the database, and prove it.

    The server must be stopped. The database that stood there is kept beside it. Every entry is
    compared with the backup and the whole ledger is verified; the restore is an entry that names
    both heads.
    """
    check(backup)  # before a home is made for it
    stand(study, home=home)
    from cartrial.capture.serve import restoring

    done = restoring.restore(backup)
    for finding in done.verified.findings:
        typer.echo(finding)
    if done.lost:
        after = f"after {done.head.short}"
        typer.echo(f"Entries {after}, in the database that is kept beside it alone: {done.lost}")
    whole = "NOT WHOLE" if done.verified.findings else "whole"
    typer.echo(f"{done.head.seq} entries restored, head {done.verified.head.short}: {whole}")
    if done.verified.findings:
        raise typer.Exit(1)
