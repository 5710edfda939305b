"""The pages of accounts: made, changed, helped and taken away by an administrator."""

from collections.abc import Callable, Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.accounts.told import told
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.write import Actor
from cartrial.capture.people import access, account
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import ROLES, page, person_of
from cartrial.capture.people.proof import invitation, lockout
from cartrial.capture.people.session import is_expired, sessions

FAILED = 20  # the newest failures that the list of accounts shows
ACTS: Mapping[str, Callable[[Actor, Account, str], None]] = {
    "deactivate": account.deactivate,
    "activate": account.activate,
    "unlock": account.unlock,
    "revoke": account.revoke_second_factors,
}


@page("accounts")
def listed(request: HttpRequest) -> HttpResponse:
    """Every account."""
    now = clock.now()
    rows = [
        {
            "of": one,
            "locked": lockout.locked_until(one.username, "", now),
            "expired": is_expired(one, now),
            "sessions": len(sessions(one, now)),
        }
        for one in Account.objects.order_by("-is_active", "username")
    ]
    failed = Entry.objects.filter(action__in=(action.LOGIN_FAILED, action.LOCKED_OUT))
    shown = {
        "rows": rows,
        "differences": access.differences(),
        "failed": told(failed.select_related("content").order_by("-seq")[:FAILED]),
    }
    return render(request, "capture/accounts/list.html", shown)


@page("accounts", post="accounts")
def new(request: HttpRequest) -> HttpResponse:
    """A new account; its owner sets the password by the one-time link that is shown once."""
    shown = {"roles": ROLES, "typed": request.POST}
    if request.method != "POST":
        return render(request, "capture/accounts/new.html", shown)
    try:
        made = account.create(person_of(request).actor, request.POST.dict())
    except Refused as fault:
        said = {**shown, "said": str(fault)}
        return render(request, "capture/accounts/new.html", said, status=fault.status)
    return _link(request, made, invitation.link_of(made))


@page("accounts", post="accounts")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One account: what is said of the person, and what they may."""
    of = _account(pk)
    if request.method != "POST":
        return _one(request, of)
    try:
        given, reason = request.POST.dict(), request.POST.get("reason", "")
        account.change(person_of(request).actor, of, given, reason)
    except Refused as fault:
        return _one(request, _account(pk), fault)
    return redirect(f"/accounts/{pk}")


@page("accounts", post="accounts", only_post=True)
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Deactivate, activate, unlock, or revoke, with a reason."""
    of = _account(pk)
    if act not in ACTS:
        raise Http404
    try:
        ACTS[act](person_of(request).actor, of, request.POST.get("reason", ""))
    except Refused as fault:
        return _one(request, _account(pk), fault)
    return redirect(f"/accounts/{pk}")


@page("accounts", post="accounts", only_post=True)
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Reset a password: the one-time link, shown once."""
    of = _account(pk)
    try:
        to = account.reset_password(person_of(request).actor, of, request.POST.get("reason", ""))
    except Refused as fault:
        return _one(request, _account(pk), fault)
    return _link(request, of, to)


def _one(request: HttpRequest, of: Account, fault: Refused | None = None) -> HttpResponse:
    by, _, on = of.identity_verified.rpartition(", ")
    now = clock.now()
    entries = Entry.objects.filter(action=action.ACCOUNT, key=of.username)
    shown = {
        "of": of,
        "roles": ROLES,
        "identity_by": by,
        "identity_on": on,
        "locked": lockout.locked_until(of.username, "", now),
        "expired": is_expired(of, now),
        "entries": told(entries.select_related("content").order_by("-seq")),
        "own": of == person_of(request),
        "said": str(fault) if fault else "",
    }
    status = fault.status if fault else 200
    return render(request, "capture/accounts/one.html", shown, status=status)


def _link(request: HttpRequest, of: Account, to: str) -> HttpResponse:
    shown = {"of": of, "link": request.build_absolute_uri(to)}
    return render(request, "capture/accounts/given.html", shown)


def _account(pk: int) -> Account:
    found = Account.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
