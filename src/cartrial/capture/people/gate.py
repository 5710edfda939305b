"""What must be done before anything else: an own password, a second factor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cartrial.capture.deployment import deployment
from cartrial.capture.people.models import Account
from cartrial.capture.people.proof import second_factor

ALWAYS = ("/password", "/logout", "/alive", "/static/")
TO_ENROL = ("/me/app", "/me/passkey")


class Gate:
    """Leads every page to what is to be done first."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the way to what is to be done first."""
        to = _first(request)
        if not to:
            return self.answer(request)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": to})
        return redirect(to)


def _first(request: HttpRequest) -> str:
    account = request.user
    if not isinstance(account, Account) or request.path.startswith(ALWAYS):
        return ""
    if account.must_change_password:
        return "/password"
    if deployment().mfa_required and not second_factor.is_enrolled(account):
        return "" if request.path.startswith(TO_ENROL) else "/me/app"
    return ""
