"""CRS and ICANS by day: the derived grade as a column, the recorded one as a line across it.

A column shows the worst assessment of its day. It is filled up to the lowest grade that the signs
allow, and open up to the highest: `at least`. A day without an assessment has no column.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cartrial.capture.subject.derived import Derived, Made
from cartrial.capture.subject.drawing import words
from cartrial.capture.subject.drawing.axis import Axis
from cartrial.capture.subject.drawing.curve import sentence
from cartrial.capture.subject.drawing.entered import Entered, Records
from cartrial.capture.subject.drawing.part import Bar, Panel, Point, Row, Rule, Words

SYNDROMES = (
    ("crs_assessment", "CRS", "Cytokine release syndrome (CRS)"),
    ("icans_assessment", "ICANS", "Neurotoxicity (ICANS)"),
)
FOOT, STEP, HEIGHT = 84, 14, 104  # pixels: where grade 0 stands, a grade, all
SIGN = 21  # pixels below grade 0, of a disagreement
WIDE = 2.3  # percent of the width that a number needs
COLUMNS = ("Assessed", "Day", "Derived", "Recorded", "Rule", "Not known")
KEY = (
    ("mark-derived", "derived"),
    ("mark-least", "up to: signs are missing"),
    ("mark-recorded", "recorded"),
)


NOTHING = Words(50, HEIGHT / 2, "not assessed in these days", "middle")


@dataclass(frozen=True)
class Seen:
    """One assessment with its grades; the derived ones are null where nothing is derived."""

    entry: Entered
    at: str
    day: float | None
    lowest: int | None
    highest: int | None
    recorded: int | None
    made: Made | None

    @property
    def worst(self) -> tuple[int, int, int]:
        """What the worst of a day is told by."""
        return (
            -1 if self.lowest is None else self.lowest,
            -1 if self.highest is None else self.highest,
            -1 if self.recorded is None else self.recorded,
        )

    @property
    def disagrees(self) -> bool:
        """Whether the recorded grade lies outside what the signs allow."""
        return self.made is not None and self.made["AGREEFL"] == "N"


def panels(axis: Axis, records: Records, derived: Derived) -> Iterator[Panel]:
    """A panel for each syndrome that was assessed."""
    for form, code, title in SYNDROMES:
        if records.get(form):
            yield _panel(axis, [_seen(axis, e, code, derived) for e in records[form]], code, title)


def _seen(axis: Axis, entry: Entered, code: str, derived: Derived) -> Seen:
    at = entry.text("at")
    made = derived.assessments.get((code, dt.datetime.fromisoformat(at)))
    recorded = entry.text("grade")
    return Seen(
        entry,
        at,
        axis.day(at),
        made["DTOXGRL"] if made else None,
        made["DTOXGRH"] if made else None,
        int(recorded) if recorded else None,
        made,
    )


def _panel(axis: Axis, seen: Sequence[Seen], code: str, title: str) -> Panel:
    days = {day: s for day, s in worst_by_day(seen).items() if axis.shows(day)}
    differ = {round(s.day): s for s in seen if s.disagrees and s.day is not None}
    numbered = _numbered(days, axis)
    bars = [bar for day, one in days.items() for bar in _bars(axis, day, one, code)]
    bars += [bar for day, one in days.items() for bar in _recorded(axis, day, one, code)]
    points = [
        Point(axis.at(day), FOOT + SIGN, "words", "apart", _told(one, code), one.entry.href, "≠")
        for day, one in sorted(differ.items())
        if axis.shows(day)
    ]
    letters = [
        Words(axis.at(day), _y(_top(days[day])) - 4, _number(days[day]), "middle", "")
        for day in numbered
    ]
    beside = len({round(s.day) for s in seen if s.day is not None}) - len(days)
    many = words.counted(beside, "assessed day")
    notes = [f"{many} outside these days"] if beside else []
    apart = sum(one.disagrees for one in seen)
    if apart:
        recorded = words.counted(apart, "recorded grade")
        notes.append(f"{recorded} outside what the signs allow, marked ≠")
    return Panel(
        code.lower(),
        title,
        "ASTCT grade",
        HEIGHT,
        ticks=tuple(Rule(_y(grade), "", str(grade)) for grade in range(6)),
        bars=tuple(bars),
        points=tuple(points),
        words=tuple(letters) if days else (NOTHING,),
        key=KEY,
        notes=tuple(notes),
        columns=COLUMNS,
        rows=tuple(_row(one) for one in sorted(seen, key=lambda one: one.at)),
    )


def worst_by_day(seen: Sequence[Seen]) -> Mapping[int, Seen]:
    """The worst assessment of each day, the first of equals, in the order of the days."""
    found: dict[int, Seen] = {}
    for one in sorted(seen, key=lambda one: one.at):
        if one.day is None:
            continue
        day = round(one.day)
        if day not in found or one.worst > found[day].worst:
            found[day] = one
    return dict(sorted(found.items()))


def _y(grade: float) -> float:
    return FOOT - grade * STEP


def _top(one: Seen) -> int:
    return max(one.worst)


def _number(one: Seen) -> str:
    if one.lowest is None or one.highest is None:
        return "" if one.recorded is None else str(one.recorded)
    return words.short_grade(one.lowest, one.highest)


def _numbered(days: Mapping[int, Seen], axis: Axis) -> list[int]:
    """The days whose number is written: each where it has room, else the worst of each episode."""
    graded = [day for day, one in days.items() if _top(one) > 0]
    if 100 / axis.days >= WIDE:
        return graded
    runs: list[list[int]] = []
    for day in graded:
        if runs and day - runs[-1][-1] <= 100 / axis.days * WIDE + 2:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [max(run, key=lambda day: (days[day].worst, -day)) for run in runs]


def _bars(axis: Axis, day: int, one: Seen, code: str) -> Iterator[Bar]:
    if one.lowest is None or one.highest is None:
        return
    x, width = _column(axis, day)
    told, href = _told(one, code), one.entry.href
    height = one.lowest * STEP or 2
    yield Bar(x, width, FOOT - height, height, f"g{one.lowest}", told, href)
    if one.highest > one.lowest:
        top = _y(one.highest)
        yield Bar(x, width, top, _y(one.lowest) - top, "least", told, href)


def _recorded(axis: Axis, day: int, one: Seen, code: str) -> Iterator[Bar]:
    if one.recorded is not None:
        x, width = _column(axis, day)
        kind = "recorded apart" if one.disagrees else "recorded"
        yield Bar(x, width, _y(one.recorded) - 1, 2, kind, _told(one, code), one.entry.href)


def _column(axis: Axis, day: int) -> tuple[float, float]:
    """The place and the width of a day's column."""
    start = axis.at(day - 0.42)
    return start, round(axis.at(day + 0.42) - start, 2)


def _told(one: Seen, code: str) -> str:
    recorded = "not recorded" if one.recorded is None else f"recorded as grade {one.recorded}"
    said = words.grade(one.lowest, one.highest) or "not in the analysis"
    rule = (one.made["DTOXRULE"] or "") if one.made else ""
    return sentence(code, said, one.at, one.day, recorded, rule)


def _row(one: Seen) -> Row:
    cells = (
        words.date(one.at),
        words.cell_day(one.day),
        words.grade(one.lowest, one.highest) or "not in the analysis",
        "–" if one.recorded is None else f"grade {one.recorded}",
        (one.made["DTOXRULE"] or "") if one.made else "",
        (one.made["DTOXMISS"] or "") if one.made else "",
    )
    return Row(cells, one.entry.href, "apart" if one.disagrees else "")
