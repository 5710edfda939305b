"""What a password must be (ASVS 6.2)."""

import pytest

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.people.models import Account
from cartrial.capture.people.proof.password import check_password
from tests.unit.capture.conftest import PASSWORD

People = dict[str, Account]


@pytest.mark.parametrize(
    "password",
    [
        "abcdefghijk",  # 11 characters
        "1q2w3e4r5t6y7u",  # of the common list
        "passwordpassword",  # one piece repeated
        "a principal investigator",  # the person's name
        "x" * 257,
        PASSWORD,  # the one before
        "123456789012345",  # digits alone
    ],
)
def test_a_weak_password_is_refused(people: People, password: str) -> None:
    with pytest.raises(Refused, match="password: must"):
        check_password(password, password, people["investigator"])


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "пароль из слов",
        "x1 y2 z3 " * 9 + "end",
        "日本語のパスワードは長く",
        "🦆" * 6 + "quacks",
    ],
)
def test_any_characters_may_be_in_it(people: People, password: str) -> None:
    check_password(password, password, people["investigator"])
    people["investigator"].set_password(password)
    assert people["investigator"].check_password(password)


def test_it_is_typed_alike_twice(people: People) -> None:
    with pytest.raises(Refused, match="alike twice"):
        check_password("a longer way home", "a longer way hone", people["investigator"])


def test_the_trial_is_not_in_it(people: People) -> None:
    password = f"my trial {deployment().study.id.lower()}"
    with pytest.raises(Refused, match="name of the trial"):
        check_password(password, password, people["investigator"])
