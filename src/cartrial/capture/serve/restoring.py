"""Put a backup in the place of the database, and prove what was restored."""

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
    """What a restore did: the head of the backup, the one before, and what was found."""

    head: Head
    before: Head
    verified: Verified

    @property
    def lost(self) -> int:
        """How many entries were there before that the backup does not hold."""
        return max(0, self.before.seq - self.head.seq)


def restore(source: Path) -> Restored:
    """Restore the database of this deployment; the one that stood there is kept beside it."""
    here = deployment()
    if here.database_url:
        raise OutputError(f"the database {backup.ONLY_SQLITE}")
    server.check_stopped(here.home)
    target = here.home / "trial.sqlite3"
    wanted = entries_of(source)
    there = _there(target)
    prepare.close()
    backup.restore(source, target)
    if entries_of(target) != wanted:
        raise DataError(f"{target}: must hold the entries of {source}, got others")
    at, before = _last(wanted), _last(there)
    anchor.keep(here.home, anchor.RESTORED, at)
    prepare.prepare()
    with writing(SOFTWARE_ITSELF) as ledger:
        content = {"head": _said(at), "before": _said(before), "file": source.name}
        ledger.add(action.RESTORED, content=content)
    anchor.keep(here.home, "started", head())
    return Restored(at, before, verify(anchor.kept(here.home)))


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
