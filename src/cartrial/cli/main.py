"""`cartrial`: the command line. Each command is read only when it is called.

To add a command: write its module with a function of its name, and add one line to `COMMANDS`.
"""

import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from cartrial.errors import OutputError, TrialError

# The words here are the first line of each command's help; a test holds them against it.
COMMANDS = {
    "simulate": "Simulate a trial that fills the forms, and write it as a study folder.",
    "new": "Write a study file to start from, or from a registry record.",
    "check": "Check a trial's data against their declarations and the study.",
    "report": "Analyse a trial and write its report as HTML and PDF.",
    "derive": "Derive a trial's analysis datasets (ADaM) and write them.",
    "recommend": "Recommend the dose of the next cohort.",
}


PLAIN: dict[str, Any] = {
    "add_completion": False,
    "rich_markup_mode": "markdown",
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


class Commands(TyperGroup):
    """The commands by name; the list of them needs none of their modules."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands = {name: TyperCommand(name, help=line) for name, line in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command itself, its module now loaded."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, load(name) if found and name else found, rest


def load(name: str) -> Any:
    """A command from its module."""
    single = typer.Typer(**PLAIN)
    single.command(name)(getattr(import_module(f"cartrial.cli.{name}"), name))
    return get_command(single)


app = typer.Typer(cls=Commands, no_args_is_help=True, **PLAIN)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"cartrial {version('cartrial')}")
        raise typer.Exit


@app.callback()
def cartrial(
    shown: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Run and analyse an early-phase CAR-T trial from one study file."""


def run() -> None:
    """The command `cartrial`: a fault of the user's is one line and an exit code."""
    try:
        app()
    except TrialError as fault:
        typer.echo(f"cartrial: {fault}", err=True)
        sys.exit(fault.exit_code)
    except OSError as fault:
        place = fault.filename or "standard output"
        typer.echo(f"cartrial: {place}: must be writable, got {fault.strerror}", err=True)
        sys.exit(OutputError.exit_code)
