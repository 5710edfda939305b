"""Response by visit: what the criteria make of the samples beside what the investigator says.

Both are those of `cartrial response` (results.response.review), with its explanation.
"""

import datetime as dt
from collections.abc import Iterator

from cartrial.capture.subject.drawing import words
from cartrial.capture.subject.drawing.axis import Axis
from cartrial.capture.subject.drawing.entered import Records
from cartrial.capture.subject.drawing.part import Panel, Point, Row, Rule, Words
from cartrial.results.response.review import Best, Opinion, SubjectCourse, Visit

HEIGHT, INVESTIGATOR, CRITERIA = 74, 24, 58  # pixels
NOTHING = Words(50, HEIGHT / 2, "no visit in these days", "middle")
LETTER = 2.4  # percent of the width, on a phone
COLUMNS = ("Assessed", "Day", "Investigator", "By criteria", "Status", "Best so far", "Why")
SAMPLED = ("m_protein", "free_light_chain", "marrow", "plasmacytoma")


def panel(axis: Axis, records: Records, course: SubjectCourse | None) -> Panel | None:
    """The panel of the visits; null where there is no assessment."""
    if course is None or not course.visits:
        return None
    visits = course.visits
    ours = list(_points(axis, records, visits, investigator=False))
    theirs = list(_points(axis, records, visits, investigator=True))
    undated = sum(_dated(v) is None for v in visits)
    beside = sum((day := _day(axis, v)) is not None and not axis.shows(day) for v in visits)
    found = ((undated, "without a date, in the table alone"), (beside, "outside these days"))
    return Panel(
        "response",
        "Response",
        height=HEIGHT,
        ticks=(Rule(INVESTIGATOR, "", "Invest."), Rule(CRITERIA, "", "Criteria")),
        points=tuple(sorted((*theirs, *ours), key=lambda point: point.x)),
        words=() if ours or theirs else (NOTHING,),
        notes=tuple(f"{words.counted(n, 'visit')} {why}" for n, why in found if n),
        columns=COLUMNS,
        rows=tuple(_row(axis, records, visit) for visit in visits),
    )


def newest(course: SubjectCourse | None) -> tuple[str, str]:
    """The newest visit with what the criteria say of it, and why; empty where there is none."""
    judged = [v.derived for v in course.visits if v.derived] if course else []
    if not judged:
        return "", ""
    last = judged[-1]
    return f"{last.on or 'not dated'}: {_word(last)}", last.explanation or ""


def best(course: SubjectCourse | None) -> str:
    """The best response by both, in words; empty where nobody has judged."""
    if course is None:
        return ""
    theirs, ours = course.investigator, course.derived
    if theirs and ours and _best(theirs) == _best(ours):
        return f"{_best(ours)} by both" if ours.confirmed else _best(ours)
    said = ((theirs, "by the investigator"), (ours, "by the criteria"))
    return "; ".join(f"{_best(one)} {who}" for one, who in said if one is not None)


def _best(one: Best) -> str:
    if one.confirmed is None:
        return one.why_missing or "not known"
    seen = one.unconfirmed is not None and one.unconfirmed != one.confirmed
    return f"{one.confirmed} ({one.unconfirmed} seen, not confirmed)" if seen else one.confirmed


def _points(
    axis: Axis, records: Records, visits: tuple[Visit, ...], *, investigator: bool
) -> Iterator[Point]:
    """The marks of one evaluator, with letters where the response is another and has room."""
    free, before = -100.0, ""
    y = INVESTIGATOR if investigator else CRITERIA
    for visit in visits:
        said = visit.investigator if investigator else visit.derived
        day = _day_of(axis, said)
        if said is None or day is None or not axis.shows(day):
            continue
        x, word = axis.at(day), said.response or "?"
        half = len(word) / 2 * LETTER
        label = word if word != before and x - half > free else ""
        if label:
            free, before = x + half + LETTER / 2, word
        told = _told(said, investigator=investigator)
        kind = f"r{word}" if word.isalpha() else "rNE"
        yield Point(x, y, "square", kind, told, _href(records, said, investigator), label)


def _told(said: Opinion, *, investigator: bool) -> str:
    who = "The investigator" if investigator else "By the criteria"
    why = f": {said.explanation}" if said.explanation else ""
    return f"{who}, {said.on} (day {said.day}): {_word(said)}{why}"


def _word(said: Opinion | None) -> str:
    if said is None:
        return "–"
    word = said.response or said.why_missing or "not known"
    unconfirmed = ", not confirmed" if said.confirmed is False else ""
    return f"{word}{unconfirmed}" + ("" if said.used else ", not used")


def _row(axis: Axis, records: Records, visit: Visit) -> Row:
    on = _dated(visit)
    shown = visit.derived or visit.investigator
    assert shown is not None
    cells = (
        str(on) if on else "no date",
        words.cell_day(_day(axis, visit)),
        _word(visit.investigator),
        _word(visit.derived),
        shown.status or "–",
        shown.best or "–",
        (visit.derived.explanation if visit.derived else "") or "",
    )
    return Row(cells, _href(records, shown, visit.derived is None))


def _dated(visit: Visit) -> dt.date | None:
    one = visit.derived or visit.investigator
    return one.on if one else None


def _day(axis: Axis, visit: Visit) -> float | None:
    return _day_of(axis, visit.derived or visit.investigator)


def _day_of(axis: Axis, said: Opinion | None) -> float | None:
    return axis.day(str(said.on)) if said is not None and said.on else None


def _href(records: Records, said: Opinion, investigator: bool) -> str:
    """The record of the investigator's response, or the first sample of that day."""
    for form in ("response",) if investigator else SAMPLED:
        for entry in records.get(form, ()):
            if said.on is not None and entry.text("on") == str(said.on):
                return entry.href
    return ""
