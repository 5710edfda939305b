"""A trial to write into, people of every role, and databases that can be emptied between tests."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from cartrial.capture.ledger import clock, triggers
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.row import read_row
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import ROLES

PASSWORD = "correct horse battery"


_teardown = TransactionTestCase._fixture_teardown


def _without_triggers(case: TransactionTestCase) -> None:
    """Django empties tables after a test with real transactions; the triggers would refuse it."""
    tables = ("entry", "content", "record", *{table for table, *_ in triggers.GUARDS.values()})
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in triggers.sqlite():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    _teardown(case)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    triggers.install()


TransactionTestCase._fixture_teardown = _without_triggers  # type: ignore[method-assign]


@pytest.fixture
def people(db: None) -> dict[str, Account]:
    """An account of every role, by role; each has `PASSWORD`."""
    made = {}
    for role in ROLES:
        account = Account(
            username=role,
            name=f"A {ROLES[role].lower()}",
            role=role,
            organisation="The centre",
            must_change_password=False,
        )
        account.set_password(PASSWORD)
        account.save()
        made[role] = account
    return made


def client_of(account: Account, **given: bool) -> Client:
    """A browser in which the account is logged in."""
    client = Client(**given)
    client.post("/login", {"username": account.username, "password": PASSWORD})
    return client


Pass = Callable[..., None]


@pytest.fixture
def passing(monkeypatch: pytest.MonkeyPatch) -> Pass:
    """Let time pass: `passing(minutes=16)`."""
    passed = [dt.timedelta()]

    def pass_(**given: float) -> None:
        passed[0] += dt.timedelta(**given)

    monkeypatch.setattr(clock, "now", lambda: dt.datetime.now(dt.UTC) + passed[0])
    return pass_


def said(action: str) -> list[dict[str, Any]]:
    """What the entries of an action say, oldest first."""
    entries = Entry.objects.filter(action=action).select_related("content").order_by("seq")
    return [json.loads(entry.content.text or "{}") for entry in entries]


@pytest.fixture
def enter(people: dict[str, Account]) -> Callable[..., int]:
    """Enter a row of a form as the coordinator: `enter("demographics", subject="001", ...)`."""

    def entered(form: str, *, base: int = 0, reason: str = "", **cells: str) -> int:
        row, findings = read_row(form, cells)
        assert row is not None, findings
        with writing(people["coordinator"].actor) as ledger:
            entry = ledger.enter(row, base=base, reason=reason)
        assert entry is not None
        return entry.seq

    return entered
