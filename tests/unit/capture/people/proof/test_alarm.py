"""An e-mail tells of a lock at once, and a dead mail server holds nobody up.

Row U4 of the regulation.
"""

import logging
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core import mail
from pytest_django import Settings

from cartrial.capture.deployment import Mail, deployment
from cartrial.capture.people.models import Account
from cartrial.capture.people.proof import alarm
from cartrial.errors import StudyError
from tests.unit.capture.conftest import said
from tests.unit.capture.people.proof.test_lockout import attempt

People = dict[str, Account]
SET = Mail("localhost", 25, "", "", "", ("security@trial.example.org", "pi@trial.example.org"))


@pytest.fixture
def set_(monkeypatch: pytest.MonkeyPatch) -> None:
    here = replace(deployment(), mail=SET)
    monkeypatch.setattr(alarm, "deployment", lambda: here)


def sent() -> list[mail.EmailMessage]:
    """What was sent, every thread that sends having ended."""
    for thread in threading.enumerate():
        if thread.name.endswith("(_send)"):
            thread.join(15)
    return mail.outbox


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("set_")
def test_a_locked_account_is_told_by_mail(people: People) -> None:
    for _ in range(4):
        attempt("monitor", address="192.0.2.7")
    assert sent() == []
    for _ in range(3):
        attempt("monitor", address="192.0.2.7")
    (told,) = sent()
    assert told.to == list(SET.to)
    assert told.subject == "BCMA-CD19-MM: account monitor locked"
    assert "failures to log in or to sign: account monitor.\n" in told.body
    assert "came from 192.0.2.7." in told.body


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("set_")
def test_a_locked_address_is_told_and_no_name_that_was_typed(people: People) -> None:
    for n in range(30):
        attempt(f"Tr0ub4dor{n // 5}", address="192.0.2.7")
    (told,) = sent()
    assert told.subject == "BCMA-CD19-MM: address 192.0.2.7 locked"
    assert "Tr0ub4dor" not in told.body
    assert "unknown" not in told.body


@pytest.mark.django_db(transaction=True)
def test_without_a_mail_server_nothing_is_sent(people: People) -> None:
    for _ in range(6):
        attempt("monitor")
    assert sent() == []
    assert len(said("locked out")) == 1


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a server that takes a call and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def dead() -> int:
    """A port at which nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("set_")
@pytest.mark.parametrize("kind", ["silent", "dead"])
def test_a_mail_server_that_is_dead_holds_nobody_up(
    people: People,
    kind: str,
    request: pytest.FixtureRequest,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    where = {"HOST": "127.0.0.1", "PORT": request.getfixturevalue(kind), "TIMEOUT": 2}
    for name, value in where.items():
        setattr(settings, f"EMAIL_{name}", value)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with caplog.at_level(logging.WARNING, alarm.__name__):
        assert [attempt("monitor")[0] for _ in range(6)] == [422] * 5 + [429]
        waits = [one for one in threading.enumerate() if one.name.endswith("(_send)")]
        assert kind == "dead" or len(waits) == 1  # it was not waited for
        sent()
    assert len(said("locked out")) == 1
    assert [one.getMessage() for one in caplog.records if one.name == alarm.__name__] == [
        "the e-mail about a lock was not sent"
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://relay:s%40cret@mail.example.org:587", ("relay", "s@cret", "starttls")),
        ("smtps://mail.example.org:465", ("", "", "implicit")),
        ("smtp://localhost:25", ("", "", "")),
        ("smtp://[::1]:25", ("", "", "")),
    ],
)
def test_a_mail_server_is_set_by_its_url(
    url: str, expected: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTRIAL_MAIL_URL", url)
    monkeypatch.setenv("CARTRIAL_MAIL_TO", "a@example.org, b@example.org")
    made = deployment.__wrapped__().mail
    assert made is not None
    assert (made.user, made.password, made.tls) == expected
    assert made.to == ("a@example.org", "b@example.org")


@pytest.mark.parametrize(
    ("url", "to", "message"),
    [
        ("smtp://mail.example.org:25", "", "TO: must be e-mail addresses with commas, got nothing"),
        ("smtp://mail.example.org:25", "a@b, pi", "TO: must be e-mail addresses .*, got pi"),
        ("", "a@example.org", "URL: must be smtp://user:password@host:587 .*, got nothing"),
        ("smtp://u:secret@mail.example.org", "a@b", "URL: must be .*, got another text"),
        ("imap://u:secret@mail.example.org:25", "a@b", "URL: must be .*, got another text"),
        ("smtp://[u:secret@mail", "a@b", "URL: must be .*, got another text"),
        ("smtp://u:secret@mail:many", "a@b", "URL: must be .*, got another text"),
    ],
)
def test_a_wrong_setting_is_told_without_its_password(
    url: str, to: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARTRIAL_MAIL_URL", url)
    monkeypatch.setenv("CARTRIAL_MAIL_TO", to)
    with pytest.raises(StudyError, match=f"CARTRIAL_MAIL_{message}") as raised:
        deployment.__wrapped__()
    assert "secret" not in str(raised.value)
