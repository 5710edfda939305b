"""Searching and sorting the audit trail, page by page.

A page goes on after the last entry of the one before, by the column it is sorted by and the number
of the entry: no page is lost or shown twice while entries are added.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields

from django.db.models import Q, QuerySet

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import clock
from cartrial.capture.ledger.models import Entry

PAGE = 100
SORTS = ("seq", "subject", "form", "actor", "role", "action")


@dataclass(frozen=True)
class Search:
    """What is searched for; what is empty is not asked."""

    subject: str = ""
    form: str = ""
    field: str = ""
    person: str = ""
    role: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    words: str = ""
    sort: str = "seq"
    order: str = "down"
    after: str = ""  # the last entry of the page before

    @property
    def asked(self) -> dict[str, str]:
        """What is asked, as a URL names it."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name)}


def read(given: Mapping[str, str]) -> Search:
    """The search that a URL asks for; what makes no sense is left out."""
    known = {f.name: given.get(f.name, "").replace("\0", "").strip() for f in fields(Search)}
    known["sort"] = known["sort"] if known["sort"] in SORTS else "seq"
    known["order"] = "up" if known["order"] == "up" else "down"
    known["after"] = (
        known["after"] if known["after"].isdecimal() and len(known["after"]) < 19 else ""
    )
    for name in ("since", "until"):
        known[name] = known[name] if _day(known[name]) else ""
    return Search(**known)


def found(search: Search) -> "QuerySet[Entry]":
    """Every entry that is searched for, sorted."""
    entries = Entry.objects.select_related("content").filter(_asked(search))
    sign = "" if search.order == "up" else "-"
    return entries.order_by(*dict.fromkeys((f"{sign}{search.sort}", f"{sign}seq")))


def page_of(search: Search) -> tuple[list[Entry], bool]:
    """One page of them, and whether there are more."""
    entries = found(search)
    if search.after:
        entries = entries.filter(_beyond(search))
    some = list(entries[: PAGE + 1])
    return some[:PAGE], len(some) > PAGE


def _asked(search: Search) -> Q:
    asked = Q()
    for name, column in (("subject", "subject"), ("form", "form"), ("role", "role"),
                         ("action", "action"), ("person", "actor")):  # fmt: skip
        if getattr(search, name):
            asked &= Q(**{column: getattr(search, name)})
    if search.field:
        changed, queried = f'"{search.field}":[', f'"field":"{search.field}"'
        asked &= Q(content__text__contains=changed) | Q(content__text__contains=queried)
    if search.words:
        asked &= Q(reason__icontains=search.words) | Q(content__text__icontains=search.words)
    if search.since:
        asked &= Q(at__gte=_midnight(search.since, 0))
    if search.until:
        asked &= Q(at__lt=_midnight(search.until, 1))
    return asked


def _beyond(search: Search) -> Q:
    """The entries that come after the last one of the page before."""
    seq, word = int(search.after), "gt" if search.order == "up" else "lt"
    later = Q(**{f"seq__{word}": seq})
    if search.sort == "seq":
        return later
    last = Entry.objects.filter(seq=seq).values_list(search.sort, flat=True).first()
    if last is None:
        return Q()
    return Q(**{f"{search.sort}__{word}": last}) | Q(**{search.sort: last}) & later


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: str, later: int) -> str:
    """The stamp of the beginning of a day of the centre, or of one some days later."""
    date = dt.date.fromisoformat(day)
    if date < dt.date.max:
        date += dt.timedelta(days=later)
    return (
        clock.stamp(dt.datetime.combine(date, dt.time(), deployment().zone))
        if date.year > 1
        else ""
    )
