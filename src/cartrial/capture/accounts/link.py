"""The page of a one-time link: the first administrator, or a password of one's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.ledger import clock
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.people import account as accounts
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import page
from cartrial.capture.people.proof import invitation, lockout
from cartrial.capture.people.proof.password import check_password, typed_twice


@page("public", post="public")
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by a one-time link; then log in with it."""
    account: Account | None = None
    try:
        account = invitation.opened(token).account
        if request.method != "POST":
            return render(request, "capture/accounts/link.html", {"for": account})
        _set_first(request, token) if account is None else _set(request, token, account)
    except Refused as fault:
        gone = isinstance(fault, invitation.UsedUp)
        shown = {"for": account, "said": str(fault), "gone": gone, "typed": request.POST}
        return render(request, "capture/accounts/link.html", shown, status=fault.status)
    return redirect("/login?set=yes")


def _set(request: HttpRequest, token: str, account: Account) -> None:
    new, again = typed_twice(request.POST)
    check_password(new, again, account)
    account.set_password(new)  # the slow part, before others wait
    with writing(account.actor):
        invitation.opened(token)  # another may have used it since
        _keep(request, account)
        lockout.forget_failures(account.username)


def _set_first(request: HttpRequest, token: str) -> None:
    given = {name: request.POST.get(name, "") for name in ("username", "name", "organisation")}
    new, again = typed_twice(request.POST)
    check_password(new, again, Account(username=given["username"], name=given["name"]))
    by = {"identity_by": "Installation of the trial", "identity_on": clock.now().date().isoformat()}
    with writing(SOFTWARE_ITSELF):
        invitation.opened(token)
        made = accounts.create(SOFTWARE_ITSELF, {**given, **by, "role": "administrator"})
        made.set_password(new)
        _keep(request, made)


def _keep(request: HttpRequest, account: Account) -> None:
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])
    what, address = "password set by a one-time link", lockout.address_of(request)
    with writing(account.actor) as ledger:
        accounts.enter(ledger, account, what, address=address)
