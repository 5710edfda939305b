"""`cartrial web migrate`: the tables, made by their owner."""

from typing import Annotated

import typer

from cartrial.capture.serve.stand import stand
from cartrial.cli.web.place import Home, Study


def migrate(
    study: Study,
    home: Home = None,
    grant: Annotated[
        str | None,
        typer.Option(
            "--grant",
            metavar="ROLE",
            help="The application's role on PostgreSQL: it gets what it needs, and no more.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Create or upgrade the tables as the role that owns them (PostgreSQL).

    For PostgreSQL with two roles: the owner, named in CARTRIAL_DATABASE_URL for this command alone,
    migrates; the application's role only adds entries and reads them. On SQLite, and with one
    role, `cartrial web STUDY` does the same by itself.
    """
    stand(study, home=home)
    from cartrial.capture.serve import prepare

    if grant is not None:
        prepare.check_grants()  # before anything is made
    made = prepare.prepare()
    if grant is not None:
        prepare.grant(grant)
    prepare.close()
    typer.echo(f"{made.database}, chain head {made.head.short}")
