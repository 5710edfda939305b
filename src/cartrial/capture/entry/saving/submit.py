"""What a browser sent, as drafts of rows: only declared fields are read, each within bounds.

A field of a form is named as its column (with the draft's prefix in front where a page has several
rows); what the page itself adds begins with an underscore.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing

from cartrial.capture.entry.form.field import MOST, Field, fields_of
from cartrial.capture.ledger.number import sent_number
from cartrial.capture.ledger.row import SUBJECT, SUBJECT_KEY, SUBJECT_MUST

Sent = Mapping[str, str]
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
TIME_OF_DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})[ T]+(\d{1,2}:\d{2}(:\d{2})?)$")
SALT = "cartrial.capture.entry.fired"
REASONS = (
    "typing error",
    "source corrected",
    "source found later",
    "answer to a query",
    "wrong subject or record",
    "other",
)
NEEDS_WORDS = ("other",)


@dataclass(frozen=True)
class Said:
    """A fault of a field (or of the whole row where there is no column), in words."""

    column: str
    words: str


@dataclass(frozen=True)
class Draft:
    """A row as it was typed, and the record that it is to change; `base` 0 is a new one."""

    form: str
    subject: str
    cells: Mapping[str, str]
    base: int = 0
    old_key: str = ""
    prefix: str = ""
    faults: tuple[Said, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether there is no record yet."""
        return not self.old_key


def typed_cells(
    form: str, sent: Sent, *, subject: str, kept: Mapping[str, str], prefix: str = ""
) -> tuple[dict[str, str], tuple[Said, ...]]:
    """The cells that were sent, and what cannot be taken; what was not sent stays as kept."""
    cells, faults = dict(kept), []
    chosen = sent.get(f"{prefix}_choose", "").split()
    for field in fields_of(form):
        name = prefix + field.name
        if field.decided or (field.name == SUBJECT and form != "demographics"):
            continue
        if name in sent:
            cells[field.name] = _clean(field, sent[name])
            faults += _taken(field, cells[field.name])
        elif field.name in chosen:
            faults.append(Said(field.name, "must be chosen: which of the two values holds"))
    if form != "demographics" and any(field.name == SUBJECT for field in fields_of(form)):
        cells[SUBJECT] = subject
    elif form == "demographics":
        if kept:
            cells[SUBJECT] = subject
        faults += _subject_key(cells.get(SUBJECT, ""))
    return {name: cell for name, cell in cells.items() if cell}, tuple(faults)


def _clean(field: Field, cell: str) -> str:
    cell = cell.replace("\r\n", "\n").replace("\r", "\n")
    cell = cell if field.kind == "long" else " ".join(cell.split("\n"))
    cell = cell.strip()
    if field.kind in ("moment", "partial"):
        cell = TIME_OF_DAY.sub(_time, cell)
    return cell


def _time(found: re.Match[str]) -> str:
    return f"{found[1]}T{found[2]:0>5}" if len(found[2]) < 6 else f"{found[1]}T{found[2]:0>8}"


def _taken(field: Field, cell: str) -> list[Said]:
    if CONTROL.search(cell):
        return [Said(field.name, "must be of characters that can be read, got a control character")]
    most = max(field.most, MOST if field.kind in ("text", "long") else 60)
    if len(cell) > most:
        return [Said(field.name, f"must be at most {most} characters long, got {len(cell)}")]
    if field.options and cell and cell not in field.options:
        return [Said(field.name, f"must be one of {', '.join(field.options)}")]
    return []


def _subject_key(cell: str) -> list[Said]:
    if SUBJECT_KEY.fullmatch(cell):
        return []
    return [Said(SUBJECT, SUBJECT_MUST)]


def reason_of(sent: Sent) -> tuple[str, list[Said]]:
    """The reason for a change, and what is wrong with it."""
    listed, words = sent.get("_reason", ""), sent.get("_words", "").strip()
    if CONTROL.search(words) or len(words) > MOST:
        return "", [Said("_words", f"must be readable, and at most {MOST} characters long")]
    if listed not in REASONS:
        return "", [Said("_reason", "must be chosen: a saved value is changed for a reason")]
    if listed in NEEDS_WORDS and not words:
        return "", [Said("_words", "must say the reason in words")]
    return f"{listed}: {words}" if words else listed, []


def base_of(sent: Sent, prefix: str = "") -> int:
    """The newest entry of the record that the page had shown; 0 where it says none."""
    return sent_number(sent.get(f"{prefix}_base", "")) or 0


def signed(fired: list[list[str]], who: str) -> str:
    """What was asked on a page so far, as the browser gives it back unaltered."""
    return signing.dumps([who, fired], salt=SALT, compress=True)


def fired_before(sent: Sent, who: str) -> list[list[str]]:
    """What was asked on the page before; nothing where the text is not ours, or another's."""
    try:
        person, fired = signing.loads(sent.get("_fired", ""), salt=SALT, max_age=dt.timedelta(1))
    except (signing.BadSignature, ValueError, TypeError):
        return []
    return list(fired) if person == who else []
