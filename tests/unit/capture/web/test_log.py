"""The server's log: one line an event, in UTC, and nothing of a patient."""

import logging
import sys

import pytest
from django.test import Client

from cartrial.capture.people.models import Account
from cartrial.capture.people.proof.invitation import link_of
from cartrial.capture.web.log import Line
from tests.unit.capture.conftest import client_of

CANARY = "Canary McPatient"


def line(message: str, fault: Exception | None = None) -> str:
    exc_info = None
    if fault is not None:
        try:
            raise fault
        except type(fault):
            exc_info = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, message, None, exc_info)
    record.created = 0.5
    return Line().format(record)


def test_a_line_is_in_utc() -> None:
    assert line("started") == "1970-01-01T00:00:00Z ERROR x: started"


def test_a_line_end_in_a_message_makes_no_line() -> None:
    assert line("a\r\n2026-05-03 b\x1b[31m\u2028c") == (
        r"1970-01-01T00:00:00Z ERROR x: a\r\n2026-05-03 b\x1b[31m\u2028c"
    )


def test_a_fault_is_told_by_its_place_not_by_its_message() -> None:
    told = line("Internal Server Error: /x", ValueError(CANARY))
    assert CANARY not in told
    assert "builtins.ValueError at " in told
    assert "test_log.py" in told


@pytest.mark.parametrize("path", ["/accounts/new", "/login", "/me/recovery"])
def test_what_is_typed_is_not_logged(
    people: dict[str, Account],
    path: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    client = client_of(people["administrator"])
    typed = dict.fromkeys(("username", "name", "email", "expires", "password", "code"), CANARY)
    with caplog.at_level(logging.DEBUG, "django.request"):
        client.post(path, typed)
        client.get("/nowhere", {"name": CANARY})
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())


def test_a_fault_of_the_program_is_a_page_and_a_line(
    monkeypatch: pytest.MonkeyPatch, db: None, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr("cartrial.capture.accounts.login.make_password", broken)
    client = Client(raise_request_exception=False)
    answer = client.post("/login", {"username": CANARY, "password": CANARY})
    assert answer.status_code == 500
    assert "This did not work" in answer.content.decode()
    assert CANARY not in answer.content.decode()
    logged = capfd.readouterr().err
    assert CANARY not in logged


def test_a_one_time_link_is_not_told(
    people: dict[str, Account], caplog: pytest.LogCaptureFixture
) -> None:
    path = link_of(people["monitor"])
    assert Client().post(path, {"new": "short", "again": "short"}).status_code == 422
    (told,) = [Line().format(record) for record in caplog.records]
    assert told.endswith("django.request: Unprocessable Entity: /link/…")
