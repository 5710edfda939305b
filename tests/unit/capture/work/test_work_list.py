"""The work list's page: for one's role or for all, and 304 while nothing changed."""

from collections.abc import Callable

import pytest

from cartrial.capture.ledger.models import Entry
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import ROLES
from tests.unit.capture.conftest import client_of

Enter = Callable[..., int]
People = dict[str, Account]


@pytest.fixture
def serious(enter: Enter) -> int:
    yes_no = dict.fromkeys(
        ("fatal", "life_threatening", "disability", "congenital", "important"), "no"
    )
    return enter("serious_event", subject="001", number="1", aware="2026-01-05T10:00",
                 hospitalisation="yes", **yes_no)  # fmt: skip


@pytest.mark.parametrize("role", [role for role in ROLES if role != "administrator"])
def test_each_role_sees_what_it_can_do(serious: int, people: People, role: str) -> None:
    client = client_of(people[role])
    site = role in ("investigator", "sub_investigator", "coordinator")
    assert ("to report within 24 h" in client.get("/work").text) == site
    assert "to report within 24 h" in client.get("/work?whose=all").text


def test_one_kind_is_shown_alone(serious: int, people: People) -> None:
    client = client_of(people["investigator"])
    assert "SAE clock" in client.get("/work?kind=SAE+clock").text
    assert "1 of 2" in client.get("/work?kind=SAE+clock").text


def test_it_is_304_until_something_changed_and_nothing_is_entered(
    serious: int, people: People, enter: Enter
) -> None:
    client = client_of(people["investigator"])
    part = {"HX-Request": "true"}
    first = client.get("/work", headers=part)
    assert "<html" not in first.text
    assert first["ETag"].strip('"') in first.text
    count = Entry.objects.count()
    again = client.get("/work", headers=part | {"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Entry.objects.count() == count
    enter("demographics", subject="001", age="60")
    assert client.get("/work", headers=part | {"If-None-Match": first["ETag"]}).status_code == 200
    all_of_it = client.get("/work?whose=all", headers=part | {"If-None-Match": first["ETag"]})
    assert all_of_it.status_code == 200
