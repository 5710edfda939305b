"""Lines for a terminal: as wide as it is, the rest of a line set in; whole where it is a pipe."""

import sys
from shutil import get_terminal_size
from textwrap import fill

import typer


def tell(line: str, *, inset: int = 2, err: bool = False) -> None:
    """Print one line."""
    stream = sys.stderr if err else sys.stdout
    if stream.isatty():
        width = get_terminal_size().columns
        line = fill(
            line,
            width=width,
            subsequent_indent=" " * (inset + 2),
            break_on_hyphens=False,
            break_long_words=False,
            replace_whitespace=False,
        )
    typer.echo(line, err=err)
