"""A subject ready for infusion, and a browser in which a form is filled."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from cartrial.capture.entry.form.layout import ENTERED_BY
from cartrial.capture.ledger.models import Record
from cartrial.capture.ledger.row import read_row
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import client_of

Filled = Callable[..., Any]


@pytest.fixture
def browser(people: dict[str, Account]) -> Client:
    """The coordinator's browser."""
    return client_of(people["coordinator"])


@pytest.fixture
def enrolled(enter: Callable[..., int]) -> str:
    """A subject that consented."""
    enter("demographics", subject="001", consented="2026-01-05", age="60", sex="male", level="1")
    return "001"


@pytest.fixture
def ready(enrolled: str, enter: Callable[..., int]) -> str:
    """A subject that may be infused from 2026-02-10."""
    enter("eligibility", subject=enrolled, decided="2026-01-10", eligible="yes")
    enter("lymphodepletion", subject=enrolled, drug="Fludarabine", on="2026-02-05", dose="30")
    return enrolled


@pytest.fixture
def infused(ready: str, enter: Callable[..., int]) -> str:
    """A subject infused on 2026-02-10."""
    enter("infusion", subject=ready, number="1", at="2026-02-10T10:00", level="1", planned="1",
          given="1", weight="70")  # fmt: skip
    return ready


@pytest.fixture
def fill(browser: Client, people: dict[str, Account]) -> Filled:
    """Fill in a new form of a subject: `fill("vital_signs", "001", at="...", pulse="80")`.

    The coordinator fills it in; the investigator, where the coordinator may not.
    """

    def filled(form: str, subject: str, /, **cells: str) -> Any:
        who = client_of(people["investigator"]) if form in ENTERED_BY else browser
        return who.post(f"/forms/{form}/new?subject={subject}", cells)

    return filled


@pytest.fixture
def change(browser: Client) -> Filled:
    """Change a record as its page does: `change(record, temperature="38.1", _reason="...")`."""

    def changed(record: Record, /, **cells: str) -> Any:
        record.refresh_from_db()
        return browser.post(f"/records/{record.pk}", {"_base": str(record.seq), **cells})

    return changed


def put(account: Account, form: str, cells: dict[str, str]) -> None:
    """Enter a row as it is, whatever its columns are called."""
    row, findings = read_row(form, {"subject": "001", **cells})
    assert row is not None, findings
    with writing(account.actor) as ledger:
        ledger.enter(row, base=0)


def only(form: str, subject: str = "001", **more: Any) -> Record:
    """The one record of a form."""
    return Record.objects.get(form=form, subject=subject, **more)
