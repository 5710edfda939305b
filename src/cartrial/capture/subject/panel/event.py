"""Adverse events: a lane for each, its bar in pieces of one grade.

The worst grade beside a lane is that of the analysis (ADAE); each piece is a recorded grade.
"""

from collections.abc import Iterator, Sequence

from cartrial.capture.subject.derived import Derived, Made
from cartrial.capture.subject.drawing import words
from cartrial.capture.subject.drawing.axis import Axis
from cartrial.capture.subject.drawing.entered import Entered, Records
from cartrial.capture.subject.drawing.lane import Lane, Stretch, lanes, lasting
from cartrial.capture.subject.drawing.part import Panel, Row

COLUMNS = ("Event", "Number", "Began", "Ended", "Grade", "Serious", "Outcome", "CAR-T", "DLT")
GRADES = tuple((f"g{n}", f"grade {n}") for n in range(1, 6))
WIDE = 2.3  # percent of the width that a number needs


def panel(axis: Axis, records: Records, derived: Derived, now: float) -> Panel:
    """The panel of the adverse events, in the order in which they began."""
    events = sorted(records.get("adverse_event", ()), key=_order)
    graded: dict[str, list[Entered]] = {}
    for entry in sorted(records.get("ae_grade", ()), key=lambda e: e.text("since")):
        graded.setdefault(entry.text("number"), []).append(entry)
    drawn: list[Lane] = []
    rows: list[Row] = []
    for event in events:
        changes = graded.get(event.text("number"), [])
        made = derived.events.get(int(event.text("number")))
        drawn.append(_lane(axis, event, changes, made, now))
        rows += _rows(event, changes, made)
    stray = {number for number in graded} - {event.text("number") for event in events}
    notes = [f"grades of event {number}, which is not entered" for number in sorted(stray)]
    rows += [_grade_row(entry, "no event") for one in sorted(stray) for entry in graded[one]]
    blank = Panel(
        "events",
        "Events, the first to begin above",
        key=GRADES,
        notes=tuple(notes),
        columns=COLUMNS,
        rows=tuple(rows),
        empty="No adverse event is entered.",
    )
    return lanes(blank, axis, drawn, now)


def _order(event: Entered) -> tuple[str, int]:
    return event.text("started") or "9", int(event.text("number"))


def name(event: Entered) -> str:
    """The event in one name."""
    return event.text("preferred") or event.text("ctcae_term") or event.text("term") or "no term"


def _worst(made: Made | None) -> str:
    if made is None:
        return "not in the analysis"
    return "no grade" if made["ATOXGRN"] is None else f"worst: grade {made['ATOXGRN']}"


def _side(made: Made | None) -> str:
    return "–" if made is None or made["ATOXGRN"] is None else f"grade {made['ATOXGRN']}"


def _lane(
    axis: Axis, event: Entered, changes: Sequence[Entered], made: Made | None, now: float
) -> Lane:
    said = [name(event)]
    if event.text("serious") == "yes":
        said.append("serious")
    if event.text("dlt") == "yes":
        said.append("DLT")
    if not event.text("ended"):
        said.append("ongoing" if event.text("outcome") != "fatal" else "fatal")
    pieces = tuple(_pieces(axis, event, changes, now))
    return Lane(" · ".join(said), event.href, _side(made), pieces)


def _pieces(
    axis: Axis, event: Entered, changes: Sequence[Entered], now: float
) -> Iterator[Stretch]:
    """The event until its first grade, then a piece from each grade to the next."""
    start, end = axis.start(event.text("started")), axis.end(event.text("ended"))
    since = [axis.start(entry.text("since")) for entry in changes]
    first = since[0] if since else None
    if first is None or (start is not None and start < first):
        told = f"{name(event)}, {lasting(event.text('started'), event.text('ended'))}: no grade"
        yield Stretch(start, end if first is None else first, "ungraded", told, event.href)
    for entry, begun, until in zip(changes, since, [*since, end][1:], strict=True):
        grade, at = entry.text("grade"), words.date(entry.text("since"))
        told = f"{name(event)}: grade {grade} from {at}"
        shown = (now if until is None else until) - (now if begun is None else begun)
        label = grade if shown / axis.days * 100 >= WIDE else ""
        yield Stretch(begun, until, f"g{grade}", told, entry.href, label, len(changes) > 1)


def _rows(event: Entered, changes: Sequence[Entered], made: Made | None) -> Iterator[Row]:
    yield Row(
        (
            name(event),
            event.text("number"),
            words.date(event.text("started")) or "no date",
            words.date(event.text("ended")) or "–",
            _worst(made),
            event.text("serious") or "not known",
            event.text("outcome") or "not known",
            event.text("car_t") or "not known",
            event.text("dlt") or "not known",
        ),
        event.href,
    )
    yield from (_grade_row(entry, name(event)) for entry in changes)


def _grade_row(entry: Entered, named: str) -> Row:
    number, since, grade = (entry.text(column) for column in ("number", "since", "grade"))
    blank = ("",) * 4
    cells = (f"{named}, grade", number, words.date(since), "", f"grade {grade}", *blank)
    return Row(cells, entry.href)
