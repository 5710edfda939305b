"""Lanes: what lasted or was given, a line of words and a bar or marks beneath it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cartrial.capture.subject.drawing import words
from cartrial.capture.subject.drawing.axis import Axis
from cartrial.capture.subject.drawing.part import Bar, Panel, Point, Rule, Words

SHORT = 0.8  # percent of the width; what is shorter is a mark
LANE, NAME, AT, THICK = 28, 11, 15, 9  # pixels: a lane, its words, its bar, the bar's height


@dataclass(frozen=True)
class Stretch:
    """From a day to a day; null where it is not known, or lasts."""

    start: float | None
    end: float | None
    kind: str
    told: str
    href: str
    label: str = ""
    is_piece: bool = False  # of a bar of many, which is never a mark alone


@dataclass(frozen=True)
class Lane:
    """What stands in one lane; `side` are the letters beside it."""

    name: str
    href: str
    side: str
    stretches: tuple[Stretch, ...]


def lanes(panel: Panel, axis: Axis, given: Sequence[Lane], now: float) -> Panel:
    """The panel with the lanes that have something in these days; `now` ends what lasts."""
    shown = [lane for lane in given if any(_shows(axis, s, now) for s in lane.stretches)]
    bars: list[Bar] = []
    points: list[Point] = []
    names: list[Words] = []
    sides: list[Rule] = []
    for n, lane in enumerate(shown):
        top = n * LANE
        names.append(Words(0, top + NAME, lane.name, "name", lane.href))
        sides.append(Rule(top + AT + THICK / 2, "", lane.side))
        for one in lane.stretches:
            if _shows(axis, one, now):
                _put(axis, one, top + AT, now, bars, points)
    beside, undated = len(given) - len(shown), sum(_undated(lane) for lane in given)
    found = ((beside - undated, "outside these days"), (undated, "without a date"))
    return replace(
        panel,
        height=len(shown) * LANE + 4 if shown else 0,
        ticks=tuple(sides),
        bars=tuple(bars),
        points=tuple(points),
        words=tuple(names),
        notes=(*panel.notes, *(f"{n} more {why}" for n, why in found if n)),
        empty=panel.empty if not given else "" if shown else "None in these days.",
    )


def _undated(lane: Lane) -> bool:
    return all(one.start is None and one.end is None for one in lane.stretches)


def _ends(one: Stretch, now: float) -> tuple[float, float] | None:
    if one.start is None:
        return None if one.end is None else (float("-inf"), one.end)
    return one.start, max(now, one.start) if one.end is None else one.end


def _shows(axis: Axis, one: Stretch, now: float) -> bool:
    ends = _ends(one, now)
    return ends is not None and axis.shows(*ends)


def _put(
    axis: Axis, one: Stretch, y: float, now: float, bars: list[Bar], points: list[Point]
) -> None:
    ends = _ends(one, now)
    assert ends is not None
    start, end = axis.at(axis.within(ends[0])), axis.at(axis.within(ends[1]))
    if ends[0] == ends[1] or (not one.is_piece and end - start < SHORT):
        x = round((start + end) / 2, 2)
        points.append(Point(x, y + THICK / 2, "dot", one.kind, one.told, one.href))
        return
    kind = f"{one.kind} ongoing" if one.end is None else one.kind
    bars.append(Bar(start, round(end - start, 2), y, THICK, kind, one.told, one.href, one.label))


def lasting(start: str, end: str, *, ongoing: str = "ongoing") -> str:
    """When something was, in words."""
    if not start and not end:
        return "no date"
    began = words.date(start) or "an unknown day"
    return f"{began} to {words.date(end)}" if end else f"from {began}, {ongoing}"
