"""An option of a command that nothing stands in for."""

from typing import Any

import typer


def option(name: str, metavar: str, help_: str) -> Any:
    """The option `--name`, without a default to show."""
    return typer.Option(f"--{name}", metavar=metavar, help=help_, show_default=False)
