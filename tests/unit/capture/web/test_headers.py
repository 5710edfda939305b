"""The headers and cookies of every answer, the policy of content, and Django's own check."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from cartrial import capture
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import client_of

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
ROOM = Path(capture.__file__).parent


@pytest.mark.parametrize("path", ["/login", "/me", "/nowhere", "/accounts", "/logout"])
def test_every_answer_has_them(people: dict[str, Account], path: str) -> None:
    for client in (Client(), client_of(people["monitor"])):
        answer = client.get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_allows_no_eval_and_nothing_inline(people: dict[str, Account]) -> None:
    answers = [client_of(people["monitor"]).get("/me") for _ in range(2)]
    policies = [answer["Content-Security-Policy"] for answer in answers]
    for policy, answer in zip(policies, answers, strict=True):
        assert "unsafe" not in policy
        for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'",
                     "frame-ancestors 'none'", "form-action 'self'"):  # fmt: skip
            assert part in policy
        nonce = policy.split("'nonce-")[1].split("'")[0]
        assert nonce in answer.content.decode()
    assert policies[0] != policies[1]


def test_templates_hold_nothing_inline_and_nothing_taken_as_safe() -> None:
    """A script or a style within a page needs the nonce; text is never taken as HTML."""
    wrong = []
    for file in sorted(ROOM.rglob("templates/**/*.html")):
        text = file.read_text("utf-8")
        for rule in (r"<script(?![^>]*(\bsrc=|nonce=|application/json))", r"<style(?![^>]*nonce=)",
                     r"\sstyle=", r"\son[a-z]+=[\"']", r"\|\s*safe\b", r"autoescape off",
                     r"javascript:", r"hx-on"):  # fmt: skip
            wrong += [f"{file.name}: {found.group()}" for found in re.finditer(rule, text)]
    for file in sorted(ROOM.rglob("*.py")):
        text = file.read_text("utf-8")
        for rule in (r"\bmark_safe\(", r"\.raw\(", r"\.extra\(", r"SafeString\("):
            wrong += [f"{file.name}: {found.group()}" for found in re.finditer(rule, text)]
    assert wrong == []


def test_cookies_are_out_of_reach(people: dict[str, Account]) -> None:
    client = client_of(people["monitor"])
    client.get("/me")
    for name in ("session", "csrf"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
    assert not client.cookies["session"]["expires"]  # gone with the browser


CHECK = """
import django
from cartrial.capture import settings
django.setup()
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING")
from django.test import Client
near = {"SERVER_NAME": "trial.example", "HTTP_X_FORWARDED_PROTO": "https"}
answer = Client(**near).get("/login")
print(answer.status_code, answer["Strict-Transport-Security"])
print(*sorted(name for name, c in answer.cookies.items() if c["secure"]), len(answer.cookies))
print(Client(SERVER_NAME="trial.example").get("/login")["Location"])
print(Client(**{**near, "SERVER_NAME": "evil.example"}).get("/login").status_code)
"""


def test_behind_tls_the_check_is_clean(tmp_path: Path) -> None:
    here = {**os.environ, "CARTRIAL_HOME": str(tmp_path), "CARTRIAL_HTTPS": "yes"}
    here |= {"DJANGO_SETTINGS_MODULE": "cartrial.capture.settings", "CARTRIAL_DATABASE_URL": "",
             "CARTRIAL_HOSTS": "trial.example"}  # fmt: skip
    done = subprocess.run([sys.executable, "-W", "error", "-c", CHECK], env=here,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-4:] == [
        "200 max-age=31536000; includeSubDomains",
        "__Host-csrf 1",
        "https://trial.example/login",
        "400",
    ]
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
