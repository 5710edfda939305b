"""How long a session lasts: 15 minutes idle, 12 hours in all, and no longer than its account.

What a page asks by itself (a board that refreshes, the question whether the session still lives)
is not the person's doing: it carries `X-Unattended`, and does not prolong the session.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress

from django.contrib.auth import login, logout
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.write import Ledger, writing
from cartrial.capture.people.models import Account, Seat
from cartrial.capture.people.proof import lockout

IDLE = dt.timedelta(minutes=15)
WHOLE = dt.timedelta(hours=12)
NOTED = dt.timedelta(minutes=1)  # a session's last sight is written at most this often
UNATTENDED = "X-Unattended"


class SessionLimits:
    """Ends a session that is over; what was typed stays in the browser until the next login."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, once a session that is over has ended."""
        if isinstance(request.user, Account):
            self._keep_or_end(request, request.user)
        return self.answer(request)

    def _keep_or_end(self, request: HttpRequest, account: Account) -> None:
        now = clock.now()
        seat = seat_of(request)
        why = _over(account, seat, now)
        if why:
            if seat is not None:
                # it ends, though nothing can be entered now: the next login enters it (`_clear`)
                with suppress(Refused), writing(account.actor) as ledger:
                    ledger.add(action.SESSION_END, content={"why": why})
                    seat.delete()
            logout(request)
        elif seat and now - seat.seen > NOTED and UNATTENDED not in request.headers:
            Seat.objects.filter(pk=seat.pk).update(seen=now)


def _over(account: Account, seat: Seat | None, now: dt.datetime) -> str:
    if seat is None or seat.account_id != account.pk:
        return "ended elsewhere"
    if not account.is_active:
        return "account deactivated"
    if is_expired(account, now):
        return "account expired"
    return "" if end_of(seat) > now else _limit(seat, now)


def _limit(seat: Seat, now: dt.datetime) -> str:
    return "idle for 15 minutes" if now - seat.seen > IDLE else "12 hours since login"


def is_expired(account: Account, now: dt.datetime) -> bool:
    """Whether the last day of an account is over."""
    return account.expires is not None and account.expires < now.date()


def end_of(seat: Seat) -> dt.datetime:
    """When a session ends if its person does nothing more."""
    return min(seat.seen + IDLE, seat.started + WHOLE)


def seat_of(request: HttpRequest) -> Seat | None:
    """The session of a request."""
    return Seat.objects.filter(session=request.session.session_key).first()


def sit(request: HttpRequest, account: Account, by: str) -> None:
    """Begin a session, under a new id, for an account that has proved itself `by` what."""
    with writing(account.actor) as ledger:
        now = clock.now()
        _clear(ledger, now)
        lockout.forget_failures(account.username)
        address = lockout.address_of(request)
        ledger.add(action.LOGIN, key=account.username, content={"by": by, "address": address})
        request.session.flush()
        login(request, account)
        Seat.objects.create(
            session=request.session.session_key or "",
            account=account,
            started=now,
            seen=now,
            address=address,
            agent=_agent(request),
        )


def sessions(account: Account, now: dt.datetime) -> list[Seat]:
    """The sessions of an account that are not over, the newest first."""
    seats = Seat.objects.filter(account=account, seen__gt=now - IDLE, started__gt=now - WHOLE)
    return list(seats.order_by("-seen"))


def _clear(ledger: Ledger, now: dt.datetime) -> None:
    """Clear away sessions that nobody came back to."""
    over = Q(seen__lte=now - IDLE) | Q(started__lte=now - WHOLE)
    for seat in Seat.objects.filter(over).select_related("account"):
        end_sessions(ledger, seat.account, _limit(seat, now), only=seat.session)


def _agent(request: HttpRequest) -> str:
    said = request.headers.get("User-Agent", "")
    return "".join(c for c in said if c.isprintable())[:200]


def end_sessions(
    ledger: Ledger, account: Account, why: str, *, but: str = "", only: str = ""
) -> None:
    """End every session of an account at once, but the one named, or that one only."""
    seats = Seat.objects.filter(account=account).exclude(session=but)
    if only:
        seats = seats.filter(session=only)
    keys = list(seats.values_list("session", flat=True))
    if keys:
        Session.objects.filter(session_key__in=keys).delete()
        seats.delete()
        said = {"account": account.username, "sessions": str(len(keys)), "why": why}
        ledger.add(action.SESSION_END, key=account.username, content=said)
