"""Visits, vital signs, the signs of CRS and ICANS, hospital stays."""

from collections.abc import Sequence
from typing import Any

from cartrial.protocol.study import Study
from cartrial.virtual.life import BEFORE, Life
from cartrial.virtual.record.sheet import Chart
from cartrial.virtual.signs import INPATIENT, CrsSign
from cartrial.virtual.stream import Chance, happens, within

AT_VISITS = 9.5 / 24  # of the day
MAY_BE_UNKNOWN = ("temperature", "hypotension", "vasopressors", "oxygen")
SATURATION = {"none": 97, "low-flow nasal cannula": 94, "high-flow nasal cannula": 92}


def record_bedside(
    chart: Chart, life: Life, chance: Chance, *, unknown: float, grades: Sequence[int]
) -> None:
    """The bedside forms of an infused subject; `grades` are those of CRS as they are written."""
    _visits(chart, life)
    for sign, grade in zip(life.crs, grades, strict=True):
        _crs(chart, sign, grade, chance, unknown)
        _vital_signs(chart, sign, chance)
    for seen in life.icans:
        points = seen.points or {}
        silent = happens(chance, unknown) and seen.grade == 0
        chart.add(
            "icans_assessment",
            seen.at,
            at=chart.moment(seen.at + 0.01),
            **({} if silent else points),
            why_no_ice="not done" if silent else None if points else "unarousable",
            consciousness=seen.consciousness,
            seizure=seen.seizure,
            motor_weakness=False,
            pressure="none",
            other_cause=False,
            grade=None if silent else seen.grade,
        )
    _later_vital_signs(chart, life, chance)
    _stays(chart, life)


def record_first_visits(chart: Chart, study: Study, days: Sequence[int]) -> None:
    """The visits that are not counted from the infusion: screening, then leukapheresis."""
    planned = [v for v in study.schedule.visits if v.unanchored] if study.schedule else []
    for visit, day in zip(sorted(planned, key=lambda v: v.day), days, strict=False):
        chart.add("visit", day, visit=visit.name, on=chart.date(day), safety=True)


def _visits(chart: Chart, life: Life) -> None:
    for visit in life.visits:
        held = visit.day is not None
        chart.add(
            "visit",
            visit.day if visit.day is not None else visit.planned,
            visit=visit.name,
            on=chart.date(visit.day) if visit.day is not None else None,
            why_missed=visit.why,
            safety=held,
        )


def _crs(chart: Chart, sign: CrsSign, grade: int, chance: Chance, unknown: float) -> None:
    """One assessment; now and then a sign was not written down."""
    cells: dict[str, Any] = {
        "temperature": sign.temperature,
        "hypotension": sign.hypotension,
        "vasopressors": sign.vasopressors,
        "oxygen": sign.oxygen,
    }
    left_out = happens(chance, unknown)
    name = MAY_BE_UNKNOWN[within(chance, 0, len(MAY_BE_UNKNOWN) - 1)]
    if left_out:
        cells[name] = None
    chart.add(
        "crs_assessment",
        sign.at,
        at=chart.moment(sign.at),
        other_cause=False,
        treated=sign.treated,
        pressure_other_cause=False,
        vasopressin=sign.vasopressin,
        oxygen_flow=sign.flow if cells["oxygen"] is not None else None,
        oxygen_other_cause=False,
        grade=grade,
        **cells,
    )


def _vital_signs(chart: Chart, sign: CrsSign, chance: Chance) -> None:
    low = sign.hypotension
    systolic = within(chance, 78, 89) if low else within(chance, 102, 136)
    chart.add(
        "vital_signs",
        sign.at,
        at=chart.moment(sign.at),
        temperature=sign.temperature,
        systolic=float(systolic),
        diastolic=float(round(systolic * 0.6)),
        pulse=float(round(74 + 9 * (sign.temperature - 36.8) + (16 if low else 0))),
        breaths=float(within(chance, 14, 19) + 3 * (sign.oxygen != "none")),
        saturation=float(SATURATION.get(sign.oxygen, 91) - within(chance, 0, 1)),
    )


def _later_vital_signs(chart: Chart, life: Life, chance: Chance) -> None:
    """Vital signs before the infusion and at the visits after the stay."""
    days = [v.day for v in life.visits if v.day is not None]
    for day in sorted({BEFORE, 0} | {d for d in days if d > INPATIENT}):
        systolic = within(chance, 105, 142)
        if life.crs and life.crs[-1].at >= day > 0:
            continue
        chart.add(
            "vital_signs",
            day,
            at=chart.moment(day + (8 / 24 if day == 0 else AT_VISITS)),
            temperature=round(36.2 + 0.8 * float(chance.random()), 1),
            systolic=float(systolic),
            diastolic=float(round(systolic * 0.62)),
            pulse=float(within(chance, 62, 88)),
            breaths=float(within(chance, 13, 18)),
            saturation=float(within(chance, 96, 99)),
            weight=round(life.person.weight * (1 + 0.01 * float(chance.standard_normal())), 1),
        )


def _stays(chart: Chart, life: Life) -> None:
    """The stay of the infusion, intensive care, and later admissions; they do not overlap."""
    stays: list[tuple[float, str, float | None]] = []
    ill = [course.end for course in (life.reaction.crs, life.reaction.icans) if course is not None]
    home = max(INPATIENT + 1, *(int(end) + 2 for end in ill)) if ill else INPATIENT + 1
    severe = [sign.at for sign in life.crs if sign.grade >= 3]
    severe += [sign.at for sign in life.icans if sign.grade >= 3]
    if severe:
        into, out = int(min(severe)), int(max(severe)) + 1
        stays += [(BEFORE, "ward", into), (into, "intensive care", out), (out, "ward", home)]
    else:
        stays.append((BEFORE, "ward", home))
    for event in life.events:
        if "hospitalisation" in event.serious and event.onset > home:
            stays.append((event.onset + 1, "ward", event.end))
            home = int(event.end) if event.end is not None else life.end
    for number, (admitted, ward, left) in enumerate(stays, start=1):
        if admitted <= life.end:
            day = None if left is None else max(admitted, min(left, life.end))
            chart.add(
                "hospital_stay",
                admitted,
                number=number,
                ward=ward,
                admitted=chart.date(admitted),
                discharged=None if day is None else chart.date(day),
            )
