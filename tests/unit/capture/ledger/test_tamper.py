"""Whoever writes around the application is refused, or found out: on both databases."""

import os
from collections.abc import Callable

import pytest
import time_machine
from django.core.checks import run_checks
from django.db import DatabaseError, connection, transaction

from cartrial.capture.ledger import triggers
from cartrial.capture.ledger.fault import NoRoom, Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import head
from cartrial.capture.ledger.verify import verify
from cartrial.capture.trail.verify_trail import entry_hash

Enter = Callable[..., int]
SQLITE = "sqlite"


def run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def unguarded(*statements: str) -> None:
    """What the owner of the database can do, who switches the triggers off."""
    if connection.vendor == SQLITE:
        run(*(f"DROP TRIGGER {name}" for name in triggers.sqlite()), *statements)
    else:
        tables = ("entry", "content", "record")
        run(*(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables), *statements)


def findings() -> str:
    return "\n".join(one for one in verify().findings if not one.startswith("trigger"))


@pytest.fixture
def three(enter: Enter) -> int:
    """Three entries; the number of the first."""
    first = enter("demographics", subject="001", age="60")
    enter("demographics", subject="001", age="61", base=first, reason="typing error")
    enter("vital_signs", subject="001", at="2026-01-05T10:00", pulse="80")
    return first


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for() -> None:
    wanted = "postgresql" if os.environ.get("CARTRIAL_DATABASE_URL") else SQLITE
    assert connection.vendor == wanted


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE entry SET actor = 'mallory' WHERE seq = {0}", "entry {0}: must have the hash"),
        ("UPDATE entry SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = {1}", "entry {1}"),
        ("UPDATE content SET text = '{{}}' WHERE seq = {0}", "entry {0}: must have the content"),
        ("UPDATE content SET text = NULL WHERE seq = {0}", "be redacted, got neither"),
        ("UPDATE content SET text = 'no JSON' WHERE seq = {0}", "entry {0}: must say what changed"),
        ("UPDATE content SET text = '[]' WHERE seq = {0}", "entry {0}: must say what changed"),
        ("UPDATE content SET text = '{{\"changes\":[1]}}' WHERE seq = {0}", "{0}: must say what"),
        ("UPDATE record SET cells = '{{}}' WHERE form = 'vital_signs'", "record 001 vital_signs"),
        ("UPDATE record SET voided = NOT voided WHERE form = 'demographics'", "must show entry"),
        ("UPDATE record SET subject = '002' WHERE form = 'demographics'", "must have an entry"),
        ("DELETE FROM record WHERE form = 'demographics'", "must be there, got none"),
    ],
)
def test_what_the_owner_alters_is_found(three: int, statement: str, found: str) -> None:
    unguarded(statement.format(three, three + 1))
    assert found.format(three, three + 1) in findings()


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_is_removed_or_swapped_is_found(three: int) -> None:
    tables = ("content", "entry")
    unguarded(*(f"DELETE FROM {table} WHERE seq = {three + 1}" for table in tables))
    assert f"entry {three + 1}: must follow" in findings()
    assert f"entry {three + 2}: must hold the hash of the entry before" in findings()


@pytest.mark.django_db(transaction=True)
def test_a_tail_that_is_cut_is_found_by_a_printed_head(three: int) -> None:
    printed = head()
    unguarded(
        f"DELETE FROM content WHERE seq = {printed.seq}",
        f"DELETE FROM record WHERE seq = {printed.seq}",
        f"DELETE FROM entry WHERE seq = {printed.seq}",
    )
    assert findings() == ""  # nothing in the database tells
    assert f"entry {printed.seq}: must be there, as its hash was printed" in "\n".join(
        verify({printed.seq: printed.hash}).findings
    )


@pytest.mark.django_db(transaction=True)
def test_a_chain_that_is_made_anew_is_found_by_a_printed_head(three: int) -> None:
    printed = head()
    entries = list(Entry.objects.order_by("seq"))
    entries[0].actor = "mallory"
    statements, previous = [], entries[0].previous
    for entry in entries:
        entry.previous = previous
        previous = entry_hash(entry.fields())
        statements.append(
            f"UPDATE entry SET actor = '{entry.actor}', previous = '{entry.previous}', "
            f"hash = '{previous}' WHERE seq = {entry.seq}"
        )
    unguarded(*statements)
    assert findings() == ""
    found = "\n".join(verify({printed.seq: printed.hash}).findings)
    assert f"entry {printed.seq}: must have the hash that was printed" in found


@pytest.mark.django_db(transaction=True)
def test_a_trigger_that_is_gone_is_an_error_of_the_check(three: int) -> None:
    assert run_checks(databases=["default"]) == []
    if connection.vendor == SQLITE:
        run("DROP TRIGGER entry_update")
    else:
        run("ALTER TABLE entry DISABLE TRIGGER entry_update")
    (error,) = run_checks(databases=["default"])
    assert error.msg == "the trigger entry_update must be there, got none, or another"
    assert verify().findings == ("trigger entry_update: must be there, got none, or another",)


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_replaces_one_is_refused(three: int) -> None:
    fields = ", ".join(f.column for f in Entry._meta.concrete_fields)
    same = f"SELECT {fields} FROM entry WHERE seq = {three}"
    if connection.vendor == SQLITE:
        run("PRAGMA recursive_triggers = OFF")  # with it on, the trigger on DELETE refuses too
        attack = f"INSERT OR REPLACE INTO entry ({fields}) {same}"
    else:
        attack = (
            f"INSERT INTO entry ({fields}) {same} ON CONFLICT (seq) DO UPDATE SET actor = 'mallory'"
        )
    with pytest.raises(DatabaseError, match="must be the next one"):
        run(attack)
    if connection.vendor == SQLITE:
        run("PRAGMA recursive_triggers = ON")


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
@pytest.mark.parametrize("table", ["entry", "content", "record"])
def test_no_table_is_emptied(three: int, table: str) -> None:
    if connection.vendor == SQLITE:
        pytest.skip("SQLite has no TRUNCATE; runs on PostgreSQL")
    with pytest.raises(DatabaseError, match="never changed or removed"):
        run(f"TRUNCATE {table} CASCADE")


def fill_up(enter: Enter) -> None:
    told = {"subject": "001", "on": "2026-01", "kind": "other", "major": "no"}
    for number in range(1, 61):
        enter("protocol_deviation", number=str(number), what="a long remark " * 500, **told)


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told_and_nothing_is_half_written(three: int, enter: Enter) -> None:
    if connection.vendor != SQLITE:
        pytest.skip("SQLite can be told how large it may grow; PostgreSQL cannot")
    before = head()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count")
        most = cursor.fetchone()[0]
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        with pytest.raises(NoRoom, match="must have room on its disk"):
            fill_up(enter)
        assert head().seq < before.seq + 60
    finally:
        run(f"PRAGMA max_page_count = {most}")
    assert verify().findings == ()


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_went_back_is_refused(three: int, enter: Enter) -> None:
    with time_machine.travel("2020-01-01T00:00:00Z"), pytest.raises(Refused, match="earlier time"):
        enter("vital_signs", subject="001", at="2026-01-05T11:00", pulse="80")
    assert verify().findings == ()
    assert enter("vital_signs", subject="001", at="2026-01-05T11:00", pulse="80")
