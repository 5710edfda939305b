"""A signature asks for the password again, and for the code of an app that is enrolled (row S3)."""

import pyotp
import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from cartrial.capture.ledger import clock
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.people.models import Account
from cartrial.capture.people.proof.lockout import LockedOut
from cartrial.capture.people.proof.reauthenticate import reauthenticate
from tests.unit.capture.conftest import PASSWORD, Pass, said

People = dict[str, Account]
SECRET = pyotp.random_base32()


def request() -> HttpRequest:
    return RequestFactory().post("/sign")


def code() -> str:
    return pyotp.TOTP(SECRET).at(clock.now())


def test_the_password_is_enough_without_an_app(people: People) -> None:
    reauthenticate(request(), people["investigator"], PASSWORD)
    assert said("login failed") == []


def test_another_password_is_refused_entered_and_counts(people: People, passing: Pass) -> None:
    for _ in range(5):
        with pytest.raises(Refused, match="must be with the password of investigator"):
            reauthenticate(request(), people["investigator"], "wrong")
    assert [one["what"] for one in said("login failed")] == ["password at a signature"] * 5
    with pytest.raises(LockedOut):
        reauthenticate(request(), people["investigator"], PASSWORD)
    passing(minutes=16)
    reauthenticate(request(), people["investigator"], PASSWORD)


def test_a_signature_begins_to_count_anew(people: People) -> None:
    for _ in range(2):
        for _ in range(4):
            with pytest.raises(Refused):
                reauthenticate(request(), people["investigator"], "wrong")
        reauthenticate(request(), people["investigator"], PASSWORD)
    assert said("locked out") == []


def test_a_code_of_the_app_is_needed_and_works_once(people: People, passing: Pass) -> None:
    account = people["investigator"]
    Account.objects.filter(pk=account.pk).update(totp_secret=SECRET)
    for wrong in ("", "000000", code() + "0"):
        with pytest.raises(Refused, match="must be with the code"):
            reauthenticate(request(), account, PASSWORD, wrong)
    once = code()
    reauthenticate(request(), account, PASSWORD, once)
    with pytest.raises(Refused, match="used one"):
        reauthenticate(request(), account, PASSWORD, once)
    passing(seconds=30)
    reauthenticate(request(), account, PASSWORD, code())


def test_an_administrator_cannot_sign_as_another(people: People) -> None:
    with pytest.raises(Refused):  # the own password is of no use
        reauthenticate(request(), people["investigator"], "the administrator's password")
    people["investigator"].set_unusable_password()  # as a reset leaves it
    with pytest.raises(Refused):
        reauthenticate(request(), people["investigator"], "")
    with pytest.raises(Refused):
        reauthenticate(request(), people["investigator"], people["investigator"].password)


def test_who_was_deactivated_meanwhile_signs_nothing(people: People) -> None:
    Account.objects.filter(username="investigator").update(is_active=False)
    with pytest.raises(Refused):
        reauthenticate(request(), people["investigator"], PASSWORD)
