"""Make the database ready to serve, or say why it must not be served."""

import sqlite3  # the settings put pysqlite3 in its place
from dataclasses import dataclass

from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, connection, connections
from django.db.migrations.exceptions import MigrationSchemaMissing
from django.db.migrations.executor import MigrationExecutor

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import action, grants, triggers
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Head, content, head
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.serve import anchor, sqlite
from cartrial.capture.trail.verify_trail import entry_hash, sha256
from cartrial.errors import DataError

TRIGGERS = "triggers"  # what an entry of a migration calls them


@dataclass(frozen=True)
class Prepared:
    """What a start found."""

    database: str
    head: Head
    remarks: tuple[str, ...]


def prepare() -> Prepared:
    """Make the database ready; refuse one whose triggers or chain are not whole.

    What is made or upgraded is an entry, with the SHA-256 of every trigger; so a trigger that was
    removed or altered since is told from one that a newer version brings.
    """
    (deployment().home / "static").mkdir(exist_ok=True)
    remarks = [_version()]
    _reach()
    known = _known_triggers()
    _check_triggers(known)
    pending = _pending()
    if pending or triggers.absent():
        _migrate()
    _refuse([*triggers.absent(), *_pending()])
    if pending or known != _triggers():
        with writing(SOFTWARE_ITSELF) as ledger:
            ledger.add(action.SYSTEM, content={"migrated": pending, TRIGGERS: _triggers()})
    last = check_head()
    anchor.keep(deployment().home, "started", last)
    return Prepared(_named(), last, tuple(remark for remark in remarks if remark))


def check_grants() -> None:
    """Refuse to grant where there are no roles."""
    if connection.vendor != "postgresql":
        raise DataError("--grant: must be for PostgreSQL, got SQLite")


def grant(role: str) -> None:
    """Give the application's role on PostgreSQL what it needs, and no more."""
    check_grants()
    with connection.cursor() as cursor:
        for statement in grants.grants(role):
            cursor.execute(statement)


def must_be_ready() -> None:
    """Refuse a database that cannot be reached, or that an upgrade has to reach first."""
    _reach()
    if _pending():
        raise DataError(
            "the database: must be of this version of cartrial, got an earlier one. "
            "`cartrial web STUDY` upgrades it"
        )


def close() -> None:
    """Close every connection, before another process is begun."""
    connections.close_all()


def check_head() -> Head:
    """The head of the chain; refused where it is not what was seen before."""
    here, last = deployment().home, head()
    for seq, hash_ in anchor.kept(here).items():
        there = Entry.objects.filter(seq=seq).first()
        if there is None or there.hash != hash_:
            got = f"a chain of {last.seq}" if there is None else "another hash"
            raise DataError(
                f"the chain: must hold entry {seq} as it was seen before ({anchor.FILE}), "
                f"got {got}. After a restore use `cartrial web restore`; else `cartrial web verify`"
            )
    entry = Entry.objects.filter(seq=last.seq).first()
    if entry is not None and entry_hash(entry.fields()) != entry.hash:
        raise DataError(
            f"the chain: entry {last.seq} must have the hash of its fields, got another. "
            "See `cartrial web verify`"
        )
    return last


def _version() -> str:
    if connection.vendor != "sqlite":
        return ""
    return sqlite.remark(sqlite3.sqlite_version_info)


def _reach() -> None:
    try:
        connection.ensure_connection()
    except DatabaseError as fault:
        said = str(fault).splitlines()[0]
        raise DataError(f"the database: must be reachable and whole, got {said}") from None


def _pending() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label} {migration.name}" for migration, _ in plan]


def _migrate() -> None:
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except (ProgrammingError, MigrationSchemaMissing) as fault:
        said = str(fault).splitlines()[0]
        raise DataError(
            f"the database: must be made or upgraded by the owner of its tables, got {said}. "
            "As the owner: `cartrial web migrate`"
        ) from None


def _triggers() -> dict[str, str]:
    """The SHA-256 of each trigger in the database, by name."""
    return {name: sha256(text) for name, text in sorted(triggers.there().items())}


def _known_triggers() -> dict[str, str]:
    """The triggers as they were when the database was last made or upgraded."""
    if "entry" not in connection.introspection.table_names():
        return {}
    for entry in Entry.objects.filter(action=action.SYSTEM).order_by("-seq"):
        known = (content(entry) or {}).get(TRIGGERS)
        if isinstance(known, dict):
            return known
    return {}


def _check_triggers(known: dict[str, str]) -> None:
    now = _triggers() if known else {}
    _refuse([name for name, hash_ in known.items() if now.get(name) != hash_])


def _refuse(absent: list[str]) -> None:
    if absent:
        raise DataError(
            f"the database: must have every trigger of the ledger, got none or another for "
            f"{', '.join(absent)}. {triggers.REMEDY}"
        )


def _named() -> str:
    if connection.vendor == "sqlite":
        return str(deployment().home / "trial.sqlite3")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
    return f"PostgreSQL {version}, database {connection.settings_dict['NAME']}"
