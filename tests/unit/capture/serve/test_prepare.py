"""What a start checks, and what it refuses."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import triggers
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Head, content, head
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.serve import anchor
from cartrial.capture.serve.prepare import check_head, prepare
from cartrial.capture.serve.verifying import verify_all
from cartrial.errors import DataError


@pytest.fixture(autouse=True)
def _fresh_heads() -> Iterator[None]:
    """The database of a test is a new one: heads of the one before do not bind."""
    (deployment().home / anchor.FILE).unlink(missing_ok=True)
    yield
    (deployment().home / anchor.FILE).unlink(missing_ok=True)


def without(trigger: str, table: str = "entry") -> None:
    of_table = "" if connection.vendor == "sqlite" else f" ON {table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}{of_table}")


@pytest.mark.django_db
def test_the_first_start_enters_the_triggers_and_the_second_enters_nothing() -> None:
    prepare()
    first = Entry.objects.latest("seq")
    assert first.action == "system"
    assert set((content(first) or {})["triggers"]) >= set(triggers.GUARDS)
    assert prepare().head == head() == Head(first.seq, first.hash)


@pytest.mark.django_db
def test_a_trigger_that_was_removed_is_told_and_not_made_again() -> None:
    prepare()
    without("entry_update")
    with pytest.raises(DataError, match=r"must have every trigger .* for entry_update"):
        prepare()
    assert triggers.absent() == ["entry_update"]


@pytest.mark.django_db
def test_a_trigger_that_a_newer_version_brings_is_installed_and_entered() -> None:
    without("entry_update")  # as an earlier version would have left it
    prepare()
    assert triggers.absent() == []
    assert "entry_update" in (content(Entry.objects.latest("seq")) or {})["triggers"]


@pytest.mark.django_db
def test_a_chain_that_is_not_the_one_seen_before_is_refused() -> None:
    prepare()
    home: Path = deployment().home
    anchor.keep(home, "started", Head(head().seq + 5, "a" * 64))
    with pytest.raises(DataError, match=r"must hold entry .* got a chain of"):
        check_head()
    (home / anchor.FILE).unlink()
    anchor.keep(home, "started", Head(head().seq, "a" * 64))
    with pytest.raises(DataError, match="got another hash"):
        prepare()


def found(printed: str) -> list[str]:
    """What is found; the accounts of the tests have no entries."""
    return [one for one in verify_all([printed]).findings if not one.startswith("account ")]


def test_a_head_that_was_printed_is_verified_whole_or_in_short(
    people: dict[str, Account], enter: Callable[..., int]
) -> None:
    enter("demographics", subject="001", consented="2026-01-01")
    at = head()
    for printed in (at.short, f"{at.seq}:{at.hash}"):
        assert not found(printed)
    for printed, said in (
        (f"{at.seq}:{'a' * 16}", "must have the hash that was printed"),
        (f"{at.seq}:{'a' * 64}", "must have the hash that was printed"),
        (f"{at.seq + 1}:{'a' * 16}", "must be there, as its hash was printed"),
    ):
        (finding,) = found(printed)
        assert said in finding
    with pytest.raises(DataError, match="--head: must be SEQ:HASH"):
        verify_all(["twelve"])


@pytest.mark.django_db
def test_an_altered_entry_is_told_and_stops_no_other_check(people: dict[str, Account]) -> None:
    with writing(people["administrator"].actor) as ledger:
        seq = ledger.add("account", key="monitor", content={"changes": {}}).seq
        for what in ("data cut", "sign"):
            ledger.add(what, content={"head": "none"})
    without("content_update", "content")
    without("entry_update")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE content SET text = 'no JSON'")
        cursor.execute("UPDATE entry SET at = 'yesterday'")
    findings = "\n".join(verify_all([]).findings)
    assert f"entry {seq}: must have the hash of its fields" in findings
    assert "accounts: must be read from entries that are whole" in findings
    assert "signatures: must be read from entries that are whole" in findings
