"""No POST without the token of a page of ours: every route that takes one."""

import pytest
from django.test import Client

from cartrial.capture.ledger.models import Entry
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import PASSWORD
from tests.unit.capture.web.test_matrix import ROUTES, address, door, expected

POSTED = [place for place, pattern in ROUTES.items() if door(pattern)[1] or door(pattern)[2]]


def logged_in(name: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.get("/login")
    given = {"username": name, "password": PASSWORD}
    client.post("/login", {**given, "csrfmiddlewaretoken": client.cookies["csrf"].value})
    return client


@pytest.mark.parametrize("place", POSTED)
def test_a_post_from_elsewhere_is_refused(place: str, people: dict[str, Account]) -> None:
    pattern = ROUTES[place]
    role = next(role for role in people if expected(pattern, "POST", role) == "open")
    client = logged_in(role)
    before = Entry.objects.count()
    answer = client.post(address(place, pattern), {"reason": "forged"})
    assert (answer.status_code, Entry.objects.count()) == (403, before)
    assert "open too long" in answer.content.decode()


def test_the_token_of_the_frame_is_taken(people: dict[str, Account]) -> None:
    client = logged_in("monitor")
    page = client.get("/me").content.decode()
    token = page.split('hx-headers=\'{"X-CSRFToken": "')[1].split('"')[0]
    assert client.post("/alive", headers={"X-CSRFToken": token}).status_code == 200
    assert client.post("/alive", headers={"X-CSRFToken": token[::-1]}).status_code == 403


def test_a_token_from_before_the_login_is_useless(people: dict[str, Account]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/login")
    old = client.cookies["csrf"].value
    client.post("/login", {"username": "monitor", "password": PASSWORD, "csrfmiddlewaretoken": old})
    assert client.post("/alive", {"csrfmiddlewaretoken": old}).status_code == 403
