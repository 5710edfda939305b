"""To whom a session belongs. Passwords are asked for by the login page alone."""

from typing import Any

from django.http import HttpRequest

from cartrial.capture.people.models import Account


class Accounts:
    """Django's door from a session to its account."""

    def authenticate(self, request: HttpRequest | None, **given: Any) -> None:
        """Nobody: there is no other way in than the login page."""

    def get_user(self, pk: int) -> Account | None:
        """The account of a session."""
        return Account.objects.filter(pk=pk).first()
