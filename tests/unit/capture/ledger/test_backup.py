"""A backup holds everything that was entered; a restore is proven by comparison."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from cartrial.capture.ledger.backup import backup, restore
from cartrial.capture.ledger.backup_file import entries_of
from cartrial.capture.ledger.models import Entry
from cartrial.errors import DataError, OutputError

Enter = Callable[..., int]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def three(enter: Enter) -> list[tuple[int, str]]:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is backed up by its own tools")
    first = enter("demographics", subject="001", age="60")
    enter("demographics", subject="001", age="61", base=first, reason="typing error")
    enter("vital_signs", subject="001", at="2026-01-05T10:00", pulse="80")
    return list(Entry.objects.order_by("seq").values_list("seq", "hash"))


def test_a_restored_backup_is_what_was_entered(
    three: list[tuple[int, str]], tmp_path: Path
) -> None:
    at = backup(tmp_path / "copy.sqlite3")
    database = tmp_path / "trial.sqlite3"
    database.write_bytes(b"what was there before")
    restore(tmp_path / "copy.sqlite3", database)
    found = entries_of(database)
    assert found[: len(three)] == three
    assert found[-1] == (at.seq, at.hash)  # the entry of the backup itself
    assert (tmp_path / "trial.sqlite3.before-restore").read_bytes() == b"what was there before"


def test_what_is_no_backup_is_refused_and_nothing_is_replaced(tmp_path: Path) -> None:
    database = tmp_path / "trial.sqlite3"
    database.write_bytes(b"the trial")
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database at all" * 100)
    with pytest.raises(DataError, match="must be a backup of the trial"):
        restore(broken, database)
    sqlite3.connect(tmp_path / "empty.sqlite3").close()
    with pytest.raises(DataError, match="must be a backup of the trial"):
        restore(tmp_path / "empty.sqlite3", database)
    with pytest.raises(DataError, match="got no such file"):
        restore(tmp_path / "absent.sqlite3", database)
    assert database.read_bytes() == b"the trial"


def test_a_backup_that_cannot_be_written_is_not_entered(
    three: list[tuple[int, str]], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(FileExistsError):
        backup(tmp_path / "file" / "copy.sqlite3")
    assert Entry.objects.count() == len(three)


@pytest.mark.postgres
def test_postgresql_is_left_to_its_own_tools(tmp_path: Path) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("runs on PostgreSQL")
    with pytest.raises(OutputError, match="Use pg_dump"):
        backup(tmp_path / "copy")


def test_each_database_that_is_replaced_is_kept_with_its_log(
    three: list[tuple[int, str]], tmp_path: Path
) -> None:
    backup(tmp_path / "copy.sqlite3")
    database = tmp_path / "trial.sqlite3"
    for number in (1, 2):
        database.write_bytes(f"the {number}.".encode())
        database.with_name("trial.sqlite3-wal").write_bytes(b"a log that a crash left")
        restore(tmp_path / "copy.sqlite3", database)
        assert not database.with_name("trial.sqlite3-wal").exists()
    kept = tmp_path / "trial.sqlite3.before-restore"
    assert kept.read_bytes() == b"the 1."
    assert kept.with_name(f"{kept.name}-2").read_bytes() == b"the 2."
    for one in (kept.name, f"{kept.name}-2"):
        assert (tmp_path / f"{one}-wal").read_bytes() == b"a log that a crash left"
