"""The pages of uploads: give a file, see what was understood, enter it."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.deployment import deployment
from cartrial.capture.entry.pages.page import ANSWERS, reason_part
from cartrial.capture.entry.saving.submit import reason_of
from cartrial.capture.ledger import action, read
from cartrial.capture.ledger.centre import here
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.models import Entry
from cartrial.capture.people.permission import page, person_of
from cartrial.capture.state.shown.words import title
from cartrial.capture.upload.against import DIFFERENT, ENTERED, HELD, SAME, compare, seal
from cartrial.capture.upload.enter import enter_upload
from cartrial.capture.upload.kept import (
    ENDINGS,
    LARGEST,
    MIB,
    TITLES,
    Kept,
    forget,
    keep,
    kept_of,
)
from cartrial.capture.upload.understood import answer, understand
from cartrial.errors import DataError

LISTED = 30  # uploads


@page("import", post="import")
def uploads(request: HttpRequest) -> HttpResponse:
    """The uploads so far; posting gives a file."""
    if request.method != "POST":
        return _list(request)
    account = person_of(request)
    given = [one for name in ("file", "samples") for one in request.FILES.getlist(name)[:1]]
    kind = request.POST.get("kind", "")
    if kind != "plate":
        given = given[:1]
    try:
        kept = keep(kind, given, account.username)
    except DataError as fault:
        return _list(request, fault=str(fault))
    try:
        understand(deployment().study, kept)
    except DataError as fault:
        forget(kept)
        return _list(request, fault=str(fault))
    return redirect(f"/uploads/{kept.token}")


def _list(request: HttpRequest, *, fault: str = "") -> HttpResponse:
    entries = Entry.objects.filter(action=action.UPLOAD).select_related("content")
    context = {
        "kinds": TITLES,
        "accepted": ",".join(dict.fromkeys(end for ends in ENDINGS.values() for end in ends)),
        "largest": LARGEST // MIB,
        "fault": fault,
        "chosen": request.POST.get("kind", ""),
        "uploads": [(one, read.content(one)) for one in entries.order_by("-seq")[:LISTED]],
    }
    return render(request, "capture/upload/list.html", context, status=422 if fault else 200)


@page("import", post="import")
def upload(request: HttpRequest, token: str) -> HttpResponse:
    """What an upload was understood as; posting answers what is asked about it, or enters it."""
    kept = _kept(token)
    if request.method != "POST":
        return _preview(request, kept)
    if "plan" in request.POST:
        return _answered(request, kept)
    account, sent = person_of(request), request.POST.dict()
    given = sent.get("_reason", "") != ""
    reason, faults = reason_of(sent) if given else ("", [])
    if faults:
        return _preview(request, kept, fault=f"reason: {faults[0].words}")
    try:
        entry = enter_upload(
            deployment().study,
            account,
            kept,
            seen=sent.get("seen", ""),
            reason=reason,
            answer=sent.get("answer", ""),
            now=here(),
        )
    except (Refused, DataError) as fault:
        status = fault.status if isinstance(fault, Refused) else 422
        return _preview(request, kept, fault=str(fault), status=status)
    return redirect(f"/uploads/{kept.token}?saved={entry.seq}")


def _answered(request: HttpRequest, kept: Kept) -> HttpResponse:
    try:
        answer(kept, request.POST["plan"])
        understand(deployment().study, kept)
    except DataError as fault:
        kept.plan.unlink(missing_ok=True)
        return _preview(request, kept, fault=str(fault), plan=request.POST["plan"])
    return redirect(f"/uploads/{kept.token}")


@page("import")
def content(request: HttpRequest, token: str, number: int) -> FileResponse:
    """A file as it was uploaded; never shown, always saved, under a name of ours."""
    kept = _kept(token)
    if not 1 <= number <= len(kept.files):
        raise Http404
    file = kept.files[number - 1]
    answer = FileResponse(
        kept.path(file).open("rb"),
        as_attachment=True,
        filename=f"upload-{file.place}",
        content_type="application/octet-stream",
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _kept(token: str) -> Kept:
    kept = kept_of(token)
    if kept is None:
        raise Http404
    return kept


def _preview(
    request: HttpRequest, kept: Kept, *, fault: str = "", status: int = 422, plan: str = ""
) -> HttpResponse:
    study, sent = deployment().study, request.POST.dict()
    found = understand(study, kept)
    forms, _ = read.forms_now()
    compared = compare(study, found, forms, here())
    entered = [one for one in compared if one.status in ENTERED]
    context: dict[str, Any] = {
        "kept": kept,
        "title": title(found.form),
        "found": found,
        "plan": plan or found.plan,
        "entered": entered,
        "same": [one for one in compared if one.status == SAME],
        "held": [one for one in compared if one.status == HELD],
        "differs": any(one.status == DIFFERENT for one in entered),
        "asks": any(one.doubts for one in entered),
        "held_count": len(found.held) + sum(one.status == HELD for one in compared),
        "seen": seal(compared),
        "fault": fault,
        "answer": sent.get("answer", ""),
        "answers": ANSWERS,
        "saved": request.GET.get("saved", "") if request.method == "GET" else "",
        **reason_part(sent),
        "needs_reason": True,
        "zone": deployment().time_zone,
    }
    return render(request, "capture/upload/one.html", context, status=status if fault else 200)
