"""What each person does with their own account: password, second factors, sessions."""

from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from cartrial.capture.accounts.told import told
from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.write import Ledger, writing
from cartrial.capture.people.account import enter
from cartrial.capture.people.models import Account, Seat
from cartrial.capture.people.permission import account_of, page, person_of
from cartrial.capture.people.proof import passkey, second_factor
from cartrial.capture.people.proof.password import check_password, typed_twice
from cartrial.capture.people.proof.reauthenticate import reauthenticate
from cartrial.capture.people.session import end_of, end_sessions, seat_of, sessions

APP = "secret of an app"  # where the session keeps it until a code of it was typed
NEW_PASSKEY = "name of a passkey"
SHOWN = 20  # the newest entries about the account


@page("own")
def me(request: HttpRequest) -> HttpResponse:
    """The own account: second factors, sessions, what was done with it of late."""
    account, here = person_of(request), seat_of(request)
    about = Entry.objects.filter(key=account.username).select_related("content")
    shown = {
        "seats": sessions(account, clock.now()),
        "here": here,
        "enrolled": second_factor.is_enrolled(account),
        "possible": passkey.is_possible(request),
        "entries": told(about.filter(action__in=action.OF_PEOPLE).order_by("-seq")[:SHOWN]),
    }
    return render(request, "capture/accounts/me.html", shown)


@page("own", post="own")
def password(request: HttpRequest) -> HttpResponse:
    """Set a password; every other session of the account ends."""
    account = person_of(request)
    if request.method != "POST":
        return render(request, "capture/accounts/password.html", {})
    try:
        reauthenticate(request, account, request.POST.get("password", ""), _code(request))
        new, again = typed_twice(request.POST)
        check_password(new, again, account)
    except Refused as fault:
        return _refused(request, "password", fault)
    with writing(account.actor) as ledger:
        seat = seat_of(request)
        assert seat is not None
        account.refresh_from_db()
        account.set_password(new)
        account.must_change_password = False
        account.save(update_fields=["password", "must_change_password"])
        end_sessions(ledger, account, "password changed", but=seat.session)
        enter(ledger, account, "password changed by its owner")
        update_session_auth_hash(request, account)  # under a new id
        Seat.objects.filter(pk=seat.pk).update(session=request.session.session_key)
    return redirect("/me")


@page("own", post="own")
def app(request: HttpRequest) -> HttpResponse:
    """Enrol an authenticator app: its first code proves that it holds the secret."""
    account = person_of(request)
    if account.totp_secret:
        return redirect("/me")
    secret = request.session.setdefault(APP, second_factor.new_secret())
    request.session.modified = True
    shown = {
        "qr": second_factor.qr(account, secret, deployment().study.id),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    }
    if request.method != "POST":
        return render(request, "capture/accounts/app.html", shown)
    try:
        reauthenticate(request, account, request.POST.get("password", ""))
        step = second_factor.step_of(secret, _code(request), clock.now())
        if step is None:
            raise Refused("code: must be the one that the app shows now, got another")
    except Refused as fault:
        return _refused(request, "app", fault, **shown)
    with writing(account.actor) as ledger:
        account.refresh_from_db()
        account.totp_secret, account.totp_last = secret, step
        account.save(update_fields=["totp_secret", "totp_last"])
        enter(ledger, account, "second factor added: app")
        codes = _recovery_codes(ledger, account)
    del request.session[APP]
    return render(request, "capture/accounts/recovery.html", {"codes": codes})


@page("own", post="own", only_post=True)
def recovery(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once; those before are void."""
    account = person_of(request)
    reauthenticate(request, account, request.POST.get("password", ""), _code(request))
    with writing(account.actor) as ledger:
        codes = _recovery_codes(ledger, account)
    return render(request, "capture/accounts/recovery.html", {"codes": codes})


@page("own")
def passkey_page(request: HttpRequest) -> HttpResponse:
    """Make a passkey."""
    return render(
        request, "capture/accounts/passkey.html", {"possible": passkey.is_possible(request)}
    )


@page("own", post="own", only_post=True)
def passkey_ask(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey, once the person has proved themself."""
    account = person_of(request)
    if not passkey.is_possible(request):
        return JsonResponse({"said": "Passkeys need HTTPS"}, status=409)
    try:
        reauthenticate(request, account, request.POST.get("password", ""), _code(request))
    except Refused as fault:
        return JsonResponse({"said": str(fault)}, status=fault.status)
    request.session[NEW_PASSKEY] = " ".join(request.POST.get("name", "").split())[:60] or "Passkey"
    return JsonResponse(passkey.ask_new(request, account))


@page("own", post="own", only_post=True)
def passkey_answer(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the browser made."""
    account = person_of(request)
    if NEW_PASSKEY not in request.session:
        return JsonResponse({"said": "Begin anew"}, status=409)
    try:
        with writing(account.actor) as ledger:
            account.refresh_from_db()
            name = request.session.pop(NEW_PASSKEY)
            passkey.take_new(request, account, name)
            enter(ledger, account, f"second factor added: passkey {name}")
    except Refused as fault:
        return JsonResponse({"said": str(fault)}, status=fault.status)
    return JsonResponse({"to": "/me"})


@page("own", post="own", only_post=True)
def remove_factor(request: HttpRequest) -> HttpResponse:
    """Take a second factor away: the app, or the passkey of this place in the list."""
    account, which = person_of(request), request.POST.get("which", "")
    reauthenticate(request, account, request.POST.get("password", ""), _code(request))
    with writing(account.actor) as ledger:
        account.refresh_from_db()
        what = second_factor.remove(account, which)
        if deployment().mfa_required and not second_factor.is_enrolled(account):
            raise Refused("second factor: must be kept, got the last one. Add another before")
        enter(ledger, account, f"second factor removed: {what}")
    return redirect("/me")


@page("own", post="own", only_post=True)
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of the own sessions, at once."""
    account = person_of(request)
    seat = Seat.objects.filter(pk=pk, account=account).first()
    if seat is None:
        raise Http404
    others = Seat.objects.filter(account=account).exclude(pk=pk)
    with writing(account.actor) as ledger:
        end_sessions(ledger, account, "ended by its owner", only=seat.session)
    return redirect("/me" if others.exists() else "/login")


@page("public", post="own")
def alive(request: HttpRequest) -> HttpResponse:
    """How many seconds the session still has. Asking does not prolong it; a POST does."""
    seat = seat_of(request) if account_of(request) else None
    left = (end_of(seat) - clock.now()).total_seconds() if seat else 0
    return JsonResponse({"left": max(0, round(left))})


def _code(request: HttpRequest) -> str:
    return request.POST.get("code", "")


def _refused(request: HttpRequest, name: str, fault: Refused, **shown: object) -> HttpResponse:
    said = {**shown, "said": str(fault)}
    return render(request, f"capture/accounts/{name}.html", said, status=fault.status)


def _recovery_codes(ledger: Ledger, account: Account) -> list[str]:
    codes, account.recovery = second_factor.new_recovery_codes()
    account.save(update_fields=["recovery"])
    enter(ledger, account, "recovery codes made")
    return codes
