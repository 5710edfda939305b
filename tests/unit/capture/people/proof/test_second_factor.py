"""Codes of an app, and recovery codes."""

import datetime as dt

import pyotp
import pytest

from cartrial.capture.people.models import Account
from cartrial.capture.people.proof import second_factor

People = dict[str, Account]
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOON = dt.datetime(2026, 5, 3, 12, tzinfo=dt.UTC)


def test_the_codes_are_those_of_the_standard() -> None:
    """RFC 6238, appendix B: SHA-1, the last six of the eight digits."""
    for seconds, code in ((59, "287082"), (1111111109, "081804"), (1111111111, "050471"),
                          (1234567890, "005924"), (2000000000, "279037")):  # fmt: skip
        at = dt.datetime.fromtimestamp(seconds, dt.UTC)
        assert second_factor.step_of(SECRET, code, at) == seconds // 30


@pytest.mark.parametrize(("seconds", "right"), [(-61, False), (-30, True), (0, True), (30, True),
                                                (60, False)])  # fmt: skip
def test_a_code_holds_a_step_early_and_late(seconds: int, right: bool) -> None:
    code = pyotp.TOTP(SECRET).at(NOON + dt.timedelta(seconds=seconds))
    assert (second_factor.step_of(SECRET, code, NOON) is not None) is right


@pytest.mark.parametrize("typed", ["", " ", "12345", "１２３４５６", "\x00" * 6, "9" * 10_000])
def test_what_is_no_code_is_refused(people: People, typed: str) -> None:
    people["monitor"].totp_secret = SECRET
    assert not second_factor.take_code(people["monitor"], typed, NOON)


def test_an_older_code_is_not_taken_after_a_newer(people: People) -> None:
    account = people["monitor"]
    account.totp_secret, app = SECRET, pyotp.TOTP(SECRET)
    now, before = app.at(NOON), app.at(NOON - dt.timedelta(seconds=30))
    assert second_factor.take_code(account, f"{now[:3]} {now[3:]}", NOON)
    assert not second_factor.take_code(account, before, NOON)
    assert not second_factor.take_code(account, now, NOON)


def test_a_recovery_code_lets_in_once_and_is_kept_as_a_hash(people: People) -> None:
    account = people["monitor"]
    codes, account.recovery = second_factor.new_recovery_codes()
    assert len(set(codes)) == 10
    assert not set(codes) & set(account.recovery)
    assert second_factor.take_code(account, codes[3].upper(), NOON)
    assert not second_factor.take_code(account, codes[3], NOON)
    assert len(Account.objects.get(username="monitor").recovery) == 9


def test_without_a_second_factor_no_code_is_right(people: People) -> None:
    assert not second_factor.take_code(people["monitor"], pyotp.TOTP(SECRET).at(NOON), NOON)
