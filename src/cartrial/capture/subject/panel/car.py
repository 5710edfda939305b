"""CAR in the blood: copies by quantitative PCR and CAR+ cells by flow cytometry.

A result without a number stands as an open mark at its limit: below quantification at the limit of
quantification, not detected at the limit of detection; where the limit is not known, at the foot.
"""

from collections.abc import Iterator
from dataclasses import replace

from cartrial.adam.kinetics.adpc import ABSENT, BELOW
from cartrial.capture.subject.derived import Derived, Made
from cartrial.capture.subject.drawing import curve
from cartrial.capture.subject.drawing.axis import Axis
from cartrial.capture.subject.drawing.curve import Limit, Reading, Series, sentence
from cartrial.capture.subject.drawing.entered import Entered, Records
from cartrial.capture.subject.drawing.part import Panel, number
from cartrial.capture.subject.drawing.words import unit

HEIGHT = 190
FORMS = (
    ("car_transgene", "CAR copies by qPCR", "copies", "copies/ug DNA"),
    ("car_flow", "CAR+ cells by flow cytometry", "cells", "cells/uL"),
)
COLUMNS = ("Sampled", "Day", "Analyte", "Result", "LLOQ", "LOD", "Visit")
SERIES = ("s1", "s2", "s3", "s4")
STATUS = {BELOW: (curve.BELOW, "lloq"), ABSENT: (curve.ABSENT, "lod")}
SAID = {"value": "quantified", "below quantification": BELOW, "not detected": ABSENT}


def panels(axis: Axis, records: Records, derived: Derived) -> Iterator[Panel]:
    """A panel for each method that was used."""
    for form, title, column, measured_in in FORMS:
        if records.get(form):
            yield _panel(axis, records[form], derived, form, title, column, measured_in)


def _panel(
    axis: Axis,
    entries: tuple[Entered, ...],
    derived: Derived,
    form: str,
    title: str,
    column: str,
    measured_in: str,
) -> Panel:
    found: dict[str, list[Reading]] = {}
    for entry in entries:
        made = derived.of_car(entry.text("analyte"), entry.text("specimen"), entry.text("at"))
        name = _name(entry)
        found.setdefault(name, []).append(_reading(axis, entry, made, column, measured_in))
    series = [
        Series(name, SERIES[n % len(SERIES)], tuple(readings))
        for n, (name, readings) in enumerate(sorted(found.items()))
    ]
    limits = [Limit(kind, tuple(_limits(axis, entries, kind))) for kind in ("lloq", "lod")]
    named = COLUMNS if len(series) > 1 else (*COLUMNS[:2], *COLUMNS[3:])
    key = [(one.kind, one.name) for one in series] if len(series) > 1 else []
    looks = [("mark-below", "below LLOQ"), ("mark-absent", "not detected"), ("lloq", "LLOQ")]
    if limits[1].values:
        looks.append(("lod", "LOD"))
    blank = Panel(form, title, height=HEIGHT, key=(*key, *looks), columns=named)
    drawn, _ = curve.curve(blank, axis, series, is_log=True, limits=limits)
    return replace(drawn, unit=unit(measured_in))


def _name(entry: Entered) -> str:
    specimen = entry.text("specimen")
    return entry.text("analyte") + ("" if specimen in ("", "blood") else f" in {specimen}")


def _reading(
    axis: Axis, entry: Entered, made: Made | None, column: str, measured_in: str
) -> Reading:
    at, day = entry.text("at"), axis.day(entry.text("at"))
    status = made["ASTATUS"] if made else SAID.get(entry.text("status"), "not done")
    value, shape = entry.value(column), "dot"
    result = _amount(value)
    if status in STATUS:
        shape, limit = STATUS[status]
        value = entry.value(limit) or entry.value("lloq")
        result = status + (f" (entered {result})" if result else "")
    elif status == "not done":
        value, result = None, entry.text("why_not_done") or "not done"
    cells = (
        result,
        _amount(entry.value("lloq")),
        _amount(entry.value("lod")),
        entry.text("visit"),
    )
    shown = f"{result} {unit(measured_in)}" if shape == "dot" and value is not None else result
    more = "" if made or not result else "not in the analysis"
    told = sentence(_name(entry), shown, at, day, more)
    return Reading(entry, at, day, value, measured_in, told, cells, shape)


def _amount(value: float | None) -> str:
    return "" if value is None else number(value)


def _limits(axis: Axis, entries: tuple[Entered, ...], kind: str) -> Iterator[tuple[float, float]]:
    for entry in entries:
        day, value = axis.day(entry.text("at")), entry.value(kind)
        if day is not None and value:
            yield day, value
