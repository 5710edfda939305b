"""Who has, and had, access: for any day, from the entries alone (rows U1 and U3)."""

import datetime as dt

import pytest

from cartrial.capture.ledger import clock
from cartrial.capture.people import access, account
from cartrial.capture.people.access import Period, Step, periods
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import Pass
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


def test_a_review_is_due_each_quarter(people: People) -> None:
    assert access.review_due() is None
    made(people)
    assert access.review_due() == (clock.now() + dt.timedelta(days=92)).date()
    assert access.last_review() is None
