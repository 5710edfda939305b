"""Accounts: made, changed and taken away with an entry each; never deleted, never reused."""

import pytest
from django.db import DatabaseError, connection, transaction

from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.write import Actor, writing
from cartrial.capture.people import account
from cartrial.capture.people.models import Account
from cartrial.capture.people.proof import second_factor
from tests.unit.capture.conftest import client_of, said

People = dict[str, Account]
GIVEN = {"username": "ana.r", "name": "Ana R", "role": "coordinator", "organisation": "The centre",
         "identity_by": "B Administrator", "identity_on": "2026-05-03"}  # fmt: skip


def made(people: People, **given: str) -> Account:
    return account.create(people["administrator"].actor, {**GIVEN, **given})


def test_every_change_is_entered_with_the_old_and_the_new(people: People) -> None:
    ana, admin = made(people, expires="2027-01-31"), people["administrator"].actor
    account.change(admin, ana, {**GIVEN, "role": "monitor", "expires": ""}, "another job")
    account.deactivate(admin, ana, "left")
    account.activate(admin, ana, "is back")
    assert [one["changes"] for one in said("account")] == [
        {"active": [None, "yes"], "expires": [None, "2027-01-31"],
         "identity_verified": [None, "B Administrator, 2026-05-03"], "name": [None, "Ana R"],
         "organisation": [None, "The centre"], "role": [None, "coordinator"]},
        {"expires": ["2027-01-31", None], "role": ["coordinator", "monitor"]},
        {"active": ["yes", "no"]},
        {"active": ["no", "yes"]},
    ]  # fmt: skip
    entry = Entry.objects.filter(key="ana.r").order_by("seq")[1]
    assert (entry.actor, entry.role, entry.reason) == (
        "administrator",
        "administrator",
        "another job",
    )


def test_an_entry_keeps_the_role_of_its_time(people: People) -> None:
    ana = made(people)
    with writing(ana.actor) as ledger:
        seq = ledger.add("logout").seq
    account.change(people["administrator"].actor, ana, {**GIVEN, "role": "monitor",
                   "organisation": "Elsewhere"}, "another job")  # fmt: skip
    entry = Entry.objects.get(seq=seq)
    assert (entry.role, entry.organisation) == ("coordinator", "The centre")
    assert ana.actor.role == "monitor"


@pytest.mark.parametrize(
    "wrong",
    [
        {"username": "monitor"},  # somebody has it
        {"username": "MONITOR "},
        {"username": ""},
        {"username": "a b"},
        {"username": "x\r\ny"},
        {"role": "superuser"},
        {"role": ""},
        {"name": " "},
        {"name": "a\x00b"},
        {"organisation": ""},
        {"identity_by": ""},
        {"identity_on": ""},
        {"identity_on": "3 May"},
        {"expires": "soon"},
        {"expires": "9999-12-31"},
        {"expires": "0001-01-01"},
    ],
)
def test_an_account_that_is_not_whole_is_refused(people: People, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        made(people, **wrong)
    assert said("account") == []


def test_the_name_of_somebody_who_left_is_not_given_again(people: People) -> None:
    account.deactivate(people["administrator"].actor, made(people), "left")
    with pytest.raises(Refused, match="nobody had"):
        made(people, name="Another Ana")


@pytest.mark.parametrize(
    "attack",
    [
        "DELETE FROM account WHERE username = 'monitor'",
        "UPDATE account SET username = 'auditor2' WHERE username = 'monitor'",
        "UPDATE account SET id = id + 1000 WHERE username = 'monitor'",
    ],
)
def test_no_account_is_deleted_or_renamed(people: People, attack: str) -> None:
    with pytest.raises(DatabaseError, match="must"), transaction.atomic():
        connection.cursor().execute(attack)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        people["monitor"].delete()


def test_nobody_changes_their_own_account(people: People) -> None:
    admin = people["administrator"]
    for act in (account.deactivate, account.unlock, account.revoke_second_factors,
                account.reset_password):  # fmt: skip
        with pytest.raises(Refused, match="another administrator"):
            act(admin.actor, admin, "because")


def test_a_change_needs_its_reason(people: People) -> None:
    for act in (account.deactivate, account.unlock, account.revoke_second_factors,
                account.reset_password):  # fmt: skip
        with pytest.raises(Refused, match="reason: must"):
            act(people["administrator"].actor, people["monitor"], " ")
    assert said("account") == []


def test_lost_tokens_are_revoked_at_once(people: People) -> None:
    ana = people["coordinator"]
    client = client_of(ana)
    ana.totp_secret = second_factor.new_secret()
    _, ana.recovery = second_factor.new_recovery_codes()
    ana.save()
    account.revoke_second_factors(people["administrator"].actor, ana, "telephone stolen")
    ana.refresh_from_db()
    assert (ana.totp_secret, ana.passkeys, ana.recovery) == ("", [], [])
    assert client.get("/me").status_code == 302
    assert said("account")[-1]["what"] == "second factors revoked"


@pytest.mark.parametrize("reset_first", [True, False])
def test_one_administrator_alone_cannot_take_an_account_over(
    people: People, reset_first: bool
) -> None:
    ana, admin = people["coordinator"], people["administrator"].actor
    other = made(people, username="second.admin", role="administrator").actor
    acts = [account.reset_password, account.revoke_second_factors]
    first, second = acts if reset_first else reversed(acts)
    first(admin, ana, "lost")
    with pytest.raises(Refused, match="Two people are needed"):
        second(admin, ana, "lost too")
    second(other, ana, "seen in person")


def test_after_its_owner_was_in_an_account_can_be_helped_again(people: People) -> None:
    ana, admin = people["coordinator"], people["administrator"].actor
    account.revoke_second_factors(admin, ana, "telephone lost")
    client_of(ana)
    account.reset_password(admin, ana, "forgotten")


def test_the_console_helps_a_last_administrator_who_lost_everything(people: People) -> None:
    console = Actor("console", "the console", "system", "")
    account.reset_password(console, people["administrator"], "lost")
    account.revoke_second_factors(console, people["administrator"], "lost too")
    assert [one["what"] for one in said("account")] == ["password reset", "second factors revoked"]


@pytest.mark.parametrize("username", ["system", "console", "System"])
def test_nobody_goes_by_the_name_of_the_software(people: People, username: str) -> None:
    with pytest.raises(Refused, match="which the software goes by"):
        made(people, username=username)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"identity_on": "2199-01-01"}, "verified on: must be a day that has been, got 2199-01-01"),
        ({"expires": "2020-01-31"}, "last day: must not be over, got 2020-01-31"),
    ],
)
def test_a_person_is_not_verified_tomorrow_nor_given_a_last_day_that_is_over(
    people: People, given: dict[str, str], told: str
) -> None:
    with pytest.raises(Refused, match=told):
        made(people, **given)
    assert not Account.objects.filter(username="ana.r").exists()


def test_an_account_whose_last_day_is_over_can_still_be_changed(people: People) -> None:
    ana = made(people)
    Account.objects.filter(pk=ana.pk).update(expires="2020-01-31")
    account.change(
        people["administrator"].actor, ana, {**GIVEN, "name": "Ana S", "expires": "2020-01-31"}, "m"
    )
    assert Account.objects.get(pk=ana.pk).name == "Ana S"
