"""What must come before what: no infusion before eligibility and lymphodepletion, and the like.

A row that has no ground to stand on is refused, with what to do first. Taking the ground from under
a row that stands is asked about (see `prompt`): the truth may have to be entered late.

Reading: dates are compared where both are known to the day; an unknown date is no breach.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cartrial import schema as s
from cartrial.capture.ledger.row import CAPTURED, OF_SUBJECT
from cartrial.forms.catalogue import Forms

DAY = 10  # characters of a date known to the day
Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Edge:
    """Of which form, what must hold, what to do first, the forms it stands on, and the test."""

    form: str  # empty stands for every form of a subject but demographics
    must: str
    first: str
    grounds: tuple[str, ...]
    holds: Callable[[Cells, Forms], bool]


def _rows(forms: Forms, form: str) -> list[dict[str, Any]]:
    table = forms.tables.get(form)
    return [] if table is None else table.to_dicts()


def _day(cell: object) -> str:
    """A date as text where it is known to the day; else empty."""
    text = str(cell or "")
    return text[:DAY] if len(text) >= DAY else ""


def _not_after(cell: object, other: object) -> bool:
    one, two = _day(cell), _day(other)
    return not one or not two or one <= two


def _enrolled(_: Cells, forms: Forms) -> bool:
    return bool(_rows(forms, "demographics"))


def is_eligible(cells: Cells, forms: Forms) -> bool:
    """Whether a subject was found eligible, or each exception allowed, up to the day of a row."""
    known = [r for r in _rows(forms, "eligibility") if _not_after(r["decided"], cells.get("at"))]
    if not known:
        return False
    if max(known, key=lambda row: str(row["decided"]))["eligible"]:
        return True
    exceptions = _rows(forms, "eligibility_exception")
    return bool(exceptions) and all(row["waived"] for row in exceptions)


def _lymphodepleted(cells: Cells, forms: Forms) -> bool:
    given = _rows(forms, "lymphodepletion")
    return any(_not_after(row["on"], cells.get("at")) for row in given)


def _retreatment_decided(cells: Cells, forms: Forms) -> bool:
    number = int(cells["number"])
    decided = [row["number"] for row in _rows(forms, "retreatment")]
    return number == 1 or number in decided


def _infused_before(cells: Cells, forms: Forms) -> bool:
    given = [row["number"] for row in _rows(forms, "infusion")]
    return int(cells["number"]) - 1 in given


def _event_there(cells: Cells, forms: Forms) -> bool:
    return int(cells["number"]) in [row["number"] for row in _rows(forms, "adverse_event")]


EDGES = (
    Edge(
        "",
        "be of an enrolled subject",
        "Enter “Enrolment and demographics” first",
        ("demographics",),
        _enrolled,
    ),
    Edge(
        "infusion",
        "come after the subject was found eligible",
        "Enter “Eligibility” with all criteria met, or each exception as allowed, first",
        ("eligibility", "eligibility_exception"),
        is_eligible,
    ),
    Edge(
        "infusion",
        "come after lymphodepletion",
        "Enter the doses of lymphodepletion up to that day first",
        ("lymphodepletion",),
        _lymphodepleted,
    ),
    Edge(
        "infusion",
        "come after the decision to infuse again",
        "Enter “Retreatment decision” first",
        ("retreatment",),
        _retreatment_decided,
    ),
    Edge(
        "retreatment",
        "come after the infusion before it",
        "Enter that infusion first",
        ("infusion",),
        _infused_before,
    ),
    Edge(
        "ae_grade",
        "be of an adverse event that is there",
        "Enter the event first",
        ("adverse_event",),
        _event_there,
    ),
    Edge(
        "serious_event",
        "be of an adverse event that is there",
        "Enter the event first",
        ("adverse_event",),
        _event_there,
    ),
)


def breaches(form: str, cells: Cells, forms: Forms) -> list[Edge]:
    """What must come before a row of a subject, and does not."""
    named = ("", form) if form != "demographics" and form in OF_SUBJECT else (form,)
    return [edge for edge in EDGES if edge.form in named and not edge.holds(cells, forms)]


def is_ground(form: str) -> bool:
    """Whether rows of other forms stand on rows of this one."""
    return any(form in edge.grounds for edge in EDGES)


def standing_on_nothing(forms: Forms) -> Iterator[tuple[str, str, str]]:
    """Every row of a subject without its ground: the form, its key in words, what must be."""
    for form in sorted({edge.form for edge in EDGES if edge.form} & set(forms.tables)):
        for row in forms.tables[form].to_dicts():
            texts = {name: str(cell) for name, cell in row.items() if cell is not None}
            for edge in breaches(form, texts, forms):
                if edge.form:
                    yield form, s.row_key(CAPTURED[form], row), edge.must
