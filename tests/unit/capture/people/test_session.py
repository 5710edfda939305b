"""15 minutes idle, 12 hours in all; ending a session takes effect at once (row U5)."""

import pytest
from django.test import Client

from cartrial.capture.ledger.write import writing
from cartrial.capture.people import account
from cartrial.capture.people.models import Account, Seat
from cartrial.capture.people.session import end_sessions
from tests.unit.capture.conftest import PASSWORD, Pass, client_of, said

People = dict[str, Account]


def is_in(client: Client) -> bool:
    return client.get("/me").status_code == 200


def test_a_session_ends_after_15_idle_minutes(people: People, passing: Pass) -> None:
    client = client_of(people["monitor"])
    for _ in range(3):
        passing(minutes=14)
        assert is_in(client)
    passing(minutes=16)
    assert not is_in(client)
    assert said("session end") == [{"why": "idle for 15 minutes"}]


def test_a_session_ends_after_12_hours_of_work(people: People, passing: Pass) -> None:
    client = client_of(people["monitor"])
    for _ in range(51):
        passing(minutes=14)
        assert is_in(client)
    passing(minutes=10)
    assert not is_in(client)
    assert said("session end") == [{"why": "12 hours since login"}]


def test_asking_whether_it_lives_does_not_prolong_it(people: People, passing: Pass) -> None:
    client = client_of(people["monitor"])
    unattended = {"X-Unattended": "yes"}
    passing(minutes=8)
    client.get("/me", headers=unattended)
    assert client.get("/alive", headers=unattended).json()["left"] in (419, 420)
    passing(minutes=6)
    assert client.post("/alive").json()["left"] == 900
    passing(minutes=16)
    assert client.get("/alive", headers=unattended).json() == {"left": 0}
    assert not is_in(client)


@pytest.mark.parametrize("given", [{"is_active": False}, {"expires": "2020-01-01"}])
def test_access_that_was_taken_away_ends_at_the_next_request(
    people: People, given: dict[str, object]
) -> None:
    client = client_of(people["monitor"])
    assert is_in(client)
    Account.objects.filter(username="monitor").update(**given)
    assert not is_in(client)


def test_a_role_that_was_taken_away_opens_nothing_at_the_next_request(people: People) -> None:
    client = client_of(people["administrator"])
    assert client.get("/accounts").status_code == 200
    Account.objects.filter(username="administrator").update(role="coordinator")
    assert client.get("/accounts").status_code == 403


def test_a_change_of_role_ends_the_sessions(people: People) -> None:
    client = client_of(people["monitor"])
    given = {"name": "M", "organisation": "C", "role": "auditor", "identity_by": "A",
             "identity_on": "2026-05-03"}  # fmt: skip
    account.change(people["administrator"].actor, people["monitor"], given, "left the team")
    assert not is_in(client)


def test_a_session_of_the_list_is_ended_at_once(people: People) -> None:
    one, other = client_of(people["monitor"]), client_of(people["monitor"])
    stranger = client_of(people["auditor"])
    seat = Seat.objects.get(session=other.cookies["session"].value)
    assert stranger.post(f"/me/sessions/{seat.pk}/end").status_code == 404
    assert one.post(f"/me/sessions/{seat.pk}/end").status_code == 302
    assert is_in(one)
    assert not is_in(other)


def test_every_session_of_an_account_ends_but_the_one_named(people: People) -> None:
    clients = [client_of(people["monitor"]) for _ in range(3)]
    keep = clients[1].cookies["session"].value
    with writing(people["administrator"].actor) as ledger:
        end_sessions(ledger, people["monitor"], "lost a key", but=keep)
    assert [is_in(client) for client in clients] == [False, True, False]
    assert said("session end")[-1]["sessions"] == "2"


def test_another_password_ends_the_other_sessions(people: People) -> None:
    one, other = client_of(people["monitor"]), client_of(people["monitor"])
    before = one.cookies["session"].value
    new = "a longer way home at noon"
    given = {"password": PASSWORD, "new": new, "again": new}
    assert one.post("/password", given).status_code == 302
    assert one.cookies["session"].value != before
    assert is_in(one)
    assert not is_in(other)
    assert Client().post("/login", {"username": "monitor", "password": new}).status_code == 302


def test_a_session_that_nobody_came_back_to_is_cleared_away(people: People, passing: Pass) -> None:
    client_of(people["monitor"])
    passing(minutes=20)
    client_of(people["auditor"])
    assert [seat.account.username for seat in Seat.objects.all()] == ["auditor"]
    assert said("session end") == [
        {"account": "monitor", "sessions": "1", "why": "idle for 15 minutes"}
    ]


def test_a_session_ends_though_nothing_can_be_entered(people: People, passing: Pass) -> None:
    client, other = client_of(people["monitor"]), client_of(people["auditor"])
    passing(hours=2)
    with writing(people["investigator"].actor) as ledger:
        ledger.add("export")  # the chain is two hours on
    passing(hours=-1)  # and the clock went back
    assert client.get("/queries").url.startswith("/login")  # type: ignore[attr-defined]
    assert other.get("/login").status_code == 200
