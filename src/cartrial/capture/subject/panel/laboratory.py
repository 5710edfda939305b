"""Key laboratory values, shaded by the CTCAE grade that each height would have.

The grade of a result is that of the analysis (ADLB). The shade is what the same engine says of
every height of the panel, by the limits of normal and the baseline of the newest result.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from cartrial import units
from cartrial.capture.subject.derived import Derived, Made
from cartrial.capture.subject.drawing import curve, words
from cartrial.capture.subject.drawing.axis import Axis
from cartrial.capture.subject.drawing.curve import Reading, Series, amount, sentence
from cartrial.capture.subject.drawing.entered import Entered, Records
from cartrial.capture.subject.drawing.part import LABEL, Band, Panel, Scale, number
from cartrial.grading.ctcae.criteria import Criteria, criteria_of
from cartrial.grading.ctcae.laboratory import grade_laboratory
from cartrial.protocol.study import Study

HEIGHT = 92
BLOOD = ("", "blood", "serum", "plasma")
COLUMNS = ("Sampled", "Day", "Result", "Limits of normal", "Grade", "Why")
STEP = 1  # pixels between the heights that are asked for their grade


@dataclass(frozen=True)
class Key:
    """An analyte that is shown, and whether on a logarithm."""

    code: str
    name: str
    is_log: bool


KEYS = (
    Key("NEUT", "Neutrophils", True),
    Key("PLAT", "Platelets", True),
    Key("HGB", "Haemoglobin", False),
    Key("ALT", "ALT", True),
    Key("AST", "AST", True),
    Key("BILI", "Bilirubin", True),
    Key("CREAT", "Creatinine", False),
    Key("CRP", "C-reactive protein", True),
    Key("FERRITIN", "Ferritin", True),
)
GRADES = (("ATOXLLO", "ATOXLHI", "ATOXRULL"), ("ATOXHLO", "ATOXHHI", "ATOXRULH"))


def panels(study: Study, axis: Axis, records: Records, derived: Derived) -> Iterator[Panel]:
    """A panel for each key analyte that was measured."""
    criteria = criteria_of(study.standards.adverse_events)
    for key in KEYS:
        entries = [
            entry
            for entry in records.get("laboratory", ())
            if entry.text("analyte") == key.code and entry.text("specimen") in BLOOD
        ]
        if entries:
            yield _panel(key, axis, entries, derived, criteria)


def _panel(
    key: Key, axis: Axis, entries: Sequence[Entered], derived: Derived, criteria: Criteria | None
) -> Panel:
    made = {e.number: _made(derived, e) for e in entries}
    readings = tuple(_reading(key, axis, entry, made[entry.number]) for entry in entries)
    blank = Panel(f"lab-{key.code}", key.name, height=HEIGHT, columns=COLUMNS)
    series = [Series(key.name, "s1", readings)]
    drawn, scale = curve.curve(blank, axis, series, is_log=key.is_log, close=not key.is_log)
    rows = [one for one in made.values() if one is not None and one["AVAL"] is not None]
    if criteria is None or not rows:
        return drawn
    newest = max(rows, key=lambda row: (row["ADT"] is not None, row["ADT"]))
    return replace(drawn, bands=tuple(bands(key.code, newest, scale, criteria)))


def _made(derived: Derived, entry: Entered) -> Made | None:
    return derived.of_laboratory(entry.text("analyte"), entry.text("specimen"), entry.text("at"))


def _reading(key: Key, axis: Axis, entry: Entered, made: Made | None) -> Reading:
    at, day = entry.text("at"), axis.day(entry.text("at"))
    value, unit = entry.value("value"), _spelled(key.code, entry.text("unit"))
    low, high = entry.text("low"), entry.text("high")
    if made is not None and made["AVAL"] is not None:
        value, unit = made["AVAL"], made["AVALU"] or ""
        low, high = (_number(made[name]) for name in ("ANRLO", "ANRHI"))
    lowest, highest, rule = worst(made) if made else (None, None, "")
    said = words.grade(lowest, highest)
    result = amount(value, unit) if value is not None else entry.text("why_missing") or "no value"
    if unit != _spelled(key.code, entry.text("unit")) and entry.text("value"):
        result += f" (entered {entry.text('value')} {words.unit(entry.text('unit'))})"
    why = words.unit(rule) if made else "not in the analysis"
    normal = " to ".join((low or "?", high or "?")) if low or high else "not known"
    told = sentence(key.name, result, at, day, why or said)
    kind = f"g{lowest}" if lowest is not None else "ungraded"
    return Reading(entry, at, day, value, unit, told, (result, normal, said, why), kind=kind)


def _spelled(code: str, unit: str) -> str:
    return units.spelled(code, unit) if unit else ""


def _number(value: float | None) -> str:
    return "" if value is None else number(value)


def worst(made: Made) -> tuple[int | None, int | None, str]:
    """The worse of the grades in both directions as an interval, and the rule that decided it."""
    found = [
        (made[low], made[high], made[rule] or "")
        for low, high, rule in GRADES
        if made[low] is not None
    ]
    return max(found, default=(None, None, ""))


def bands(code: str, newest: Made, scale: Scale, criteria: Criteria) -> Iterator[Band]:
    """The heights that have a grade, from the top; each with its number where it has room."""
    grades = _graded(code, newest, scale, criteria)
    start = 0
    for n, grade in enumerate([*grades[1:], None], start=1):
        if grade != grades[start]:
            height = (n - start) * STEP
            if grades[start]:
                label = str(grades[start]) if height >= LABEL else ""
                yield Band(start * STEP, height, f"g{grades[start]}", label)
            start = n


def _graded(code: str, newest: Made, scale: Scale, criteria: Criteria) -> list[int]:
    """The grade of each height by the engine; 0 where it says none."""
    heights = [scale.value(y) for y in range(0, scale.height, STEP)]
    worst_of = [0] * len(heights)
    for direction in criteria.terms_of(code):
        asked = pl.DataFrame({"value": heights}).with_columns(
            test=pl.lit(code),
            direction=pl.lit(direction),
            unit=pl.lit(newest["AVALU"]),
            low=pl.lit(newest["ANRLO"], pl.Float64),
            high=pl.lit(newest["ANRHI"], pl.Float64),
            baseline=pl.lit(newest["BASE"], pl.Float64),
            baseline_indicator=pl.lit(newest["BNRIND"], pl.String),
        )
        grades = grade_laboratory(asked, criteria)["lowest"].fill_null(0).to_list()
        worst_of = [max(pair) for pair in zip(worst_of, grades, strict=True)]
    return worst_of
