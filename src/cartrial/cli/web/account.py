"""`cartrial web account`: the way back in for an administrator."""

from typing import Annotated

import typer

from cartrial.capture.serve.stand import stand
from cartrial.cli.web.place import LOOPBACK, Home, Port, Study
from cartrial.errors import DataError


def account(
    study: Study,
    username: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of an administrator.", show_default=False)
    ],
    reason: Annotated[
        str,
        typer.Option("--reason", metavar="TEXT", help="Why; it is entered.", show_default=False),
    ],
    home: Home = None,
    port: Port = 8000,
    second_factors: Annotated[
        bool,
        typer.Option("--second-factors", help="Take the second factors away, not the password."),
    ] = False,
) -> None:
    """Print a one-time link by which an administrator sets a new password.

    For an administrator alone, when there is no other to help: all other accounts are helped by an
    administrator in the browser. It is entered, as done at the console.
    """
    stand(study, home=home, there=True)
    from cartrial.capture.deployment import deployment
    from cartrial.capture.people import account as accounts
    from cartrial.capture.people.models import Account
    from cartrial.capture.serve.importing import console
    from cartrial.capture.serve.prepare import must_be_ready
    from cartrial.capture.serve.server import address

    must_be_ready()
    found = Account.objects.filter(username=username, role="administrator").first()
    if found is None:
        raise DataError(f"{username}: must be an administrator, got no such account")
    if second_factors:
        accounts.revoke_second_factors(console(), found, reason)
        typer.echo(f"{username}: logs in with the password alone, and enrols again")
        return
    path = accounts.reset_password(console(), found, reason)
    typer.echo(f"Once, within a day: {address(deployment(), LOOPBACK, port)}{path}")
