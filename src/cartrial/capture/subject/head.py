"""The head of a subject's page: where they stand, what is open, what comes next."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from cartrial.capture.entry.pages.subjects import Line
from cartrial.capture.state.act import Place
from cartrial.capture.state.fold.follow import State
from cartrial.capture.state.shown.words import local
from cartrial.capture.subject.derived import Derived, Made
from cartrial.capture.subject.drawing.words import counted
from cartrial.capture.subject.panel import response

OF_SUBJECT = (("subject", "Data"), ("casebook", "Casebook"))  # meanings of a signature


@dataclass(frozen=True)
class Fact:
    """One thing that is known of the subject, with the page where it is worked on."""

    label: str
    words: str
    more: str = ""
    href: str = ""
    look: str = ""


def facts(line: Line, derived: Derived, state: State, window: int | None) -> Iterator[Fact]:
    """What the head shows, in order."""
    yield Fact("Dose level", line.level or "not assigned")
    if line.infused:
        yield Fact("Infused", str(line.infused), line.ended or f"day {line.day} today")
    else:
        yield Fact("Infused", "not yet", line.ended)
    if window and line.infused:
        yield _dlt(derived, window)
    best = response.best(derived.course)
    newest, _ = response.newest(derived.course)
    if best:
        more = f"newest by the criteria {newest}" if newest else ""
        yield Fact("Best response", best, more, "#response")
    yield _queries(line)
    yield from _signatures(line.subject, state)
    yield _next(line)


def _dlt(derived: Derived, window: int) -> Fact:
    made = derived.dlt
    if made is None:
        return Fact("DLT status", "not derived", f"window to day {window}", "/dose")
    look = {"DLT": "warn", "complete": "good"}.get(made["DLTSTAT"], "")
    return Fact("DLT status", made["DLTSTAT"], "; ".join(_why(made, window)), "/dose", look)


def _why(made: Made, window: int) -> Iterator[str]:
    if made["DLTREAS"]:
        yield made["DLTREAS"]
    if made["DLTTERM"]:
        on = "" if made["DLTDAY"] is None else f", day {made['DLTDAY']}"
        yield f"{made['DLTTERM']}{on}"
    yield f"window to day {made['DLTWIN'] or window}"


def _queries(line: Line) -> Fact:
    if not line.queries:
        return Fact("Open queries", "none")
    href = f"/queries?subject={quote(line.subject)}"
    return Fact("Open queries", str(line.queries), "", href, "warn")


def _signatures(subject: str, state: State) -> Iterator[Fact]:
    for meaning, label in OF_SUBJECT:
        last = state.last_signed(Place(subject), meaning)
        if last is None:
            if meaning == "subject":
                yield Fact("Signature", "not signed")
            continue
        act = last.signature.act
        whole = "valid" if last.is_valid else last.state
        added = f", {counted(len(last.added), 'record')} came since" if last.added else ""
        said = f"{act.name}, {local(act.at)}{added}"
        look = "good" if last.is_whole else "warn"
        href = f"/signatures/{last.signature.number}"
        yield Fact(f"{label} signature", whole, said, href, look)


def _next(line: Line) -> Fact:
    if line.next is None or line.ended:
        return Fact("Next visit", "none planned", f"{line.overdue} overdue" if line.overdue else "")
    due: dt.date | None = line.next.due
    late = line.next.status == "overdue"
    more = f"due {due}" if due else ""
    if line.next.status not in ("due", "later"):
        more = f"{line.next.status}, {more}".removesuffix(", ")
    if line.overdue > 1 or (line.overdue and not late):
        more += f"; {line.overdue} overdue"
    href = f"/subjects/{quote(line.subject)}/forms"
    return Fact("Next visit", line.next.name, more, href, "warn" if line.overdue else "")
