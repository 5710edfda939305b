"""The headers of every answer: nothing is cached, framed, sniffed, or run that is not ours."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class SecurityHeaders:
    """Sets those that Django does not, and gives each page the nonce of its scripts and styles."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with its headers."""
        nonce = secrets.token_urlsafe(16)
        # a request has no such attribute by its type; the frame of the page reads it
        request.nonce = nonce  # type: ignore[attr-defined]
        response = self.answer(request)
        response["Content-Security-Policy"] = POLICY.format(nonce=nonce)
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        response["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if not request.path.startswith("/static/"):
            response.setdefault("Cache-Control", "no-store")
        return response
