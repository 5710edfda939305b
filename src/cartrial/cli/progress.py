"""What a command is doing, shown on standard error while it lasts, and only on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def doing(what: str) -> Iterator[None]:
    """Say what is being done until it is done."""
    screen = Console(stderr=True)
    if not screen.is_terminal:
        yield
        return
    with screen.status(f"{what} ..."):
        yield


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that is told how many parts are done, and of how many; none before it is told."""
    screen = Console(stderr=True)
    with Progress(console=screen, disable=not screen.is_terminal, transient=True) as bar:
        task = bar.add_task(what, visible=False)
        yield lambda done, all_: bar.update(task, completed=done, total=all_, visible=True)
