"""Passkeys (WebAuthn) as a second factor.

The browser asks for them on HTTPS, or on `localhost`, and never for an address in digits. A counter
that does not go up is of a copy, and is refused.

Source: W3C Web Authentication, level 2, sections 7.1 and 7.2
"""

import json
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
)

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.people.models import Account

STATE = "passkey asked for"  # where the session keeps the challenge
NOT_ACCEPTED = (
    ValueError,
    KeyError,
    TypeError,
)  # what fido2 raises for an answer that is not right


def is_possible(request: HttpRequest) -> bool:
    """Whether a browser can use passkeys at the address by which it reached us."""
    name = _name(request)
    try:
        ip_address(name)
    except ValueError:
        return request.is_secure() or name == "localhost" or name.endswith(".localhost")
    return False


def ask_new(request: HttpRequest, account: Account) -> dict[str, Any]:
    """What the browser needs to make a passkey."""
    who = PublicKeyCredentialUserEntity(
        id=str(account.pk).encode(), name=account.username, display_name=account.name
    )
    asked, state = _server(request).register_begin(who, _credentials(account))
    request.session[STATE] = state
    return _plain(asked)


def take_new(request: HttpRequest, account: Account, name: str) -> None:
    """Keep the passkey that the browser made; raises `Refused`."""
    try:
        made = _server(request).register_complete(request.session.pop(STATE, {}), _body(request))
    except NOT_ACCEPTED:
        raise Refused("passkey: must be made for this page, got another answer") from None
    assert made.credential_data is not None
    account.passkeys = [
        *account.passkeys,
        {
            "name": name,
            "data": websafe_encode(bytes(made.credential_data)),
            "counter": made.counter,
        },
    ]
    account.save(update_fields=["passkeys"])


def ask_login(request: HttpRequest, account: Account) -> dict[str, Any]:
    """What the browser needs to ask for a passkey."""
    asked, state = _server(request).authenticate_begin(_credentials(account))
    request.session[STATE] = state
    return _plain(asked)


def take_login(request: HttpRequest, account: Account) -> bool:
    """Whether the browser's answer is by a passkey of the account; its counter is kept."""
    try:
        answer = AuthenticationResponse.from_dict(_body(request))
        state, known = request.session.pop(STATE, {}), _credentials(account)
        used = _server(request).authenticate_complete(state, known, answer)
    except NOT_ACCEPTED:
        return False
    counter = answer.response.authenticator_data.counter
    kept = account.passkeys[known.index(used)]
    if counter <= kept["counter"] and (counter, kept["counter"]) != (0, 0):
        return False
    kept["counter"] = counter
    account.save(update_fields=["passkeys"])
    return True


def _server(request: HttpRequest) -> Fido2Server:
    trial = PublicKeyCredentialRpEntity(id=_name(request), name=deployment().study.id)
    return Fido2Server(trial)


def _name(request: HttpRequest) -> str:
    return urlsplit("//" + request.get_host()).hostname or ""


def _credentials(account: Account) -> list[AttestedCredentialData]:
    return [AttestedCredentialData(websafe_decode(one["data"])) for one in account.passkeys]


def _body(request: HttpRequest) -> dict[str, Any]:
    said = json.loads(request.body)
    if not isinstance(said, dict):
        raise TypeError
    answer: dict[str, Any] = said
    return answer


def _plain(options: Any) -> dict[str, Any]:
    plain: dict[str, Any] = dict(options)
    return plain
