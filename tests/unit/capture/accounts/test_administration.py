"""The pages of accounts and of access."""

from django.test import Client

from cartrial.capture.ledger import clock
from cartrial.capture.ledger.read import head
from cartrial.capture.people.models import Account
from tests.unit.capture.conftest import PASSWORD, Pass, client_of, said
from tests.unit.capture.people.test_account import GIVEN

People = dict[str, Account]


def admin(people: People) -> Client:
    return client_of(people["administrator"])


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_account_is_made_and_its_link_shown_once(people: People) -> None:
    client = admin(people)
    page = client.post("/accounts/new", GIVEN).content.decode()
    link = page.split("<code>http://testserver")[1].split("</code>")[0]
    ana = Account.objects.get(username="ana.r")
    assert not ana.has_usable_password()
    assert "Ana R" in text(Client(), link)
    assert link not in text(client, f"/accounts/{ana.pk}")


def test_what_was_typed_wrong_stays_on_the_page(people: People) -> None:
    answer = admin(people).post("/accounts/new", {**GIVEN, "identity_by": ""})
    assert answer.status_code == 422
    assert 'value="ana.r"' in answer.content.decode()


def test_an_account_is_changed_deactivated_and_told(people: People) -> None:
    client, ana = admin(people), people["coordinator"]
    path = f"/accounts/{ana.pk}"
    changed = client.post(path, {**GIVEN, "role": "monitor", "reason": "another job"})
    assert changed.status_code == 302
    assert client.post(f"{path}/act/deactivate", {"reason": "left"}).status_code == 302
    page = text(client, path)
    assert "role: Coordinator → Monitor" in page
    assert "active: yes → no" in page
    assert "left" in page
    assert client.post(f"{path}/act/deactivate", {"reason": ""}).status_code == 422
    assert client.post(f"{path}/act/destroy", {"reason": "x"}).status_code == 404


def test_fields_that_are_not_of_the_form_change_nothing(people: People) -> None:
    ana = people["coordinator"]
    more = {"username": "other", "password": "x", "is_active": "", "totp_secret": "x", "id": "7",
            "must_change_password": "on", "passkeys": "[]"}  # fmt: skip
    admin(people).post(f"/accounts/{ana.pk}", {**GIVEN, **more, "reason": "a name"})
    after = Account.objects.get(pk=ana.pk)
    assert (after.username, after.password, after.is_active) == ("coordinator", ana.password, True)
    assert (after.totp_secret, after.must_change_password) == ("", False)


def test_a_lock_is_seen_and_ended(people: People) -> None:
    client, ana = admin(people), people["coordinator"]
    wrong = {"username": "coordinator", "password": "wrong"}
    for _ in range(5):
        Client().post("/login", wrong)
    assert "locked until" in text(client, "/accounts")
    client.post(f"/accounts/{ana.pk}/act/unlock", {"reason": "it was she"})
    assert "locked until" not in text(client, "/accounts")
    right = {"username": "coordinator", "password": PASSWORD}
    assert Client().post("/login", right).status_code == 302
    assert said("account")[-1]["what"] == "unlocked"


def test_access_is_reviewed_and_signed(people: People) -> None:
    admin(people).post("/accounts/new", GIVEN)
    client = client_of(people["auditor"])
    assert "Never reviewed" in text(client, "/access")
    given = {"found": "all as it should be", "password": "wrong"}
    assert client.post("/access", given).status_code == 422
    assert client.post("/access", {"password": PASSWORD}).status_code == 422
    assert said("access review") == []
    assert client.post("/access", {**given, "password": PASSWORD}).status_code == 302
    assert said("access review")[0]["accounts"] == ["ana.r: coordinator"]
    assert "by A auditor: all as it should be" in text(client, "/access")


def test_who_gives_access_does_not_review_it(people: People) -> None:
    given = {"found": "all well", "password": PASSWORD}
    assert admin(people).post("/access", given).status_code == 403


def test_access_as_csv_runs_no_formula(people: People) -> None:
    client = admin(people)
    client.post("/accounts/new", {**GIVEN, "name": "=HYPERLINK(1)"})
    answer = client.get("/access.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="access.csv"'
    assert "ana.r,'=HYPERLINK(1),coordinator" in answer.content.decode("utf-8-sig")


def test_a_name_is_shown_as_text(people: People) -> None:
    client = admin(people)
    attack = '"><img src=x onerror=alert(1)>'
    client.post("/accounts/new", {**GIVEN, "name": attack, "organisation": attack})
    ana = Account.objects.get(username="ana.r")
    for path in ("/accounts", f"/accounts/{ana.pk}", "/access"):
        assert "<img src=x" not in text(client, path)


def test_an_access_list_of_a_day(people: People) -> None:
    admin(people).post("/accounts/new", GIVEN)
    client = client_of(people["auditor"])
    assert "Ana R" not in text(client, "/access?on=2020-01-01")
    assert "Ana R" in text(client, "/access")
    assert "Ana R" in text(client, "/access?on=not a day")
    for day in ("9999-12-31", "0001-01-01", "2150-01-01", "\x00", "9" * 999):
        assert text(client, f"/access?on={day}")


def test_a_review_of_access_that_is_sent_twice_is_signed_once(people: People) -> None:
    admin(people).post("/accounts/new", GIVEN)
    client = client_of(people["auditor"])
    seen = text(client, "/access").split('name="seen" value="')[1].split('"')[0]
    given = {"found": "all well", "password": PASSWORD, "seen": seen}
    assert [client.post("/access", given).status_code for _ in "12"] == [302, 302]
    assert len(said("access review")) == 1
    client.post("/access", {**given, "seen": str(head().seq)})  # the same words in another quarter
    assert len(said("access review")) == 2


def test_an_account_past_its_last_day_is_not_shown_as_active(people: People, passing: Pass) -> None:
    client, ana = admin(people), people["coordinator"]
    Account.objects.filter(pk=ana.pk).update(expires=clock.now().date())
    assert "last day over" not in text(client, "/accounts")
    passing(days=2)
    client = admin(people)
    for path in ("/accounts", f"/accounts/{ana.pk}"):
        assert "last day over" in text(client, path)
    assert text(client, "/accounts").count(">active<") == len(people) - 1
