"""The triggers that keep the ledger add-only, for SQLite and PostgreSQL.

Whatever road a write takes (the application, a shell, another program), an entry must be the next
one, hold the hash of the one before, be no earlier, have its reason, and not touch what is held.
Nothing is updated or deleted; the content of an entry can be blanked once its redaction is entered.

Reading: Django rebuilds a table on SQLite when a field changes, and drops its triggers in silence;
so they are installed again after each migration, and compared with their text before serving.
"""

from collections.abc import Mapping
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections

from cartrial.capture.ledger import action
from cartrial.capture.trail.verify_trail import FIRST

REMEDY = "Restore the database from a backup, or find out who removed it: `cartrial web verify`"


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _newest_hold(scope: str) -> str:
    """The newest hold or release of a scope of the new entry."""
    holds = (action.FREEZE, action.THAW, action.LOCK, action.UNLOCK)
    return (
        f"(SELECT action FROM entry WHERE action IN ({_listed(holds)}) AND {scope} "
        "ORDER BY seq DESC LIMIT 1)"
    )


TRIAL = "subject = '' AND form = ''"
SUBJECT = "subject = NEW.subject AND form = ''"
ROW = "subject = NEW.subject AND form = NEW.form AND key = NEW.key"
CLINICAL, WORK = _listed(action.CLINICAL), _listed((*action.CLINICAL, *action.DATA_WORK))
HELD = " OR ".join(
    f"{_newest_hold(scope)} IN ({_listed(action.HOLDS)})" for scope in (TRIAL, SUBJECT, ROW)
)
LOCKED = " OR ".join(f"{_newest_hold(scope)} = '{action.LOCK}'" for scope in (TRIAL, SUBJECT, ROW))
OUT_OF_ORDER = " OR ".join(
    f"(NEW.action = '{hold}' AND COALESCE({_newest_hold(ROW)}, '{action.THAW}') "
    f"NOT IN ({_listed(before)}))"
    for hold, before in action.AFTER.items()
)
LAST = "SELECT {} FROM entry ORDER BY seq DESC LIMIT 1"

# what must not be, before a row is inserted into `entry`, and what is then said
REFUSALS = (
    (f"NEW.seq <> COALESCE(({LAST.format('seq')}), 0) + 1", "an entry must be the next one"),
    (
        f"NEW.previous <> COALESCE(({LAST.format('hash')}), '{FIRST}')",
        "an entry must hold the hash of the one before",
    ),
    (f"NEW.at < COALESCE(({LAST.format('at')}), '')", "the clock went back"),
    (
        f"NEW.action IN ({_listed(action.REASONED)}) AND TRIM(NEW.reason) = ''",
        "a change must have its reason",
    ),
    (OUT_OF_ORDER, "holds and releases must be in order"),
    (f"NEW.action IN ({WORK}) AND ({LOCKED})", "it is locked"),
    (f"NEW.action IN ({CLINICAL}) AND ({HELD})", "it is frozen"),
)
REDACTED = (
    "NEW.text IS NULL AND NEW.seq = OLD.seq AND EXISTS (SELECT 1 FROM entry "
    f"WHERE action = '{action.REDACT}' AND key = CAST(OLD.seq AS TEXT))"
)
NEWEST_OF_RECORD = (
    "NEW.seq = (SELECT seq FROM entry WHERE subject = NEW.subject AND form = NEW.form "
    f"AND key = NEW.key AND action IN ({CLINICAL}) ORDER BY seq DESC LIMIT 1)"
)
KNOWN_ENTRY = (
    "EXISTS (SELECT 1 FROM entry WHERE seq = NEW.seq) "
    "AND NOT EXISTS (SELECT 1 FROM content WHERE seq = NEW.seq)"
)
SAME_NAME = "NEW.username = OLD.username AND NEW.id = OLD.id"
KEPT = ("entry", "content", "record", "account")
ADD_ONLY = "entries are only added, never changed or removed"
# name: (table, event, what must hold before it, what is said where it does not)
GUARDS: Mapping[str, tuple[str, str, str, str]] = {
    "entry_update": ("entry", "UPDATE", "", ADD_ONLY),
    "entry_delete": ("entry", "DELETE", "", ADD_ONLY),
    "content_insert": ("content", "INSERT", KNOWN_ENTRY, "content must be that of a new entry"),
    "content_update": ("content", "UPDATE", REDACTED, "content is blanked by a redaction alone"),
    "content_delete": ("content", "DELETE", "", ADD_ONLY),
    "record_insert": ("record", "INSERT", NEWEST_OF_RECORD, "a record must show its newest entry"),
    "record_update": ("record", "UPDATE", NEWEST_OF_RECORD, "a record must show its newest entry"),
    "record_delete": ("record", "DELETE", "", "a record is voided, never removed"),
    "account_update": ("account", "UPDATE", SAME_NAME, "a user name must stay that of its person"),
    "account_delete": ("account", "DELETE", "", "an account must be deactivated, never deleted"),
}


def sqlite() -> dict[str, str]:
    """The triggers of SQLite, by name."""
    cases = " ".join(f"WHEN {wrong} THEN RAISE(ABORT, '{said}')" for wrong, said in REFUSALS)
    made = {
        "entry_insert": "CREATE TRIGGER entry_insert BEFORE INSERT ON entry "
        f"BEGIN SELECT CASE {cases} END; END"
    }
    for name, (table, event, must, said) in GUARDS.items():
        when = f"WHEN NOT COALESCE({must}, FALSE) " if must else ""
        made[name] = (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
        )
    return made


def postgresql() -> dict[str, str]:
    """The functions of PostgreSQL's triggers, by name; each has a trigger of its name."""
    cases = " ".join(
        f"IF {wrong} THEN RAISE EXCEPTION '{said}'; END IF;" for wrong, said in REFUSALS
    )
    made = {"entry_insert": _function("entry_insert", f"{cases} RETURN NEW;")}
    for name, (_, event, must, said) in GUARDS.items():
        refuse = f"RAISE EXCEPTION '{said}';"
        row = "OLD" if event == "DELETE" else "NEW"
        body = f"IF NOT COALESCE({must}, FALSE) THEN {refuse} END IF; RETURN {row};"
        made[name] = _function(name, body if must else refuse)
    made["truncate"] = _function("truncate", f"RAISE EXCEPTION '{ADD_ONLY}';")
    return made


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION guard_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$guard$ BEGIN {body} END $guard$"
    )


def _postgresql_triggers() -> dict[str, str]:
    made = {"entry_insert": ("entry", "INSERT", "ROW")}
    made |= {name: (table, event, "ROW") for name, (table, event, _, _) in GUARDS.items()}
    made |= {f"{t}_truncate": (t, "TRUNCATE", "STATEMENT") for t in KEPT}
    return {
        name: f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table} FOR EACH {each} "
        f"EXECUTE FUNCTION guard_{'truncate' if event == 'TRUNCATE' else name}()"
        for name, (table, event, each) in made.items()
    }


def install(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Install every trigger that is absent or has another text."""
    connection = connections[using]
    if not absent(using):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name, text in sqlite().items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(text)
        else:
            for text in (*postgresql().values(), *_postgresql_triggers().values()):
                cursor.execute(text)


def absent(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """The names of triggers that are not there, are switched off, or have another text."""
    found = there(using)
    if connections[using].vendor == "sqlite":
        return [name for name, text in sqlite().items() if found.get(name) != text]
    functions = postgresql()
    return [
        name
        for name in _postgresql_triggers()
        if found.get(name, "").strip() not in functions.get(name, functions["truncate"])
        or not found.get(name, "").strip()
    ]


def there(using: str = DEFAULT_DB_ALIAS) -> dict[str, str]:
    """The triggers that are in the database and switched on, each with its text."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
                "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
            )
        return dict(cursor.fetchall())


def check(*, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """A check of Django: the tables that exist have all their triggers."""
    found: list[CheckMessage] = []
    for using in databases or ():
        connection = connections[using]
        if "entry" in connection.introspection.table_names():
            found += [
                Error(f"the trigger {name} must be there, got none, or another", hint=REMEDY)
                for name in absent(using)
            ]
    return found
