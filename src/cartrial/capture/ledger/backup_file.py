"""A backup as a file: whether it is whole, and the entries that it holds.

Nothing of Django is needed for it, so that a wrong file is told before a home is made for it.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cartrial.errors import DataError

if TYPE_CHECKING:
    import sqlite3


def entries_of(database: Path) -> list[tuple[int, str]]:
    """The number and hash of every entry in a database file."""
    with _reading(database) as copy:
        return list(copy.execute("SELECT seq, hash FROM entry ORDER BY seq"))


def check(database: Path) -> None:
    """Refuse what is no whole database of a trial."""
    with _reading(database) as copy:
        (said,) = copy.execute("PRAGMA integrity_check").fetchone()
        if said != "ok":
            raise DataError(f"{database}: must be a whole database, got {said}")


@contextmanager
def _reading(database: Path) -> "Iterator[sqlite3.Connection]":
    import sqlite3  # that which the settings put in its place, once they did

    if not database.is_file():
        raise DataError(f"{database}: must be a backup of the trial, got no such file")
    try:
        with closing(sqlite3.connect(str(database))) as copy:
            copy.execute("SELECT 1 FROM entry LIMIT 1")
            yield copy
    except sqlite3.DatabaseError as fault:
        raise DataError(f"{database}: must be a backup of the trial, got {fault}") from None
