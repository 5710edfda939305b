"""Log in and out."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from cartrial.capture.people.models import Account, Seat
from tests.unit.capture.conftest import PASSWORD, Pass, client_of

People = dict[str, Account]


def test_the_session_id_is_another_after_login_and_logout(people: People) -> None:
    client = Client()
    client.get("/login")
    session = client.session  # an attacker's, planted in the browser
    session["planted"] = "yes"
    session.save()
    client.cookies["session"] = planted = session.session_key
    client.post("/login", {"username": "monitor", "password": PASSWORD})
    inside = client.cookies["session"].value
    assert inside != planted
    assert "planted" not in client.session
    assert not Session.objects.filter(session_key=planted).exists()
    client.post("/logout")
    assert not Session.objects.filter(session_key=inside).exists()


def test_a_cookie_from_before_logout_opens_nothing(people: People) -> None:
    client = client_of(people["monitor"])
    old = client.cookies["session"].value
    assert client.get("/me").status_code == 200
    client.post("/logout")
    replayed = Client()
    replayed.cookies["session"] = old
    assert replayed.get("/me").status_code == 302
    assert Seat.objects.count() == 0


def test_nothing_is_kept_by_the_browser(people: People) -> None:
    client = client_of(people["monitor"])
    assert client.get("/me")["Cache-Control"] == "no-store"
    assert client.post("/logout")["Clear-Site-Data"] == '"cache"'


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/records/3?x=1", "/records/3?x=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("///evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\x00evil", "/%00evil"),
        ("/login", "/"),
        ("/logout", "/"),
        ("board", "/"),
        ("no-such-page", "/"),
    ],
)
def test_a_login_leads_to_this_trial_alone(people: People, wanted: str, leads: str) -> None:
    given = {"username": "monitor", "password": PASSWORD, "next": wanted}
    assert Client().post("/login", given)["Location"] == leads


def test_a_name_is_typed_as_one_likes(people: People) -> None:
    given = {"username": " Monitor ", "password": PASSWORD}
    assert Client().post("/login", given).status_code == 302


@pytest.mark.parametrize("field", ["is_active", "expires", "password"])
def test_who_has_no_access_cannot_log_in(people: People, field: str) -> None:
    account = people["monitor"]
    account.set_unusable_password()
    value = {"is_active": False, "expires": "2020-01-01", "password": account.password}[field]
    Account.objects.filter(pk=account.pk).update(**{field: value})
    given = {"username": "monitor", "password": PASSWORD}
    answer = Client().post("/login", given)
    assert answer.status_code == 422
    assert "do not belong together" in answer.content.decode()


def test_a_password_as_long_as_a_book_is_no_fault(people: People) -> None:
    given = {"username": "monitor", "password": PASSWORD + "x" * 100_000}
    assert Client().post("/login", given).status_code == 422


def test_what_was_posted_to_is_not_opened_after_login(people: People) -> None:
    answer = Client().post("/logout", headers={"Referer": "http://testserver/subjects/001"})
    assert answer["Location"] == "/login?next=%2Fsubjects%2F001"
    answer = Client().post("/logout", headers={"Referer": "http://evil.example/x"})
    assert answer["Location"] == "/login?next=%2F"


def test_a_part_of_a_page_leads_the_whole_page_to_the_login(people: People) -> None:
    answer = Client().get("/me", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/login?next=%2F")


def test_a_clock_that_went_back_is_told_at_the_login(people: People, passing: Pass) -> None:
    passing(hours=2)
    client_of(people["investigator"])
    passing(hours=-1)
    answer = Client().post("/login", {"username": "monitor", "password": "not mine at all"})
    assert answer.status_code == 422
    assert "Set the clock of this machine right" in answer.content.decode()
