"""The signs of CRS and ICANS at the bedside, as the course of the subject brings them about.

Grade 1 of CRS is fever; grades 2 to 4 show in blood pressure, in oxygen need, or in both, in the
treatment that they take. ICANS takes points from the ICE score and dulls consciousness.
"""

from dataclasses import dataclass

from cartrial.virtual.stream import Chance, happens, within
from cartrial.virtual.syndrome import EVENING, MORNING, Course
from cartrial.virtual.toxicity import Reaction

INPATIENT = 14  # the last day on which everybody is assessed twice
OXYGEN = {2: ("low-flow nasal cannula",), 3: ("high-flow nasal cannula", "face mask")}
VENTILATED = ("CPAP", "BiPAP", "mechanical ventilation")
FLOW = {"low-flow nasal cannula": (1, 5), "high-flow nasal cannula": (20, 50), "face mask": (7, 10)}
ICE = {0: (10, 10), 1: (7, 9), 2: (3, 6), 3: (0, 2), 4: (0, 0)}
ITEMS = (("attention", 1), ("writing", 1), ("naming", 3), ("orientation", 4), ("command", 1))
AWAKE = (
    "alert",
    "awakens spontaneously",
    "awakens to voice",
    "awakens to tactile stimulus",
    "unarousable",
)


@dataclass(frozen=True)
class CrsSign:
    """What is seen of CRS at one assessment."""

    at: float
    grade: int
    temperature: float
    treated: bool
    hypotension: bool
    vasopressors: int
    vasopressin: bool
    oxygen: str
    flow: float | None


@dataclass(frozen=True)
class IcansSign:
    """What is seen of ICANS at one assessment; the points of ICE by item."""

    at: float
    grade: int
    points: dict[str, int] | None
    consciousness: str
    seizure: str


def crs_signs(chance: Chance, reaction: Reaction) -> tuple[CrsSign, ...]:
    """Twice a day while in hospital and while ill."""
    course = reaction.crs
    weaker = 1 if happens(chance, 0.5) else 2  # of the two, the sign that is behind
    mask = within(chance, 0, 1)
    pressin = happens(chance, 0.3)
    found = []
    for at in _times(course):
        grade = course.grades.get(at, 0) if course is not None else 0
        inside = course is not None and course.onset < at <= course.end
        treated = inside and course is not None and course.treated is not None
        treated = treated and at > (course.treated or 0) if course is not None else False
        pressure = grade if reaction.by_pressure else 0
        lungs = grade if reaction.by_oxygen else 0
        if reaction.by_pressure and reaction.by_oxygen:
            lungs = max(grade - weaker, 0)
        oxygen, flow = _oxygen(chance, lungs, mask)
        found.append(
            CrsSign(
                at=at,
                grade=grade,
                temperature=_temperature(chance, grade, treated),
                treated=treated or (inside and grade > 0),
                hypotension=pressure >= 2,
                vasopressors=max(pressure - 2, 0),
                vasopressin=pressin and pressure >= 3,
                oxygen=oxygen,
                flow=flow,
            )
        )
    return tuple(found)


def icans_signs(chance: Chance, reaction: Reaction) -> tuple[IcansSign, ...]:
    """Every morning while in hospital, twice a day while ill."""
    course = reaction.icans
    seizes = happens(chance, 0.3)
    found = []
    for at in _times(course):
        grade = course.grades.get(at, 0) if course is not None else 0
        morning = abs(at % 1 - MORNING) < 0.01
        if grade or morning:
            points = _points(chance, grade)
            seizure = "resolving rapidly" if seizes and grade == 3 else "none"
            found.append(
                IcansSign(at, grade, None if grade == 4 else points, AWAKE[grade], seizure)
            )
    return tuple(found)


def _times(course: Course | None) -> list[float]:
    """The assessments up to the end of the stay, or to a day after the last sign."""
    last = max(INPATIENT, int(course.end) + 1 if course is not None else 0)
    times = [day + part for day in range(last + 1) for part in (MORNING, EVENING)]
    return times[1:]  # the first is after the infusion


def _temperature(chance: Chance, grade: int, treated: bool) -> float:
    shown, height, quiet = chance.random(), chance.random(), chance.random()
    if grade == 0 or (grade >= 2 and treated and shown < 0.6):
        return round(36.2 + 1.2 * quiet, 1)
    return round(38.0 + (0.7 + 0.35 * grade) * height + 0.1, 1)


def _oxygen(chance: Chance, grade: int, mask: int) -> tuple[str, float | None]:
    draw = chance.random()
    if grade < 2:
        return "none", None
    if grade == 4:
        return VENTILATED[int(draw * 3)], None
    devices = OXYGEN[grade]
    device = devices[mask % len(devices)]
    low, high = FLOW[device]
    return device, float(round(low + draw * (high - low)))


def _points(chance: Chance, grade: int) -> dict[str, int]:
    """ICE points of a grade; the hardest items are lost first."""
    lost = 10 - within(chance, *ICE[grade])
    found = {}
    for item, most in ITEMS:
        gone = min(lost, most)
        found[item] = most - gone
        lost -= gone
    return found
