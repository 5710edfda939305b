"""`cartrial web STUDY`: the trial in the browser."""

from typing import Annotated

import typer

from cartrial.capture.serve.stand import stand
from cartrial.cli.web.demo import say_accounts
from cartrial.cli.web.place import LOOPBACK, Home, Port, Study


def serve(
    study: Study,
    port: Port = 8000,
    home: Home = None,
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Address to answer on.")
    ] = LOOPBACK,
    workers: Annotated[
        int,
        typer.Option("--workers", metavar="N", min=1, help="Processes; 1 on SQLite."),
    ] = 1,
) -> None:
    """Run the trial in the browser; `cartrial web STUDY` is short for it.

    Creates and migrates the database, and prints a one-time link for the first administrator. A
    database whose triggers or chain are not whole is not served. It answers on this machine alone;
    see `docs/how-to/deploy.md` for a server that others reach.
    """
    stand(study, home=home)
    from cartrial.capture.deployment import MARK, deployment
    from cartrial.capture.serve import prepare, server

    here = deployment()
    server.check_address(here, host, workers)
    server.check_free(host, port)
    server.take(here.home)
    made = prepare.prepare()
    link = _first_link()
    prepare.close()
    for remark in made.remarks:
        typer.echo(f"cartrial: {remark}", err=True)
    typer.echo(f"{here.study.id}: {made.database}, chain head {made.head.short}")
    place = server.address(here, host, port)
    typer.echo(f"{place}/")
    if here.demo:
        say_accounts((here.home / MARK).read_text("utf-8").strip())
    elif link:
        typer.echo(f"First administrator, once: {place}{link}")
    server.become(server.words(here.home, host, port, workers))


def _first_link() -> str | None:
    from cartrial.capture.people.proof.invitation import first_administrator_link

    return first_administrator_link()
