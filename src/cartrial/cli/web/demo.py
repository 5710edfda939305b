"""`cartrial web demo`: a simulated trial in the browser."""

import datetime as dt
import os
import secrets
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from cartrial import files
from cartrial.capture.serve import server
from cartrial.capture.serve.stand import stand
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.cli.web.place import LOOPBACK, Port
from cartrial.errors import StudyError
from cartrial.protocol.read import FILE, packaged_text

HOME = "web"
NOT_HERE = tuple(  # of a server that others reach
    f"CARTRIAL_{name}" for name in ("HOSTS", "HTTPS", "MFA", "MAIL_URL", "MAIL_TO")
)


def demo(
    subjects: Annotated[int, typer.Option(min=1, metavar="N", help="Subjects to infuse.")] = 18,
    seed: Annotated[int, typer.Option(min=0, metavar="S", help="The same seed, same trial.")] = 1,
    port: Port = 8000,
    folder: Annotated[
        Path | None,
        option("folder", "DIR", "Folder to keep it in; without it, one that goes in the end."),
    ] = None,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="Make it in --folder, and do not serve it.")
    ] = False,
) -> None:
    """Show a simulated trial in the browser, with an account of every role.

    The simulated data run up to today. Every page says that it is a demonstration, and it answers
    on this machine alone. Its accounts are named after their roles; the password is printed.
    """
    if os.environ.get("CARTRIAL_DATABASE_URL"):
        raise StudyError("CARTRIAL_DATABASE_URL: must be absent for a demonstration, got one")
    if no_serve and folder is None:
        raise typer.BadParameter("--no-serve must have --folder DIR, got none")
    for name in NOT_HERE:
        os.environ.pop(name, None)
    if folder is not None:
        _show(folder, subjects, seed, port, serve=not no_serve)
        return
    with TemporaryDirectory(prefix="cartrial-demo-") as temporary:
        _show(Path(temporary), subjects, seed, port, serve=True)


def _show(folder: Path, subjects: int, seed: int, port: int, *, serve: bool) -> None:
    if not (folder / FILE).exists():
        files.write_text(folder / FILE, packaged_text())
    if serve:
        server.check_free(LOOPBACK, port)
    with doing(f"simulating {subjects} subjects"):
        password = _fill(folder, subjects, seed)
    typer.echo(f"Demonstration of {subjects} simulated subjects, seed {seed}, in {folder}")
    if not serve:
        typer.echo(f"Serve it: cartrial web serve {folder}")
    say_accounts(password)
    if serve:
        held = server.take(folder / HOME)
        typer.echo(f"http://{LOOPBACK}:{port}/ until Ctrl+C")
        raise typer.Exit(server.wait_for(server.words(folder / HOME, LOOPBACK, port, 1), held))


def _fill(folder: Path, subjects: int, seed: int) -> str:
    home = folder / HOME
    stand(folder, home=home, demo=True)
    from cartrial.capture.deployment import deployment
    from cartrial.capture.ledger.centre import here
    from cartrial.capture.serve import begun, demonstration, prepare

    password = demonstration.mark(home, secrets.token_urlsafe(9))
    prepare.prepare()
    entered = demonstration.fill(
        deployment().study, password, subjects=subjects, seed=seed, today=dt.date.today()
    )
    if entered:
        begun.begin(here())
    prepare.close()
    return password


def say_accounts(password: str) -> None:
    """Print the accounts of a demonstration and their password."""
    from cartrial.capture.people.permission import ROLES

    typer.echo(f"Accounts: {', '.join(ROLES)}")
    typer.echo(f"Password of each: {password}")
