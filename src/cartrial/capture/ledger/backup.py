"""Backups that are whole, and a restore that is proven by comparison.

A backup of SQLite goes through its backup API: a copied file lacks what still stands in the
write-ahead log. PostgreSQL is backed up by its own tools (`pg_dump`, and archiving of its log).
"""

import sqlite3
from contextlib import closing
from itertools import chain, count
from pathlib import Path

from django.db import connection

from cartrial.capture.ledger import action
from cartrial.capture.ledger.backup_file import check
from cartrial.capture.ledger.read import Head, head
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.errors import OutputError
from cartrial.files import read_bytes, write_bytes

ONLY_SQLITE = "must be SQLite to be backed up here, got PostgreSQL. Use pg_dump"


def backup(target: Path) -> Head:
    """Write the whole database into one file; the head that it holds. The backup is entered."""
    if connection.vendor != "sqlite":
        raise OutputError(f"the database {ONLY_SQLITE}")
    temporary = target.with_name(f".{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary.touch()  # a place that cannot be written is told before a backup is entered
    at = head()
    with writing(SOFTWARE_ITSELF) as ledger:
        ledger.add(action.BACKUP, content={"head": f"{at.seq}:{at.hash}", "file": target.name})
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(str(temporary))) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        check(temporary)
        temporary.replace(target)
    except sqlite3.Error as fault:
        raise OutputError(f"{target}: must be writable, got {fault}") from None
    finally:
        temporary.unlink(missing_ok=True)
    return head()


def restore(source: Path, target: Path) -> None:
    """Put a backup in the place of a database; the one that stood there is kept beside it."""
    check(source)
    kept = _free(target.with_name(f"{target.name}.before-restore"))
    for end in ("-wal", ""):  # a log that a crash left is a part of it
        if (there := target.with_name(target.name + end)).exists():
            there.replace(kept.with_name(kept.name + end))
    target.with_name(f"{target.name}-shm").unlink(missing_ok=True)
    write_bytes(target, read_bytes(source))


def _free(place: Path) -> Path:
    """The place, or the first with a number behind it where nothing stands."""
    numbered = (place.with_name(f"{place.name}-{number}") for number in count(2))
    return next(one for one in chain((place,), numbered) if not one.exists())
