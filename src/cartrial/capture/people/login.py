"""Log in and out."""

from django.contrib.auth import authenticate, logout
from django.contrib.auth import login as begin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.people.models import Account, Seat
from cartrial.capture.people.permission import account_of, page


@page("public", post="public")
def enter(request: HttpRequest) -> HttpResponse:
    """The login page."""
    said = ""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    if request.method == "POST":
        name = request.POST.get("username", "")
        account = authenticate(request, username=name, password=request.POST.get("password", ""))
        if isinstance(account, Account):
            sit(request, account)
            safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
            return redirect(wanted if safe else "/")
        with writing(SOFTWARE_ITSELF) as ledger:
            ledger.add(action.LOGIN_FAILED, content={"username": name[:60]})
        said = "This name and password do not belong together"
    shown = {"said": said, "next": wanted}
    return render(request, "capture/login.html", shown, status=422 if said else 200)


def sit(request: HttpRequest, account: Account) -> None:
    """Begin a session for an account that has proved itself."""
    begin(request, account)
    now = clock.now()
    with writing(account.actor) as ledger:
        ledger.add(action.LOGIN)
        Seat.objects.create(
            session=request.session.session_key or "",
            account=account,
            started=now,
            seen=now,
            address=request.META.get("REMOTE_ADDR", ""),
            agent=request.headers.get("User-Agent", "")[:200],
        )


@page("own", post="own", only_post=True)
def leave(request: HttpRequest) -> HttpResponse:
    """Log out."""
    account = account_of(request)
    assert account is not None
    with writing(account.actor) as ledger:
        ledger.add(action.LOGOUT)
        Seat.objects.filter(session=request.session.session_key).delete()
    logout(request)
    return redirect("/login")
