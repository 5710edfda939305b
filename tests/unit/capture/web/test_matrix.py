"""Every route x every role and nobody x GET and POST, against the one table of permissions.

The routes are those of the resolver, so a new one is asked at once, and one without a door fails
(row U2; ASVS 8.2.1, 8.2.2, 8.3.1). A route with arguments is asked for what does not exist.
"""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, include, path

from cartrial.capture.ledger import clock
from cartrial.capture.ledger.models import Entry
from cartrial.capture.people.models import Account, Seat
from cartrial.capture.people.permission import PERMISSIONS, ROLES, page

ABSENT = {
    "IntConverter": "1000000000000000",
    "StringConverter": "none",
    "SlugConverter": "none",
    "PathConverter": "none",
    "UUIDConverter": str(uuid.UUID(int=0)),
}
DAY = "2026-05-03"


class NoDoorError(Exception):
    """A route whose view has no `@page(...)`."""


def leaves(patterns: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of a resolver, with its whole text."""
    for pattern in patterns:
        place = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from leaves(pattern.url_patterns, place)
        else:
            yield place, pattern


def door(pattern: URLPattern) -> tuple[str, str | None, bool]:
    """Who may read a route, who may post to it, and whether it is only posted to."""
    given: tuple[str, str | None, bool] | None = getattr(pattern.callback, "door", None)
    if given is None:
        raise NoDoorError(str(pattern))
    return given


def address(place: str, pattern: URLPattern) -> str:
    """A path of a route, with arguments that nothing has."""
    for name, converter in pattern.pattern.converters.items():
        kind = type(converter).__name__
        value = DAY if name in ("day", "date", "on") else ABSENT[kind]
        place = re.sub(f"<([a-z]+:)?{name}>", value, place)
    return "/" + place


def expected(pattern: URLPattern, method: str, role: str | None) -> str:
    """What the table says: open, to the login, denied, or no such method."""
    get, post, only_post = door(pattern)
    taken = ["POST"] if only_post else ["GET", "POST"] if post else ["GET"]
    if method not in taken:
        return "no such method"
    permission = (post or get) if method == "POST" else get
    if permission == "public" or (permission == "own" and role):
        return "open"
    if role is None:
        return "to the login"
    return "open" if role in PERMISSIONS[permission] else "denied"


def seen(answer: HttpResponseBase) -> str:
    """What a route answered, in the same words."""
    login = answer.headers.get("Location", "").startswith("/login?next=")
    known = {405: "no such method", 403: "denied", 302: "to the login" if login else "open"}
    if answer.status_code >= 500:
        return f"broken: {answer.status_code}"
    return known.get(answer.status_code, "open")


def seated(account: Account | None) -> Client:
    """A browser in which the account is logged in, without the cost of a password."""
    client = Client(raise_request_exception=False)
    if account is not None:
        client.force_login(account)
        now = clock.now()
        key = client.session.session_key or ""
        Seat.objects.create(session=key, account=account, started=now, seen=now)
    return client


ROUTES = dict(leaves(get_resolver().url_patterns))


@pytest.mark.parametrize("place", ROUTES)
def test_a_route_opens_to_whom_the_table_says(place: str, people: dict[str, Account]) -> None:
    pattern = ROUTES[place]
    wrong = {}
    for role in (None, *ROLES):
        for method in ("GET", "POST"):
            client = seated(people[role] if role else None)
            got = seen(client.generic(method, address(place, pattern)))
            if got != expected(pattern, method, role):
                wrong[method, role] = got
    assert wrong == {}


@pytest.mark.parametrize("place", ROUTES)
def test_reading_a_route_enters_nothing(place: str, people: dict[str, Account]) -> None:
    pattern = ROUTES[place]
    allowed = [r for r in (None, *ROLES) if expected(pattern, "GET", r) in ("open", "to the login")]
    for role in allowed[:3]:
        seated(people[role] if role else None).get(address(place, pattern))
    assert Entry.objects.count() == 0


def test_every_permission_is_of_some_route_or_role() -> None:
    assert all(set(roles) <= set(ROLES) and roles for roles in PERMISSIONS.values())


def test_an_administrator_has_nothing_clinical() -> None:
    of_administrator = {name for name, roles in PERMISSIONS.items() if "administrator" in roles}
    assert of_administrator == {"accounts", "access"}


@page("read", post="enter")
def guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("opened")


def unguarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse("opened")


def doorless(routes: dict[str, URLPattern]) -> list[str]:
    """The routes whose view has no door."""
    return [place for place, pattern in routes.items() if not hasattr(pattern.callback, "door")]


def test_every_route_has_its_door() -> None:
    assert doorless(ROUTES) == []


def test_a_route_without_a_door_fails() -> None:
    more = [path("x", guarded), path("y", unguarded), path("z/", include([path("", unguarded)]))]
    assert doorless(dict(leaves(more))) == ["y", "z/"]
    with pytest.raises(NoDoorError):
        door(path("y", unguarded))


def test_a_door_of_another_permission_is_seen(people: dict[str, Account]) -> None:
    pattern = path("x", guarded)
    request = RequestFactory().post("/x")
    request.user = people["monitor"]
    assert expected(pattern, "POST", "monitor") == seen(guarded(request)) == "denied"
    assert seen(unguarded(request)) == "open" != expected(pattern, "POST", "monitor")


def test_a_session_of_nobody_is_nobody(people: dict[str, Account]) -> None:
    client = seated(people["monitor"])
    session = client.session
    session[SESSION_KEY] = "999999"
    session.save()
    assert client.get("/me").status_code == 302
