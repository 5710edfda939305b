"""A table of a command of `dose`, on a terminal within its width, elsewhere as wide as it is."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

WIDE = 200  # characters, where there is no terminal


def show(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print the table; its first column is of words, the others of numbers."""
    table = Table(box=None, padding=(0, 1), pad_edge=False)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    screen = Console(highlight=False)
    if not screen.is_terminal:
        screen.width = WIDE
    screen.print(table)
