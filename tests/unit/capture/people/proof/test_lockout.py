"""Five failures lock a name for 15 minutes, thirty an address, whatever restarts.

Rows U4 of the regulation and `brute force` of the security tests.
"""

import datetime as dt
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from cartrial.capture.accounts import login
from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import clock
from cartrial.capture.ledger.models import Entry
from cartrial.capture.people.models import Account, Attempt
from cartrial.capture.people.proof import lockout
from tests.unit.capture.conftest import PASSWORD, Pass, said

People = dict[str, Account]
NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)


def attempt(name: str, password: str = "wrong", address: str = "127.0.0.1") -> tuple[int, str]:
    client = Client(REMOTE_ADDR=address)
    answer = client.post("/login", {"username": name, "password": password})
    return answer.status_code, answer.content.decode()


def test_the_right_password_is_refused_while_locked(people: People, passing: Pass) -> None:
    assert [attempt("monitor")[0] for _ in range(5)] == [422] * 5
    status, text = attempt("monitor", PASSWORD)
    assert status == 429
    assert re.search(r"must wait until [\d-]{10} \d\d:\d\d \+00:00", text)
    passing(minutes=14)
    assert attempt("monitor", PASSWORD)[0] == 429
    passing(minutes=2)
    assert attempt("monitor", PASSWORD)[0] == 302


def test_every_failure_and_lock_is_entered(people: People) -> None:
    for _ in range(6):
        attempt("monitor")
    failed = {"address": "127.0.0.1", "username": "monitor", "what": "password"}
    assert said("login failed") == [failed] * 5
    assert said("locked out") == [{**failed, "what": "locked for 15 minutes"}]


def test_a_login_begins_to_count_anew(people: People) -> None:
    for _ in range(2):
        assert [attempt("monitor")[0] for _ in range(4)] == [422] * 4
        assert attempt("monitor", PASSWORD)[0] == 302


def test_failures_that_lie_apart_do_not_lock(people: People, passing: Pass) -> None:
    for _ in range(7):
        assert attempt("monitor")[0] == 422
        passing(minutes=4)


def test_an_unknown_name_is_answered_and_locked_like_a_known_one(people: People) -> None:
    known = [attempt("monitor") for _ in range(6)]
    unknown = [attempt("nobody") for _ in range(6)]
    plain = [(status, text.replace("nobody", "monitor")) for status, text in unknown]
    assert [status for status, _ in known] == [status for status, _ in plain] == [422] * 5 + [429]
    for (_, one), (_, other) in zip(known, plain, strict=True):
        alert = [line for line in one.splitlines() if "alert" in line]
        assert alert == [line for line in other.splitlines() if "alert" in line] != []


def test_an_unknown_name_takes_as_much_work(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"

    def encode(_: object, password: str, salt: str) -> str:
        hashed.append(password)
        return "md5$s$x"

    monkeypatch.setattr(hasher, encode)
    attempt("monitor")
    work = len(hashed)
    attempt("nobody")
    assert len(hashed) == 2 * work > 0


def test_a_password_in_the_field_of_the_name_is_not_kept(people: People) -> None:
    attempt("Tr0ub4dor&3 at noon")
    kept = [*said("login failed"), *Attempt.objects.values_list("username", flat=True)]
    assert "Tr0ub4dor" not in str(kept)
    assert "unknown " in str(kept)


@pytest.mark.parametrize("name", ["x\r\n2026-05-03 login monitor", "x\x00y", "\u2028", "a" * 5000])
def test_a_name_cannot_forge_a_line(people: People, name: str) -> None:
    assert attempt(name)[0] == 422
    assert Entry.objects.count() == 1
    assert Entry.objects.get().key.isprintable()
    assert len(Entry.objects.get().key) < 40


def test_thirty_failures_lock_an_address(people: People, passing: Pass) -> None:
    for n in range(30):
        assert attempt(f"person{n}", address="192.0.2.7")[0] == 422
    assert attempt("monitor", PASSWORD, address="192.0.2.7")[0] == 429
    assert attempt("monitor", PASSWORD, address="192.0.2.8")[0] == 302
    passing(minutes=16)
    assert attempt("monitor", PASSWORD, address="192.0.2.7")[0] == 302


def test_attempts_at_once_do_not_outrun_the_lock(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five others fail while the right password is still being hashed."""
    is_right = login._is_right

    def slowly(account: Account | None, password: str) -> bool:
        for _ in range(5):
            Attempt.objects.create(username="monitor", address="", at=clock.now())
        return is_right(account, password)

    monkeypatch.setattr(login, "_is_right", slowly)
    assert attempt("monitor", PASSWORD)[0] == 429


@pytest.mark.parametrize(
    ("near", "forwarded", "https", "address"),
    [
        ("192.0.2.7", "", False, "192.0.2.7"),
        ("192.0.2.7", "203.0.113.9", False, "192.0.2.7"),  # anybody can say so
        ("192.0.2.7", "203.0.113.9", True, "192.0.2.7"),
        ("127.0.0.1", "203.0.113.9", False, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", True, "203.0.113.9"),  # of the proxy on this machine
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", True, "203.0.113.9"),
        ("", "2001:DB8::1", True, "2001:db8::1"),
        ("127.0.0.1", "x\r\ny", True, ""),
    ],
)
def test_the_address_is_that_which_we_or_our_proxy_saw(
    near: str, forwarded: str, https: bool, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = replace(deployment(), https=https)
    monkeypatch.setattr(lockout, "deployment", lambda: here)
    request = RequestFactory(REMOTE_ADDR=near, HTTP_X_FORWARDED_FOR=forwarded).get("/")
    assert lockout.address_of(request) == address


@pytest.mark.parametrize(
    ("minutes", "end"),
    [
        ([0, 1, 2, 3], None),
        ([0, 1, 2, 3, 4], 19),
        ([0, 4, 8, 12, 15], 30),
        ([0, 4, 8, 12, 16], None),
        ([0, 16, 17, 18, 19], None),
        ([0, 16, 17, 18, 19, 20], 35),
    ],
)
def test_when_a_lock_ends(minutes: list[int], end: int | None) -> None:
    at = [NOON + dt.timedelta(minutes=m) for m in minutes]
    expected = None if end is None else NOON + dt.timedelta(minutes=end)
    assert lockout.end_of_lock(at, 5) == expected


STEPS = """
import sys
from cartrial.capture import settings
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from cartrial.capture.people.models import Account
password = "correct horse battery"
if sys.argv[1] == "first":
    call_command("migrate", verbosity=0)
    account = Account(username="monitor", name="M", role="monitor", organisation="C")
    account.must_change_password = False
    account.set_password(password)
    account.save()
typed = ["wrong"] * 5 if sys.argv[1] == "first" else [password]
client = Client(SERVER_NAME="localhost")
said = [{"username": "monitor", "password": one} for one in typed]
print([client.post("/login", one).status_code for one in said])
"""


@pytest.mark.slow
def test_a_lock_survives_a_restart_and_binds_a_second_process(tmp_path: Path) -> None:
    here = {**os.environ, "CARTRIAL_HOME": str(tmp_path), "CARTRIAL_DATABASE_URL": ""}
    here["DJANGO_SETTINGS_MODULE"] = "cartrial.capture.settings"

    def process(step: str) -> str:
        command = [sys.executable, "-c", STEPS, step]
        done = subprocess.run(command, env=here, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    assert process("first") == "[422, 422, 422, 422, 422]"
    assert process("second") == "[429]"
