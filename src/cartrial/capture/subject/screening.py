"""The way to the infusion and out of the study, each step dated; the disease at entry."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from cartrial import schema as s
from cartrial.capture.ledger.row import CAPTURED, SUBJECT
from cartrial.capture.subject.drawing import words
from cartrial.capture.subject.drawing.entered import Entered, Records

Said = Callable[[Entered], str]


@dataclass(frozen=True)
class Step:
    """A step with its date, what is known of it, and its entry; no date where it is not done."""

    label: str
    on: str
    words: str
    href: str


def _yes(column: str, yes: str, no: str) -> Said:
    """The words of a flag; one that is not answered is not known."""
    said: Mapping[str, str] = {"yes": yes, "no": no}
    return lambda entry: said.get(entry.text(column), "not known")


def _slot(entry: Entered) -> str:
    if not entry.text("granted"):
        return "not granted yet"
    return f"granted {entry.text('granted')}, dose level {entry.text('level') or 'not named'}"


def _lot(entry: Entered) -> str:
    released = _yes("released", "released", "not released")(entry)
    return f"lot {entry.text('lot')}, {released}"


STEPS: tuple[tuple[str, str, str, Said], ...] = (  # form, label, column of its date, words
    ("demographics", "Consent", "consented", lambda e: ""),
    ("eligibility", "Eligibility", "decided", _yes("eligible", "eligible", "not eligible")),
    ("slot_request", "Slot requested", "requested", _slot),
    ("leukapheresis", "Leukapheresis", "on", lambda e: ""),
    ("product_release", "Product", "made", _lot),
    ("bridging", "Bridging", "started", lambda e: e.text("drug")),
    ("lymphodepletion", "Lymphodepletion", "on", lambda e: e.text("drug")),
    ("infusion", "Infusion", "at", lambda e: f"number {e.text('number')}"),
    ("disposition", "Disposition", "on", lambda e: f"{e.text('milestone')}: {e.text('reason')}"),
    ("death", "Death", "on", lambda e: e.text("cause")),
)
ALWAYS = 4  # the first steps, which stand there before they are done


def steps(records: Records) -> Iterator[Step]:
    """The steps in order; the first ones also where they are not done yet."""
    for n, (form, label, column, said) in enumerate(STEPS):
        entries = sorted(records.get(form, ()), key=lambda e: e.text(column))
        for entry in entries:
            on = words.date(entry.text(column)) or "no date"
            yield Step(label, on, said(entry).strip(": "), entry.href)
        if not entries and n < ALWAYS:
            yield Step(label, "", "not entered", "")


def disease(records: Records) -> tuple[str, list[tuple[str, str]]]:
    """The disease at entry by the labels of its form, and where it opens; nothing without it."""
    held = records.get("disease_history", ())
    if not held:
        return "", []
    entry = held[0]
    known = [
        (column.label, f"{entry.text(column.name)} {_unit(column.unit)}".strip())
        for column in s.columns(CAPTURED["disease_history"])
        if column.name != SUBJECT and entry.text(column.name)
    ]
    return entry.href, known


def _unit(unit: str | None) -> str:
    return "" if unit in (None, "grade") else words.unit(unit)
