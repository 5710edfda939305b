"""The second factor at login: an app, a recovery code, a passkey; all of it enrolled first."""

from collections.abc import Iterator

import pyotp
import pytest
from django.test import Client

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import clock
from cartrial.capture.people.models import Account
from tests.unit.capture.accounts.authenticator import Authenticator
from tests.unit.capture.conftest import PASSWORD, Pass, said

People = dict[str, Account]
HOST = {"SERVER_NAME": "localhost"}


def first_step(name: str = "investigator") -> Client:
    client = Client(SERVER_NAME="localhost")
    client.post("/login", {"username": name, "password": PASSWORD, "next": "/me"})
    return client


def is_in(client: Client) -> bool:
    return client.get("/me").status_code == 200


def enrolled_app() -> tuple[str, list[str]]:
    """The secret of the app, and the recovery codes, as the pages gave them."""
    client = first_step()
    page = client.get("/me/app").content.decode()
    secret = page.split("<code>")[1].split("</code>")[0].replace(" ", "")
    code = pyotp.TOTP(secret).at(clock.now())
    done = client.post("/me/app", {"password": PASSWORD, "code": code}).content.decode()
    codes = [part.split("</code>")[0] for part in done.split("<li><code>")[1:]]
    assert len(codes) == 10
    return secret, codes


def test_an_app_is_asked_for_once_it_is_enrolled(people: People, passing: Pass) -> None:
    secret, _ = enrolled_app()
    passing(seconds=60)
    client = first_step()
    assert not is_in(client)
    code = pyotp.TOTP(secret).at(clock.now())
    assert client.post("/login/second", {"code": "000000"}).status_code == 422
    assert client.post("/login/second", {"code": code})["Location"] == "/me"
    assert is_in(client)
    other = first_step()
    assert other.post("/login/second", {"code": code}).status_code == 422
    assert not is_in(other)


def test_the_code_of_the_enrolment_is_used_up(people: People) -> None:
    secret, _ = enrolled_app()
    code = pyotp.TOTP(secret).at(clock.now())
    assert first_step().post("/login/second", {"code": code}).status_code == 422


def test_a_recovery_code_lets_in_once(people: People) -> None:
    _, codes = enrolled_app()
    assert first_step().post("/login/second", {"code": codes[0]}).status_code == 302
    assert first_step().post("/login/second", {"code": codes[0]}).status_code == 422


def test_wrong_codes_lock_the_name(people: People) -> None:
    _, codes = enrolled_app()
    client = first_step()
    for _ in range(5):
        assert client.post("/login/second", {"code": "000000"}).status_code == 422
    assert client.post("/login/second", {"code": codes[0]}).status_code == 429
    assert [one["what"] for one in said("login failed")] == ["code"] * 5
    assert len(said("locked out")) == 1


def test_the_right_password_again_does_not_forgive_wrong_codes(people: People) -> None:
    enrolled_app()
    for _ in range(5):
        assert first_step().post("/login/second", {"code": "000000"}).status_code == 422
    assert first_step().post("/login/second", {"code": "000000"}).status_code == 302  # anew
    answer = Client().post("/login", {"username": "investigator", "password": PASSWORD})
    assert answer.status_code == 429


def test_half_a_login_holds_five_minutes(people: People, passing: Pass) -> None:
    _, codes = enrolled_app()
    client = first_step()
    passing(minutes=6)
    assert client.post("/login/second", {"code": codes[0]})["Location"] == "/login"
    assert Client().post("/login/second", {"code": codes[1]})["Location"] == "/login"


def test_an_app_is_enrolled_with_the_password_and_a_right_code(people: People) -> None:
    client = first_step()
    client.get("/me/app")
    assert client.post("/me/app", {"password": "wrong", "code": "000000"}).status_code == 422
    assert client.post("/me/app", {"password": PASSWORD, "code": "000000"}).status_code == 422
    assert Account.objects.get(username="investigator").totp_secret == ""


def test_an_app_is_removed_with_password_and_code(people: People, passing: Pass) -> None:
    secret, codes = enrolled_app()
    client = first_step()
    client.post("/login/second", {"code": codes[0]})
    given = {"which": "app", "password": PASSWORD}
    assert client.post("/me/remove", given).status_code == 422
    passing(seconds=60)
    code = pyotp.TOTP(secret).at(clock.now())
    assert client.post("/me/remove", {**given, "code": code}).status_code == 302
    assert said("account")[-1]["what"] == "second factor removed: app"
    assert is_in(first_step())


def made_passkey(key: Authenticator) -> Client:
    client = first_step()
    given = {"name": "Blue key", "password": PASSWORD}
    asked = client.post("/me/passkey/ask", given).json()
    answer = client.post("/me/passkey/answer", key.make(asked), "application/json")
    assert answer.json() == {"to": "/me"}
    return client


def used_passkey(key: Authenticator) -> tuple[Client, int]:
    client = first_step()
    assert not is_in(client)
    asked = client.post("/login/passkey/ask").json()
    answer = client.post("/login/passkey/answer", key.use(asked), "application/json")
    return client, answer.status_code


def test_a_passkey_lets_in(people: People) -> None:
    key = Authenticator()
    made_passkey(key)
    client, status = used_passkey(key)
    assert status == 200
    assert is_in(client)
    assert said("account")[-1]["what"] == "second factor added: passkey Blue key"


def test_another_key_a_copy_or_another_site_does_not(people: People) -> None:
    key = Authenticator()
    made_passkey(key)
    assert used_passkey(key)[1] == 200
    for other in (Authenticator(), Authenticator("http://evil.example", "localhost"),
                  Authenticator(rp="evil.example")):  # fmt: skip
        assert used_passkey(other)[1] == 422
    key.counter -= 1  # as a copy of the key would count
    client, status = used_passkey(key)
    assert status == 422
    assert not is_in(client)
    assert len(said("login failed")) == 4


def test_an_answer_is_taken_once(people: People) -> None:
    key = Authenticator()
    made_passkey(key)
    client = first_step()
    answer = key.use(client.post("/login/passkey/ask").json())
    other = first_step()
    other.post("/login/passkey/ask")
    assert other.post("/login/passkey/answer", answer, "application/json").status_code == 422
    assert client.post("/login/passkey/answer", answer, "application/json").status_code == 200


@pytest.mark.parametrize("body", ["", "[]", "{", '{"response": 7}', "\x00", '{"id": "eA"}'])
def test_what_is_no_answer_is_refused(people: People, body: str) -> None:
    made_passkey(Authenticator())
    client = first_step()
    client.post("/login/passkey/ask")
    assert client.post("/login/passkey/answer", body, "application/json").status_code == 422


def test_passkeys_need_a_name_for_the_site(people: People) -> None:
    client = Client(SERVER_NAME="127.0.0.1")
    client.post("/login", {"username": "monitor", "password": PASSWORD})
    assert "only over HTTPS" in client.get("/me/passkey").content.decode()
    assert client.post("/me/passkey/ask", {"password": PASSWORD}).status_code == 409


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CARTRIAL_MFA", "required")
    deployment.cache_clear()
    yield
    monkeypatch.undo()
    deployment.cache_clear()


@pytest.mark.usefixtures("required")
def test_where_it_is_required_nothing_is_opened_before_it_is_enrolled(people: People) -> None:
    client = first_step()
    assert client.get("/me")["Location"] == "/me/app"
    assert client.get("/me", headers={"HX-Request": "true"})["HX-Redirect"] == "/me/app"
    assert client.get("/me/app").status_code == 200
    assert client.get("/me/passkey").status_code == 200
    made = made_passkey(Authenticator())
    assert is_in(made)
    answer = made.post("/me/remove", {"which": "0", "password": PASSWORD})
    assert answer.status_code == 422
    assert len(Account.objects.get(username="investigator").passkeys) == 1


def test_a_recovery_code_is_told_apart_and_can_be_typed_on_a_telephone(people: People) -> None:
    _, codes = enrolled_app()
    client = first_step()
    assert 'inputmode="numeric"' not in client.get("/login/second").content.decode()
    client.post("/login/second", {"code": codes[0]})
    assert said("login")[-1]["by"] == "password and recovery code"


def test_a_used_code_is_answered_with_what_to_do(people: People) -> None:
    secret, _ = enrolled_app()
    code = pyotp.TOTP(secret).at(clock.now())
    answer = first_step().post("/login/second", {"code": code}).content.decode()
    assert "Wait for the next code" in answer
