"""Places, fields and moments in the words of the forms and the centre's time."""

import json
import re
from collections.abc import Mapping

from cartrial import schema as s
from cartrial.capture.ledger import centre, clock
from cartrial.capture.ledger.row import CAPTURED
from cartrial.capture.state.act import Place
from cartrial.capture.state.shown.titles import TITLES

CLOCK = re.compile(r"(?<=\d\d-\d\d)T(?=\d\d:)")


def title(form: str) -> str:
    """The title of a form."""
    return TITLES.get(form) or (s.title(CAPTURED[form]) if form in CAPTURED else form)


def label(form: str, column: str) -> str:
    """The label of a column of a form; empty stands for the whole record."""
    return labels_of(form).get(column, column) if column else "the whole record"


def labels_of(form: str) -> Mapping[str, str]:
    """The label of each column of a form; none where there is no such form."""
    return {c.name: c.label for c in s.columns(CAPTURED[form])} if form in CAPTURED else {}


def place_words(place: Place) -> str:
    """A place in words: its subject, the title of its form, the cells of its key."""
    if not place.form:
        return place.subject or place.key or "The trial"
    cells = json.loads(place.key) if place.key.startswith("[") else ()
    named = " · ".join(spaced(cell) for cell in cells if cell)
    return " · ".join(part for part in (place.subject, title(place.form), named) if part)


def spaced(cell: str) -> str:
    """A cell as it is read: a date and its time with a blank between them."""
    return CLOCK.sub(" ", cell)


def local(stamp: str) -> str:
    """A moment of an entry in the centre's time, with its offset from UTC."""
    return centre.shown(clock.moment(stamp))
