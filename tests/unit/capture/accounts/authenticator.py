"""An authenticator in software: makes and uses a passkey as a browser with a key would."""

import hashlib
import json
import os
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

UP, AT = AuthenticatorData.FLAG.UP, AuthenticatorData.FLAG.AT


class Authenticator:
    """One key, for one trial, with a counter."""

    def __init__(self, origin: str = "http://localhost", rp: str = "localhost") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id, self.origin, self.counter = os.urandom(16), origin, 0
        self.rp = hashlib.sha256(rp.encode()).digest()

    def make(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.create`."""
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.id, public)
        data = AuthenticatorData.create(self.rp, UP | AT, self.counter, bytes(credential))
        attested = AttestationObject.create("none", data, {})
        client = self._client("webauthn.create", asked)
        return self._answer(client, attestationObject=bytes(attested))

    def use(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The answer to `navigator.credentials.get`."""
        self.counter += 1
        data = bytes(AuthenticatorData.create(self.rp, UP, self.counter))
        client = self._client("webauthn.get", asked)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(client, authenticatorData=data, signature=signature)

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        said = {
            "type": kind,
            "challenge": asked["publicKey"]["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _answer(self, client: bytes, **response: bytes) -> dict[str, Any]:
        name = websafe_encode(self.id)
        plain = {key: websafe_encode(value) for key, value in response.items()}
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": {"clientDataJSON": websafe_encode(client), **plain},
            "clientExtensionResults": {},
        }
