"""`cartrial web backup`: the whole database as one file."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial.capture.serve.stand import stand
from cartrial.cli.option import option
from cartrial.cli.web.place import Home, Study


def backup(
    study: Study,
    out: Annotated[Path, option("out", "FILE", "File to write; it must not be there yet.")],
    home: Home = None,
) -> None:
    """Write a backup of the database, whole and checked.

    The server may run meanwhile. The backup is an entry of the chain, and is in the backup. Try
    now and then whether it can be restored: `cartrial web restore` into another home.
    """
    stand(study, home=home, there=True)
    from cartrial.capture.deployment import deployment
    from cartrial.capture.ledger import backup as ledger_backup
    from cartrial.capture.serve import anchor
    from cartrial.capture.serve.prepare import must_be_ready
    from cartrial.errors import OutputError

    if out.exists():
        raise OutputError(f"{out}: must be a new file, got one that is there")
    must_be_ready()
    head = ledger_backup.backup(out)
    anchor.keep(deployment().home, "backup", head)
    typer.echo(f"{out}: {head.seq} entries, head {head.seq}:{head.hash}")
