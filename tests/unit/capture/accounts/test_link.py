"""One-time links (row S6): signed, for a day, for one use."""

import datetime as dt

import pytest
from django.core import signing
from django.test import Client

from cartrial.capture.people import account
from cartrial.capture.people.models import Account, Seat
from cartrial.capture.people.proof import invitation
from tests.unit.capture.conftest import PASSWORD, client_of, said
from tests.unit.capture.people.test_account import made

People = dict[str, Account]
NEW = "a longer way home at noon"
TWICE = {"new": NEW, "again": NEW}
FIRST = {"username": "root.admin", "name": "Rosa A", "organisation": "The centre", **TWICE}


def path(link: str | None) -> str:
    assert link is not None
    return link


def test_the_first_administrator_is_made_once(db: None) -> None:
    link = path(invitation.first_administrator_link())
    other = path(invitation.first_administrator_link())
    assert "first administrator" in Client().get(link).content.decode()
    after = Client().post(link, FIRST)["Location"]
    assert "Your password is set" in Client().get(after).content.decode()
    assert invitation.first_administrator_link() is None
    for used in (link, other):
        assert Client().get(used).status_code == 410
        assert Client().post(used, {**FIRST, "username": "mallory"}).status_code == 410
    client = Client()
    client.post("/login", {"username": "root.admin", "password": NEW})
    assert client.get("/accounts").status_code == 200
    assert [one["what"] for one in said("account")] == [
        "created",
        "password set by a one-time link",
    ]


def test_a_weak_first_password_leaves_the_link_as_it_was(db: None) -> None:
    link = path(invitation.first_administrator_link())
    weak = Client().post(link, {**FIRST, "new": "short", "again": "short"})
    assert weak.status_code == 422
    assert 'value="root.admin"' in weak.content.decode()
    assert Account.objects.count() == 0
    assert Client().post(link, FIRST).status_code == 302


def test_a_new_account_sets_its_own_password(people: People) -> None:
    ana = made(people)
    link = invitation.link_of(ana)
    assert Client().post(link, TWICE).status_code == 302
    assert Client().post("/login", {"username": "ana.r", "password": NEW}).status_code == 302
    assert Client().post(link, {"new": "another way home", "again": "another way home"}
                         ).status_code == 410  # fmt: skip


def test_a_reset_leaves_no_password_but_that_of_the_owner(people: People) -> None:
    ana, admin = people["investigator"], people["administrator"].actor
    client = client_of(ana)
    link = account.reset_password(admin, ana, "forgotten")
    assert not Seat.objects.exists()
    assert client.get("/me").status_code == 302
    assert Client().post("/login", {"username": "investigator", "password": PASSWORD}
                         ).status_code == 422  # fmt: skip
    assert Client().post(link, {"new": NEW, "again": "other"}).status_code == 422
    assert Client().post(link, TWICE).status_code == 302
    assert Client().post("/login", {"username": "investigator", "password": NEW}).status_code == 302


def test_a_newer_reset_makes_the_link_before_useless(people: People) -> None:
    admin = people["administrator"].actor
    first = account.reset_password(admin, people["monitor"], "forgotten")
    second = account.reset_password(admin, people["monitor"], "again")
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_a_link_holds_a_day(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    link = account.reset_password(people["administrator"].actor, people["monitor"], "forgotten")
    monkeypatch.setattr(invitation, "HOLDS", dt.timedelta(seconds=-1))
    assert Client().get(link).status_code == 410


@pytest.mark.parametrize("token", ["x", "e30:1:x", "a" * 5000, "%00", "{}"])
def test_a_link_that_is_none_of_ours_opens_nothing(people: People, token: str) -> None:
    assert Client().get(f"/link/{token}").status_code == 410


def test_a_token_for_something_else_opens_nothing(people: People) -> None:
    token = signing.dumps({"for": "first administrator"}, salt="another")
    assert Client().get(f"/link/{token}").status_code == 410


def test_who_left_sets_no_password(people: People) -> None:
    ana = made(people)
    link = invitation.link_of(ana)
    account.deactivate(people["administrator"].actor, ana, "left")
    assert Client().get(link).status_code == 410


def test_a_password_is_to_be_set_before_anything_else(people: People) -> None:
    client = client_of(people["monitor"])
    Account.objects.filter(username="monitor").update(must_change_password=True)
    assert client.get("/me")["Location"] == "/password"
    assert client.post("/me/recovery")["Location"] == "/password"
    assert client.get("/password").status_code == 200
    given = {"password": PASSWORD, **TWICE}
    assert client.post("/password", {**given, "password": "wrong"}).status_code == 422
    assert client.post("/password", given).status_code == 302
    assert client.get("/me").status_code == 200
