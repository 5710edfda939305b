"""Curves: what was measured, on a scale upward, with a mark and a link for each result."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from cartrial.capture.subject.drawing import words
from cartrial.capture.subject.drawing.axis import Axis
from cartrial.capture.subject.drawing.entered import Entered
from cartrial.capture.subject.drawing.part import (
    Line,
    Panel,
    Point,
    Row,
    Scale,
    Words,
    close_scale_of,
    line,
    number,
    scale_of,
)

BELOW, ABSENT, NOT_DONE = "below", "absent", "not-done"  # no value: a mark at the limit


@dataclass(frozen=True)
class Reading:
    """One result: where it stands in time, its value or the limit it lies below, and its words.

    `shape` is that of its mark; `cells` are those of the table after date and day.
    """

    entry: Entered
    at: str
    day: float | None
    value: float | None
    unit: str
    told: str
    cells: tuple[str, ...]
    shape: str = "dot"
    kind: str = ""


@dataclass(frozen=True)
class Series:
    """Results that are joined by a line."""

    name: str
    kind: str
    readings: tuple[Reading, ...]


@dataclass(frozen=True)
class Limit:
    """A limit that goes with the results: a dotted line through its values."""

    kind: str
    values: tuple[tuple[float, float], ...]  # day and value


def curve(
    panel: Panel,
    axis: Axis,
    series: Sequence[Series],
    *,
    is_log: bool,
    limits: Iterable[Limit] = (),
    close: bool = False,
) -> tuple[Panel, Scale]:
    """The panel with its curves, and their scale; results in another unit stand in the table."""
    unit = _unit(series)
    limits = tuple(limits)
    drawn = [
        replace(one, readings=tuple(r for r in one.readings if _has_place(r, axis, unit)))
        for one in series
    ]
    values = [r.value for one in drawn for r in one.readings if r.value is not None]
    shown = [value for limit in limits for day, value in limit.values if axis.shows(day)]
    values += shown
    scale = scale_of(values, panel.height, is_log=is_log)
    if close:
        scale = close_scale_of(values, panel.height)
    lines = [part for limit in limits for part in _limit(limit, axis, scale)]
    for one in drawn:
        lines += _through(one, axis, scale)
    points = tuple(_point(one, r, axis, scale) for one in drawn for r in one.readings)
    rows = [_row(one, r, several=len(series) > 1) for one in series for r in one.readings]
    words_ = () if points else (Words(50, panel.height / 2, "no result in these days", "middle"),)
    return replace(
        panel,
        unit=words.unit(unit),
        ticks=scale.ticks,
        lines=tuple(lines),
        points=tuple(sorted(points, key=lambda point: point.x)),
        words=(*panel.words, *words_),
        notes=(*panel.notes, *_notes(series, axis, unit)),
        rows=tuple(row for _, row in sorted(rows, key=lambda row: row[0])),
    ), scale


def _unit(series: Sequence[Series]) -> str:
    found = Counter(r.unit for one in series for r in one.readings if r.value is not None)
    return found.most_common(1)[0][0] if found else ""


def _has_place(reading: Reading, axis: Axis, unit: str) -> bool:
    placed = reading.day is not None and axis.shows(reading.day)
    return placed and (reading.value is None or reading.unit == unit)


def _limit(limit: Limit, axis: Axis, scale: Scale) -> tuple[Line, ...]:
    ordered = sorted(limit.values)
    return line([(axis.at(day), scale.y(value)) for day, value in ordered], limit.kind)


def _through(series: Series, axis: Axis, scale: Scale) -> tuple[Line, ...]:
    """The line through the results, those beside the view included, so that it leaves it aslant."""
    places = [
        (axis.at(r.day), scale.y(r.value))
        for r in sorted(series.readings, key=lambda r: r.day or 0)
        if r.day is not None and r.value is not None
    ]
    return line(places, series.kind)


def _point(series: Series, reading: Reading, axis: Axis, scale: Scale) -> Point:
    assert reading.day is not None
    nothing = reading.value is None
    y = scale.height - 5 if reading.value is None else scale.y(reading.value)
    shape = NOT_DONE if nothing else reading.shape
    kind = reading.kind or series.kind
    return Point(axis.at(reading.day), y, shape, kind, reading.told, reading.entry.href)


def _row(series: Series, reading: Reading, *, several: bool) -> tuple[tuple[str, str], Row]:
    named = (series.name,) if several else ()
    cells = (words.date(reading.at), words.cell_day(reading.day), *named, *reading.cells)
    return (reading.at, series.name), Row(cells, reading.entry.href, reading.kind)


def _notes(series: Sequence[Series], axis: Axis, unit: str) -> tuple[str, ...]:
    every = [r for one in series for r in one.readings]
    undated = sum(r.day is None for r in every)
    other = sum(r.value is not None and r.unit != unit for r in every)
    beside = sum(r.day is not None and not axis.shows(r.day) for r in every)
    found = (
        (undated, "without a full date, in the table alone"),
        (other, "in another unit, in the table alone"),
        (beside, "outside these days"),
    )
    return tuple(f"{words.counted(n, 'result')} {why}" for n, why in found if n)


def sentence(name: str, value: str, at: str, day: float | None, *more: str) -> str:
    """What a mark tells: `Platelets 24 10⁹/L, 2025-03-02 (day 9): grade 4`."""
    when = f"{words.date(at)} ({words.on_day(day)})" if day is not None else words.date(at)
    rest = "; ".join(part for part in more if part)
    return f"{name} {value}, {when}" + (f": {rest}" if rest else "")


def amount(value: float | None, unit: str) -> str:
    """A value with its unit."""
    return "no value" if value is None else f"{number(value)} {words.unit(unit)}".strip()
