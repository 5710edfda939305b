"""Who has, and had, access: for any day, from the entries alone (rows U1 and U3)."""

import datetime as dt

import pyotp
import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.write import writing
from cartrial.capture.people import access, account
from cartrial.capture.people.access import Period, Step, periods
from cartrial.capture.people.models import Account
from cartrial.capture.people.proof import invitation
from tests.unit.capture.conftest import PASSWORD, Pass, client_of
from tests.unit.capture.people.test_account import GIVEN, made

People = dict[str, Account]
BORN = {"name": "Ana R", "role": "coordinator", "organisation": "C", "identity_verified": "B",
        "active": "yes"}  # fmt: skip


def day(n: int) -> dt.datetime:
    return dt.datetime(2026, 5, n, 10, tzinfo=dt.UTC)


def step(n: int, **cells: str | None) -> Step:
    return Step(day(n), "ana", f"admin {n}", cells)


def shown(found: list[Period]) -> list[tuple[str, int, int | None, str]]:
    return [(p.role, p.begin.day, p.end.day if p.end else None, p.ended_by) for p in found]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([], []),
        ([step(1, **BORN)], [("coordinator", 1, None, "")]),
        (
            [step(1, **BORN), step(5, role="monitor")],
            [("coordinator", 1, 5, "admin 5"), ("monitor", 5, None, "")],
        ),
        ([step(1, **BORN), step(5, email="a@b.example")], [("coordinator", 1, None, "")]),
        (
            [step(1, **BORN), step(5, active="no"), step(9, active="yes")],
            [("coordinator", 1, 5, "admin 5"), ("coordinator", 9, None, "")],
        ),
        ([step(1, **BORN, expires="2026-05-07")], [("coordinator", 1, 8, "expiry")]),
        (
            [step(1, **BORN, expires="2026-05-07"), step(6, expires="2026-05-30")],
            [("coordinator", 1, None, "")],
        ),
        (
            [step(1, **BORN, expires="2026-05-07"), step(9, expires=None)],
            [("coordinator", 1, 8, "expiry"), ("coordinator", 9, None, "")],
        ),
    ],
)
def test_periods(steps: list[Step], expected: list[tuple[str, int, int | None, str]]) -> None:
    assert shown(periods(steps, day(20))) == expected


def test_as_of_a_day(people: People, passing: Pass) -> None:
    admin = people["administrator"].actor
    ana = made(people)
    begun = clock.now()
    passing(days=30)
    account.change(admin, ana, {**GIVEN, "role": "monitor"}, "another job")
    passing(days=30)
    account.deactivate(admin, ana, "left")
    passing(days=30)
    found = periods(access.read_steps(), clock.now())

    def role_on(days: float) -> list[str]:
        return [p.role for p in found if p.covers(begun + dt.timedelta(days=days))]

    assert [role_on(-1), role_on(1), role_on(31), role_on(61)] == [
        [],
        ["coordinator"],
        ["monitor"],
        [],
    ]


def test_a_row_written_around_the_entries_is_found(people: People) -> None:
    ana = made(people)
    known = access.differences()
    assert not any("ana.r" in one for one in known)
    Account.objects.filter(pk=ana.pk).update(role="administrator")
    assert set(access.differences()) - set(known) == {
        "account ana.r: must be as its entries say, got another row"
    }


OTHERS = (
    "account ana.r: must have the password and second factors that its newest entry saw, got others"
)


@pytest.mark.parametrize(
    "altered",
    [
        {"password": "argon2$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA"},
        {"totp_secret": "JBSWY3DPEHPK3PXP"},
        {"passkeys": [{"name": "Passkey", "data": "AAAA", "counter": 0}]},
    ],
)
def test_a_proof_that_was_put_into_the_database_is_found(
    people: People, altered: dict[str, object]
) -> None:
    ana = made(people)
    Account.objects.filter(pk=ana.pk).update(**altered)
    assert OTHERS in access.differences()


def test_what_the_owner_and_an_administrator_do_is_as_entered(
    people: People, passing: Pass
) -> None:
    ana, admin = made(people), people["administrator"].actor
    link = invitation.link_of(ana)
    client = Client()

    def is_as_entered() -> bool:
        passing(minutes=1)
        return not any("ana.r" in one for one in access.differences())

    def code() -> str:
        return pyotp.TOTP(Account.objects.get(pk=ana.pk).totp_secret).at(clock.now())

    assert client.post(link, {"new": PASSWORD, "again": PASSWORD}).status_code == 302
    assert is_as_entered()
    client = client_of(Account.objects.get(pk=ana.pk))
    secret = client.get("/me/app").content.decode().split("<code>")[1].split("</code>")[0]
    first = pyotp.TOTP(secret.replace(" ", "")).at(clock.now())
    done = client.post("/me/app", {"password": PASSWORD, "code": first}).content.decode()
    recovery = done.split("<li><code>")[1].split("</code>")[0]
    assert is_as_entered()
    again = client_of(Account.objects.get(pk=ana.pk))
    assert again.post("/login/second", {"code": recovery}).status_code == 302
    assert is_as_entered()
    new = {"password": PASSWORD, "code": code(), "new": f"{PASSWORD} 2", "again": f"{PASSWORD} 2"}
    assert client.post("/password", new).status_code == 302
    assert is_as_entered()
    gone = {"which": "app", "password": f"{PASSWORD} 2", "code": code()}
    assert client.post("/me/remove", gone).status_code == 302
    assert is_as_entered()
    account.reset_password(admin, ana, "forgot it")
    assert is_as_entered()


def test_an_account_whose_newest_entry_is_of_an_earlier_version_has_no_proofs_to_compare(
    people: People,
) -> None:
    ana = made(people)
    with writing(ana.actor) as ledger:
        ledger.add(action.ACCOUNT, key="ana.r", content={"what": "password set", "changes": {}})
    Account.objects.filter(pk=ana.pk).update(password="another")
    assert not any("ana.r" in one for one in access.differences())


def test_a_login_never_renews_the_hash_of_a_password(people: People) -> None:
    ana = made(people)
    older = MD5PasswordHasher().encode(PASSWORD, "short")  # a salt that is long enough is wanted
    Account.objects.filter(pk=ana.pk).update(password=older, must_change_password=False)
    assert client_of(ana).get("/me").status_code == 200
    assert Account.objects.get(pk=ana.pk).password == older


def test_a_review_is_due_each_quarter(people: People) -> None:
    assert access.review_due() is None
    made(people)
    assert access.review_due() == (clock.now() + dt.timedelta(days=92)).date()
    assert access.last_review() is None
