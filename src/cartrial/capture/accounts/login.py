"""Log in and out: name and password, then the second factor where one is enrolled.

A name that nobody has is answered in the same words, after the same work, and is locked like any
other.
"""

import datetime as dt
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.people.models import Account, Seat
from cartrial.capture.people.permission import account_of, may, page, person_of
from cartrial.capture.people.proof import lockout, passkey, second_factor
from cartrial.capture.people.proof.password import LONGEST
from cartrial.capture.people.session import is_expired, sit

HALF = "half a login"  # where the session keeps who has proved the first of two factors
HALF_HOLDS = dt.timedelta(minutes=5)


class NotTogether(Refused):
    """No account has this name and this password."""


@page("own")
def home(request: HttpRequest) -> HttpResponse:
    """The page that each person begins with."""
    return redirect("/board" if may(account_of(request), "read") else "/accounts")


@page("public", post="public")
def enter(request: HttpRequest) -> HttpResponse:
    """The login page."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    if request.method != "POST":
        return _asked(request, wanted)
    try:
        account = _first_factor(request)
    except Refused as fault:
        return _asked(request, wanted, fault)
    if second_factor.is_enrolled(account):
        request.session.flush()
        since = clock.stamp(clock.now())
        request.session[HALF] = {"account": account.pk, "since": since, "next": wanted}
        return redirect("/login/second")
    sit(request, account, "password")
    return redirect(safe(request, wanted))


def _asked(request: HttpRequest, wanted: str, fault: Refused | None = None) -> HttpResponse:
    said = ""
    if fault is not None:
        wrong = isinstance(fault, NotTogether)
        said = "This name and password do not belong together" if wrong else str(fault)
    status = fault.status if fault else 200
    is_set = fault is None and "set" in request.GET
    shown = {"said": said, "next": wanted, "is_set": is_set}
    return render(request, "capture/accounts/login.html", shown, status=status)


def _first_factor(request: HttpRequest) -> Account:
    """The account whose name and password were typed; raises `Refused`."""
    name = lockout.label(request.POST.get("username", ""))
    address = lockout.address_of(request)
    lockout.refuse_locked(name, address, clock.now())
    account = Account.objects.filter(username=name).first()
    right = _is_right(account, request.POST.get("password", ""))
    with writing(SOFTWARE_ITSELF) as ledger:
        now = clock.now()
        lockout.refuse_locked(name, address, now)  # another may have failed since
        if not right:
            lockout.add_failure(ledger, name, address, now, "password")
    if not right or account is None:
        raise NotTogether("login: name and password must belong together, got two that do not")
    return account


def _is_right(account: Account | None, password: str) -> bool:
    """Whether the password is the account's; takes as long where there is no account."""
    if account is None:
        make_password(password[:LONGEST])
        return False
    right = account.check_password(password[:LONGEST]) and len(password) <= LONGEST
    return right and account.is_active and not is_expired(account, clock.now())


@page("public", post="public")
def second(request: HttpRequest) -> HttpResponse:
    """The second step: a code of the app, or a recovery code; passkeys have routes of their own."""
    account, wanted = _half(request)
    if account is None:
        return redirect("/login")
    shown: dict[str, object] = {
        "app": bool(account.totp_secret),
        "passkeys": bool(account.passkeys) and passkey.is_possible(request),
    }
    if request.method != "POST":
        return render(request, "capture/accounts/second.html", shown)
    try:
        by = _take(request, account)
    except Refused as fault:
        shown["said"] = str(fault)
        return render(request, "capture/accounts/second.html", shown, status=fault.status)
    sit(request, account, f"password and {by}")
    return redirect(safe(request, wanted))


def _half(request: HttpRequest) -> tuple[Account | None, str]:
    """Who has proved the first factor in this session, and where they wanted to go."""
    half = request.session.get(HALF)
    if not half or clock.now() - clock.moment(half["since"]) > HALF_HOLDS:
        return None, "/"
    account = Account.objects.filter(pk=half["account"], is_active=True).first()
    return account, half["next"]


def _take(request: HttpRequest, account: Account) -> str:
    """Take the code that was typed: which kind it is."""
    address = lockout.address_of(request)
    with writing(SOFTWARE_ITSELF) as ledger:
        now = clock.now()
        lockout.refuse_locked(account.username, address, now)
        account.refresh_from_db()
        printed = len(account.recovery)
        right = second_factor.take_code(account, request.POST.get("code", ""), now)
        if not right:
            lockout.add_failure(ledger, account.username, address, now, "code")
    if not right:
        raise Refused(
            "login: must be with the code that the app shows now, got another or a used one. "
            "Wait for the next code"
        )
    return "code" if len(account.recovery) == printed else "recovery code"


@page("public", post="public", only_post=True)
def passkey_ask(request: HttpRequest) -> HttpResponse:
    """What the browser needs to ask for a passkey."""
    account, _ = _half(request)
    if account is None or not passkey.is_possible(request):
        return JsonResponse({"said": "Log in anew"}, status=409)
    return JsonResponse(passkey.ask_login(request, account))


@page("public", post="public", only_post=True)
def passkey_answer(request: HttpRequest) -> HttpResponse:
    """A passkey as the second factor."""
    account, wanted = _half(request)
    if account is None or not passkey.is_possible(request):
        return JsonResponse({"said": "Log in anew"}, status=409)
    address = lockout.address_of(request)
    said: dict[str, Any] = {}
    with writing(SOFTWARE_ITSELF) as ledger:
        now = clock.now()
        lockout.refuse_locked(account.username, address, now)
        account.refresh_from_db()
        if not passkey.take_login(request, account):
            lockout.add_failure(ledger, account.username, address, now, "passkey")
            said["said"] = "This passkey was not accepted"
    if said:
        return JsonResponse(said, status=422)
    sit(request, account, "password and passkey")
    return JsonResponse({"to": safe(request, wanted)})


def safe(request: HttpRequest, wanted: str) -> str:
    """Where a login leads: a page of this trial, never another site."""
    here = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    is_page = wanted.startswith("/") and not wanted.startswith(("/log", "/link"))
    return wanted if here and is_page else "/"


@page("own", post="own", only_post=True)
def leave(request: HttpRequest) -> HttpResponse:
    """Log out."""
    account = person_of(request)
    with writing(account.actor) as ledger:
        ledger.add(action.LOGOUT)
        Seat.objects.filter(session=request.session.session_key).delete()
    logout(request)
    answer = redirect("/login")
    answer["Clear-Site-Data"] = '"cache"'  # what was typed and not saved stays: it is storage
    return answer
