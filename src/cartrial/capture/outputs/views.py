"""The pages of data cuts, their outputs, and certified copies of subjects."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger import action, clock
from cartrial.capture.ledger.centre import today
from cartrial.capture.ledger.fault import Refused
from cartrial.capture.ledger.read import subjects
from cartrial.capture.ledger.write import writing
from cartrial.capture.outputs import certified, running
from cartrial.capture.outputs.cut import Cut, altered, cut_of, cuts, folder_of, make_cut
from cartrial.capture.outputs.order import ORDER, State, read_state
from cartrial.capture.outputs.product import PRODUCTS
from cartrial.capture.people.permission import account_of, denied, may, page, person_of
from cartrial.capture.web.attachment import attachment

ZIP = "application/zip"


@page("outputs", post="export")
def index(request: HttpRequest) -> HttpResponse:
    """The data cuts and the subjects; posting makes a cut."""
    said = ""
    if request.method == "POST":
        try:
            made = _make(request)
        except Refused as fault:
            said = str(fault)
        else:
            running.begin(folder_of(deployment(), made.number))
            return redirect("cut", made.number)
    shown = {
        "cuts": [(cut, _state(cut)) for cut in cuts()],
        "subjects": subjects(),
        "today": request.POST.get("date") or today().isoformat(),
        "purpose": request.POST.get("purpose", ""),
        "said": said,
    }
    return render(request, "capture/outputs/index.html", shown, status=422 if said else 200)


@page("outputs")
def cut(request: HttpRequest, number: int) -> HttpResponse:
    """One data cut: what it holds, and its outputs."""
    return render(request, "capture/outputs/cut.html", _shown(request, _found(number)))


@page("outputs")
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """The outputs of a cut as far as they are made: the part of the page that refreshes itself."""
    return render(request, "capture/outputs/products.html", _shown(request, _found(number)))


@page("export", post="export", only_post=True)
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Make the outputs of a cut again, after they stopped."""
    found = _found(number)
    if not _state(found).is_running and not _is_gone(found):
        running.begin(folder_of(deployment(), found.number))
    return redirect("cut", number)


@page("export", post="export", only_post=True)
def take(request: HttpRequest, number: int, product: str) -> HttpResponse:
    """Take an output away, as a file; it is entered who did."""
    found = _found(number)
    if product not in PRODUCTS:
        raise Http404
    if not may(account_of(request), PRODUCTS[product].permission):
        return denied(request, PRODUCTS[product].permission)
    sha256 = _state(found).done.get(product)
    if sha256 is None:
        raise Http404
    content = _whole(folder_of(deployment(), number) / f"{product}.zip", sha256)
    _enter(request, {"cut": f"{number}", "product": product, "sha256": sha256})
    named = f"{deployment().study.id}-cut-{number}-{product}.zip"
    return attachment(content, named, ZIP)


def _whole(file: Path, sha256: str) -> bytes:
    """The bytes of an output, as they were made."""
    content = file.read_bytes() if file.is_file() else b""
    if certified.hash_of(content) != sha256:
        raise Refused(f"output: {file.name} must be as it was made, got another")
    return content


@page("certify", post="certify", only_post=True)
def copy(request: HttpRequest, subject: str) -> HttpResponse:
    """The certified copy of a subject, as a file; it is entered who made it."""
    if subject not in subjects():
        raise Http404
    account = person_of(request)
    content = certified.copy_zip(deployment(), subject, by=account.name, at=clock.now())
    _enter(request, {"product": "certified copy", "sha256": certified.hash_of(content)}, subject)
    named = f"{deployment().study.id}-{subject}-certified-copy.zip"
    return attachment(content, named, ZIP)


def _make(request: HttpRequest) -> Cut:
    given = request.POST.get("date", "")
    try:
        date = dt.date.fromisoformat(given)
    except ValueError:
        raise Refused("date: must be a day as 2026-05-03, got another text") from None
    purpose = request.POST.get("purpose", "")[:200]
    return make_cut(deployment(), person_of(request).actor, date, purpose)


def _shown(request: HttpRequest, found: Cut) -> dict[str, Any]:
    account, state = account_of(request), _state(found)
    return {
        "cut": found,
        "state": state,
        "gone": _is_gone(found),
        "altered": altered(deployment(), found),
        "rows": sum(int(form["rows"]) for form in found.forms.values()),
        "products": [
            {
                "name": name,
                "title": product.title,
                "about": product.about,
                "command": _command(found, name),
                "may": may(account, product.permission),
                "sha256": state.done.get(name, ""),
                "making": state.step == name and state.is_running,
            }
            for name, product in PRODUCTS.items()
        ],
    }


def _command(found: Cut, name: str) -> str:
    """The command that makes the same bytes; none tabulates up to an earlier date."""
    if name == "sdtm" and f"{found.date}" < found.at[:10]:
        return ""
    return PRODUCTS[name].command.format(date=found.date)


def _state(found: Cut) -> State:
    """How far the outputs of a cut are; a making that was killed is told."""
    folder = folder_of(deployment(), found.number)
    state = read_state(folder)
    if state.pid and not (state.is_running or state.is_done or state.fault):
        return State(fault="the making ended early: the server was stopped", done=state.done)
    if _is_gone(found):
        return State(fault="its folder is not there")
    return state


def _is_gone(found: Cut) -> bool:
    """Whether the folder of a cut is absent: removed, or not in what was restored."""
    return not (folder_of(deployment(), found.number) / ORDER).exists()


def _found(number: int) -> Cut:
    found = cut_of(number)
    if found is None:
        raise Http404
    return found


def _enter(request: HttpRequest, said: dict[str, str], subject: str = "") -> None:
    with writing(person_of(request).actor) as ledger:
        ledger.add(action.EXPORT, subject=subject, content=said)
