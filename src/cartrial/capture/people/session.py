"""How long a session lasts: 15 minutes idle, 12 hours in all, and no longer than its account."""

import datetime as dt
from collections.abc import Callable

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account, Seat

IDLE = dt.timedelta(minutes=15)
WHOLE = dt.timedelta(hours=12)
NOTED = dt.timedelta(minutes=1)  # a session's last sight is written at most this often


class SessionLimits:
    """Ends a session that is over; what was typed stays in the browser until the next login."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, Account):
            self._keep_or_end(request, request.user)
        return self.answer(request)

    def _keep_or_end(self, request: HttpRequest, account: Account) -> None:
        now = clock.now()
        seat = Seat.objects.filter(session=request.session.session_key, account=account).first()
        why = _over(account, seat, now)
        if why:
            with writing(account.actor) as ledger:
                ledger.add(action.SESSION_END, content={"why": why})
            Seat.objects.filter(session=request.session.session_key).delete()
            logout(request)
        elif seat and now - seat.seen > NOTED:
            Seat.objects.filter(pk=seat.pk).update(seen=now)


def _over(account: Account, seat: Seat | None, now: dt.datetime) -> str:
    if seat is None:
        return "ended elsewhere"
    if not account.is_active:
        return "account deactivated"
    if account.expires is not None and account.expires < now.date():
        return "account expired"
    if now - seat.seen > IDLE:
        return "idle for 15 minutes"
    return "12 hours since login" if now - seat.started > WHOLE else ""
