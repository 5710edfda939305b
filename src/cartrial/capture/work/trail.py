"""The audit trail: searched, read entry by entry, exported whole, and redacted in rare cases."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode

from cartrial import schema as s
from cartrial.capture.ledger import action
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import step, subjects
from cartrial.capture.ledger.row import CAPTURED, SUBJECT
from cartrial.capture.ledger.verify import entries
from cartrial.capture.ledger.write import SOFTWARE_ITSELF, writing
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import ROLES, page, person_of
from cartrial.capture.people.proof.reauthenticate import reauthenticate
from cartrial.capture.state.fold.follow import QUERIES
from cartrial.capture.trail import verify_trail
from cartrial.capture.trail.export import csv_lines, write_csv, write_parquet
from cartrial.capture.web.attachment import attachment
from cartrial.capture.work.search import SORTS, page_of, read
from cartrial.capture.work.shown import changes, said_in

REDACTABLE = (*action.CLINICAL, *QUERIES, action.CHECK_FIRED)
SYSTEM = SOFTWARE_ITSELF.username
FORMATS = ("csv", "parquet")


@page("trail")
def trail(request: HttpRequest) -> HttpResponse:
    """The trail, newest first, or as it is searched and sorted."""
    search = read(request.GET.dict())
    some, more = page_of(search)
    asked = search.asked
    first = {name: value for name, value in asked.items() if name != "after"}
    said = {
        "shown": changes(step(entry) for entry in some),
        "search": search,
        "next": urlencode({**asked, "after": str(some[-1].seq)}) if more else "",
        "first": urlencode(first) if search.after else "",
        "sorts": [_sort(search.sort, search.order, name, first) for name in SORTS],
        "subjects": subjects(),
        "forms": list(CAPTURED),
        "fields": _fields(search.form),
        "roles": ROLES,
        "actions": sorted(Entry.objects.order_by().values_list("action", flat=True).distinct()),
        "people": [
            *Account.objects.order_by("username").values_list("username", flat=True),
            SYSTEM,
        ],
    }
    return render(request, "capture/work/trail.html", said)


def _fields(form: str) -> list[s.Column]:
    return [c for c in s.columns(CAPTURED[form]) if c.name != SUBJECT] if form in CAPTURED else []


def _sort(sort: str, order: str, name: str, asked: dict[str, str]) -> dict[str, str]:
    """The head of a column: by which URL it is sorted, and how it is now."""
    now = {"up": "ascending", "down": "descending"}[order] if name == sort else "none"
    turned = "up" if now != "ascending" else "down"
    return {"name": name, "now": now, "url": urlencode({**asked, "sort": name, "order": turned})}


@page("trail")
def entry(request: HttpRequest, seq: int) -> HttpResponse:
    """One entry, whole: who, when, what changed, why, and its place in the chain."""
    there = _entry(seq)
    (shown,) = changes([step(there)])
    text = there.content.text
    said = {
        "entry": there,
        "shown": shown,
        "content": said_in(there.form, json.loads(text or "{}")),
        "redacted": text is None,
        "redactable": there.action in REDACTABLE and text is not None,
        "next": Entry.objects.filter(seq=seq + 1).exists(),
    }
    return render(request, "capture/work/entry.html", said)


def _entry(seq: int) -> Entry:
    if seq >= 2**63:
        raise Http404
    return get_object_or_404(Entry.objects.select_related("content"), seq=seq)


@page("redact", post="redact")
def redact(request: HttpRequest, seq: int) -> HttpResponse:
    """Blank what an entry says: for what should never have been entered, as a patient's name."""
    there = _entry(seq)
    if there.action not in REDACTABLE or there.content.text is None:
        raise Http404
    columns = sorted(step(there).changes or {})
    if request.method == "POST":
        account = person_of(request)
        chosen = [name for name in request.POST.getlist("columns") if name in columns]
        _redact(request, account, there, chosen, must_choose=bool(columns))
        return redirect(f"/trail/{seq}")
    (shown,) = changes([step(there)])
    said = {"entry": there, "shown": shown, "columns": columns}
    return render(request, "capture/work/redact.html", said)


def _redact(
    request: HttpRequest, account: Account, there: Entry, columns: list[str], *, must_choose: bool
) -> None:
    if must_choose and not columns:
        raise Refused("redact: must name what should not have been entered, got nothing")
    given = request.POST
    reauthenticate(request, account, given.get("password", ""), given.get("code", ""))
    with writing(account.actor) as ledger:
        ledger.redact(there.seq, columns, given.get("reason", ""))


@page("trail", post="trail", only_post=True)
def export(request: HttpRequest) -> HttpResponseBase:
    """The whole trail, up to the entry of this very export."""
    account = person_of(request)
    kind = request.POST.get("format", "")
    if kind not in FORMATS:
        raise Http404
    with writing(account.actor) as ledger:
        last = ledger.add(action.EXPORT, content={"what": "audit trail", "format": kind}).seq
    if kind == "csv":
        named = {"Content-Disposition": f'attachment; filename="trail-{last}.csv"'}
        return StreamingHttpResponse(csv_lines(_upto(last)), content_type="text/csv", headers=named)
    return _parquet(last)


def _parquet(last: int) -> FileResponse:
    with TemporaryDirectory() as folder:
        trail, file = Path(folder) / "trail.csv", Path(folder) / "trail.parquet"
        write_csv(_upto(last), trail)
        write_parquet(trail, file)
        opened = file.open("rb")  # it stays readable after its name is gone
    return FileResponse(
        opened,
        content_type="application/vnd.apache.parquet",
        as_attachment=True,
        filename=f"trail-{last}.parquet",
    )


def _upto(last: int) -> Iterator[dict[str, Any]]:
    """The entries up to a number; those that come while they are read are left out."""
    for entry in entries():
        if entry["seq"] > last:
            return
        yield entry


@page("trail")
def verifier(request: HttpRequest) -> HttpResponse:
    """The stand-alone verifier of an exported trail."""
    text = Path(verify_trail.__file__).read_bytes()
    return attachment(text, "verify_trail.py", "text/x-python")
