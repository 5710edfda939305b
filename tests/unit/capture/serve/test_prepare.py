"""What a start checks, and what it refuses."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import triggers
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Head, content, head
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


def without(trigger: str) -> None:
    table = "" if connection.vendor == "sqlite" else " ON entry"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {trigger}{table}")


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


def test_a_head_that_was_printed_is_verified_whole_or_in_short(
    people: dict[str, Account], enter: Callable[..., int]
) -> None:
    enter("demographics", subject="001", consented="2026-01-01")
    at = head()
    for printed in (at.short, f"{at.seq}:{at.hash}"):
        assert verify_all([printed]).findings == ()
    for printed, said in (
        (f"{at.seq}:{'a' * 16}", "must have the hash that was printed"),
        (f"{at.seq}:{'a' * 64}", "must have the hash that was printed"),
        (f"{at.seq + 1}:{'a' * 16}", "must be there, as its hash was printed"),
    ):
        (finding,) = verify_all([printed]).findings
        assert said in finding
    with pytest.raises(DataError, match="--head: must be SEQ:HASH"):
        verify_all(["twelve"])
