"""The pages of what is not there, not ours, or too large."""

import pytest
from django.test import Client

from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import client_of


@pytest.mark.parametrize(
    "path", ["/nowhere", "/accounts/999999999999999999999999", "/accounts/-1", "/accounts/x",
             "/accounts/0", "/accounts/%00", "/accounts/1' OR '1'='1"]
)  # fmt: skip
def test_what_is_not_there(people: dict[str, Account], path: str) -> None:
    answer = client_of(people["administrator"]).get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_what_is_not_there_is_the_same_for_nobody(db: None) -> None:
    assert Client().get("/nowhere").status_code == 404


def test_what_is_too_large(people: dict[str, Account]) -> None:
    answer = client_of(people["monitor"]).post("/password", {"password": "x" * 6_000_000})
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


@pytest.mark.parametrize("text", ["\x00", "\ud7ff\ufffe", "1e308", "0001-01-01", "x" * 1_000_000])
@pytest.mark.parametrize("path", ["/accounts/new", "/password", "/me/app", "/access"])
def test_no_text_breaks_a_page(people: dict[str, Account], path: str, text: str) -> None:
    client = client_of(people["administrator" if path.startswith("/acc") else "monitor"])
    names = ("username", "name", "email", "role", "organisation", "identity_by", "identity_on",
             "expires", "password", "code", "new", "again", "found", "reason")  # fmt: skip
    assert client.post(path, dict.fromkeys(names, text)).status_code < 500
