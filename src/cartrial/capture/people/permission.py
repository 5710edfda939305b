"""The one table of role and permission, and the door by which each page asks it.

    @page("read", post="enter")
    def edit(request): ...

A page names the permission that reading it needs, and the one that posting to it needs; without
`post` it takes no POST. A route whose view has no such door fails the tests.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import urlencode

from cartrial.capture.ledger import action
from cartrial.capture.ledger.write import writing
from cartrial.capture.people.models import Account

ROLES: Mapping[str, str] = {
    "investigator": "Principal investigator",
    "sub_investigator": "Sub-investigator",
    "coordinator": "Coordinator",
    "laboratory": "Laboratory",
    "monitor": "Monitor",
    "data_manager": "Data manager",
    "statistician": "Statistician",
    "committee": "Safety committee",
    "auditor": "Auditor",
    "administrator": "Administrator",
}
CLINICAL = ("investigator", "sub_investigator", "coordinator")
READERS = tuple(role for role in ROLES if role != "administrator")

# permission: who has it. `public` needs no account, `own` any account.
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    "read": READERS,  # clinical data, board, subject page
    "enter": CLINICAL,  # rows of forms
    "import": (*CLINICAL, "laboratory", "data_manager"),  # laboratory files, plates
    "query": ("monitor", "data_manager"),  # open and close
    "answer": CLINICAL,
    "sdv": ("monitor",),
    "review": ("monitor", "data_manager", "investigator", "auditor"),  # the audit trail, planned
    "freeze": ("data_manager",),
    "lock": ("data_manager",),
    "unlock": ("data_manager",),
    "sign": ("investigator", "sub_investigator"),
    "endorse": ("investigator",),  # a whole casebook
    "adjudicate": ("investigator", "committee"),  # a dose-limiting toxicity
    "assign": ("investigator", "coordinator"),  # slots
    "propose": ("investigator", "statistician"),  # a dose decision, the first of two people
    "decide": ("committee",),  # the second
    "trail": ("monitor", "data_manager", "auditor", "investigator"),  # the whole audit trail
    "outputs": ("investigator", "data_manager", "statistician", "auditor"),  # the page of them
    "export": ("investigator", "data_manager", "statistician"),  # without identifiers
    "export_whole": ("investigator", "data_manager"),
    "certify": ("investigator", "data_manager", "auditor"),  # certified copies
    "redact": ("data_manager",),
    "accounts": ("administrator",),
    "access": ("administrator", "auditor", "data_manager", "investigator"),  # who has, and had, it
    "review_access": ("auditor", "data_manager", "investigator"),  # not who gives it
}
ANYONE = ("public", "own")
View = Callable[..., HttpResponseBase]


def may(account: Account | None, permission: str) -> bool:
    """Whether an account has a permission now."""
    if permission == "public":
        return True
    if account is None:
        return False
    return permission == "own" or account.role in PERMISSIONS[permission]


def page(get: str, *, post: str | None = None, only_post: bool = False) -> Callable[[View], View]:
    """The door of a view: who may read it, and who may post to it."""
    known = {*PERMISSIONS, *ANYONE}
    if not {get, post or get} <= known:
        raise TypeError(f"a permission must be one of {', '.join(sorted(known))}")

    def door(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            methods = ["POST"] if only_post else ["GET", "HEAD"] + ["POST"] * (post is not None)
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            permission = (post or get) if request.method == "POST" else get
            account = account_of(request)
            if account is None and permission != "public":
                return _to_login(request)
            if not may(account, permission):
                return denied(request, permission)
            return view(request, *args, **kwargs)

        # a function has no such attribute by its type; the tests read it of each route
        asked.door = (get, post, only_post)  # type: ignore[attr-defined]
        return asked

    return door


def account_of(request: HttpRequest) -> Account | None:
    """The account that is logged in, or null."""
    user = request.user
    return user if isinstance(user, Account) and user.is_active else None


def person_of(request: HttpRequest) -> Account:
    """The account that is logged in, behind a door that lets nobody else in."""
    account = account_of(request)
    assert account is not None
    return account


def denied(request: HttpRequest, permission: str) -> HttpResponse:
    """The answer to a person who may not; it is entered."""
    account = person_of(request)
    with writing(account.actor) as ledger:
        ledger.add(
            action.DENIED,
            content={"path": request.path[:200], "method": str(request.method), "to": permission},
        )
    said = {"permission": permission, "role": ROLES[account.role]}
    return render(request, "capture/denied.html", said, status=403)


def _to_login(request: HttpRequest) -> HttpResponse:
    to = "/login?" + urlencode({"next": _page_of(request)})
    if request.headers.get("HX-Request"):  # a part of a page: the whole page goes to the login
        return HttpResponse(status=401, headers={"HX-Redirect": to})
    return redirect(to)


def _page_of(request: HttpRequest) -> str:
    """The page that was open: what is posted to, or a part of a page, is none."""
    if request.method == "GET" and not request.headers.get("HX-Request"):
        return request.get_full_path()
    before = urlsplit(request.headers.get("Referer", ""))
    if before.netloc != request.get_host():
        return "/"
    return before._replace(scheme="", netloc="", fragment="").geturl()
