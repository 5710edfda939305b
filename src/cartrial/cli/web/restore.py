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
        Path | None,
        typer.Argument(
            metavar="[BACKUP]", help="File of a backup; none on PostgreSQL.", show_default=False
        ),
    ] = None,
    home: Home = None,
) -> None:
    """Put a backup in the place of the database, and prove it.

    The server must be stopped. The database that stood there is kept beside it. Every entry is
    compared with the backup and the whole ledger is verified; the restore is an entry that names
    both heads. PostgreSQL is restored with its own tools; without BACKUP the same is then proved
    and entered.
    """
    if backup is not None:
        check(backup)  # before a home is made for it
    stand(study, home=home, there=backup is None)
    from cartrial.capture.serve import restoring

    done = restoring.enter_restored() if backup is None else restoring.restore(backup)
    for finding in done.verified.findings:
        typer.echo(finding)
    if done.lost:
        where = "in the database that is kept beside it alone" if backup else "not restored"
        typer.echo(f"Entries after {done.head.short}, {where}: {done.lost}")
    whole = "NOT WHOLE" if done.verified.findings else "whole"
    typer.echo(f"{done.head.seq} entries restored, head {done.verified.head.short}: {whole}")
    if done.verified.findings:
        raise typer.Exit(1)
