"""A restore by PostgreSQL's own tools is entered, with both heads; later heads then do not bind."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Head, content, head
from cartrial.capture.serve import anchor, restoring
from cartrial.capture.serve.prepare import check_head, prepare
from cartrial.errors import DataError, OutputError

pytestmark = pytest.mark.django_db
AFTER = Head(9, "a" * 64)  # seen before the database went back to an earlier moment


@pytest.fixture(autouse=True)
def restored() -> Iterator[Head]:
    """A database that was restored to a moment before the last head that was seen."""
    file = deployment().home / anchor.FILE
    file.unlink(missing_ok=True)
    prepare()
    anchor.keep(deployment().home, "started", AFTER)
    yield head()
    file.unlink(missing_ok=True)


def test_what_was_seen_after_the_moment_of_the_restore_binds_until_it_is_entered(
    restored: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(DataError, match="must hold entry 9 as it was seen before"):
        check_head()
    elsewhere = replace(deployment(), database_url="postgresql://trial_app@localhost/trial")
    monkeypatch.setattr(restoring, "deployment", lambda: elsewhere)
    done = restoring.enter_restored()
    assert (done.head, done.before, done.lost) == (restored, AFTER, 9 - restored.seq)
    assert done.verified.findings == ()
    entry = Entry.objects.latest("seq")
    assert (entry.action, content(entry)) == (
        "restored",
        {"head": f"{restored.seq}:{restored.hash}", "before": f"9:{AFTER.hash}"},
    )
    assert check_head() == head()


def test_a_file_is_for_sqlite_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    if not deployment().database_url:
        with pytest.raises(OutputError, match="must be the file of a backup on SQLite, got none"):
            restoring.enter_restored()
    elsewhere = replace(deployment(), database_url="postgresql://trial_app@localhost/trial")
    monkeypatch.setattr(restoring, "deployment", lambda: elsewhere)
    with pytest.raises(OutputError, match="Restore it with its own tools"):
        restoring.restore(deployment().home / "backup.sqlite3")
