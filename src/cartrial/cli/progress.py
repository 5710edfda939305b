"""What a command is doing, shown on standard error while it lasts, and only on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Say what is being done until it is done."""
    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield
        return
    with screen.status(f"{what} ..."):
        yield
