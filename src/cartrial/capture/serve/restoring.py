"""Put a backup in the place of the database, and prove what was restored.

PostgreSQL is restored by its own tools; what is left to do here is to say so in the chain, and that
heads which were seen after that moment no longer bind.
"""

from dataclasses import dataclass
from pathlib import Path

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import action, backup
from cartrial.capture.ledger.backup_file import entries_of
from cartrial.capture.ledger.read import Head, head
from cartrial.capture.ledger.verify import Verified, verify
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.serve import anchor, prepare, server
from cartrial.capture.trail.verify_trail import FIRST
from cartrial.errors import DataError, OutputError


@dataclass(frozen=True)
class Restored:
    """What a restore did: the head of the backup, the last one seen before, what was found."""

    head: Head
    before: Head
    verified: Verified

    @property
    def lost(self) -> int:
        """How many entries were seen before that the backup does not hold."""
        return max(0, self.before.seq - self.head.seq)


def restore(source: Path) -> Restored:
    """Restore the database of this deployment; the one that stood there is kept beside it."""
    here = deployment()
    if here.database_url:
        raise OutputError(
            "the database must be SQLite to be restored from a file, got PostgreSQL. Restore it "
            "with its own tools, then enter that: `cartrial web restore STUDY`"
        )
    server.check_stopped(here.home)
    target = here.home / "trial.sqlite3"
    wanted = entries_of(source)
    there = _there(target)
    prepare.close()
    backup.restore(source, target)
    if entries_of(target) != wanted:
        raise DataError(f"{target}: must hold the entries of {source}, got others")
    return _entered(_last(wanted), _last(there), source.name)


def enter_restored() -> Restored:
    """Enter that PostgreSQL's own tools restored the database; the heads seen later are told."""
    here = deployment()
    if not here.database_url:
        raise OutputError("BACKUP: must be the file of a backup on SQLite, got none")
    server.check_stopped(here.home)
    prepare.must_be_ready()
    seen = sorted(anchor.kept(here.home).items())
    return _entered(head(), _last(seen), "")


def _entered(at: Head, before: Head, file: str) -> Restored:
    """Let later heads bind no more, enter the restore, and verify what there is."""
    home = deployment().home
    anchor.keep(home, anchor.RESTORED, at)
    prepare.prepare()
    with writing(SOFTWARE_ITSELF) as ledger:
        said = {"head": _said(at), "before": _said(before), "file": file}
        ledger.add(action.RESTORED, content={name: text for name, text in said.items() if text})
    anchor.keep(home, "started", head())
    return Restored(at, before, verify(anchor.kept(home)))


def _there(database: Path) -> list[tuple[int, str]]:
    """The entries of the database that is replaced; none of one that cannot be read."""
    try:
        return entries_of(database) if database.exists() else []
    except DataError:
        return []


def _last(entries: list[tuple[int, str]]) -> Head:
    return Head(*entries[-1]) if entries else Head(0, FIRST)


def _said(at: Head) -> str:
    return f"{at.seq}:{at.hash}"
