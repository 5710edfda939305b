"""Adverse events of CRS and ICANS, with the signs that are part of the episode, and of DLT."""

from collections.abc import Iterable, Mapping, Sequence

from cartrial.virtual.event import Cause, Event
from cartrial.virtual.signs import CrsSign
from cartrial.virtual.stream import Chance, happens, within
from cartrial.virtual.syndrome import Course
from cartrial.virtual.toxicity import Reaction

PRODUCT: Mapping[str, Cause | None] = {
    "car_t": "related",
    "lymphodepletion": "not",
    "disease": "not",
}
LONG_SEVERE = 3.0  # days of grade 3 that make a DLT
ORGANS = {  # with the worst grade, and the grade later
    "cardiac": ("Cardiac failure", "Cardiac disorders", 3, 2),
    "infection": ("Sepsis", "Infections and infestations", 4, 3),
}


def syndrome_events(chance: Chance, reaction: Reaction, signs: Sequence[CrsSign]) -> list[Event]:
    """CRS and ICANS, and the signs of CRS as events of their own."""
    found: list[Event] = []
    if reaction.crs is not None:
        limiting = reaction.dlt == "CRS"
        found.append(_syndrome(chance, "CRS", reaction.crs, limiting))
        found += _components(signs)
    if reaction.icans is not None:
        found.append(_syndrome(chance, "ICANS", reaction.icans, reaction.dlt == "ICANS"))
    return found


def organ_event(chance: Chance, reaction: Reaction) -> list[Event]:
    """The DLT of an organ, in the weeks after the infusion."""
    day, length = within(chance, 9, 62), within(chance, 9, 25)
    if reaction.dlt not in ORGANS:
        return []
    preferred, organ_class, grade, later = ORGANS[reaction.dlt]
    grades = ((float(day), grade), (float(day + length // 2), later))
    return [
        Event(
            name=f"DLT {reaction.dlt}",
            preferred=preferred,
            organ_class=organ_class,
            grades=grades,
            end=float(day + length),
            causes={"car_t": "possibly", "lymphodepletion": "unlikely", "disease": "unlikely"},
            proposed=True,
            met=day,
            dose_limiting=True,
            clause="organ" if reaction.dlt == "cardiac" else "infection",
            serious=serious_reasons(grade),
        )
    ]


def daily(
    grades: Iterable[tuple[float, int]], *, mildest: int = 1
) -> tuple[tuple[float, int], ...]:
    """The worst grade of each day, where it changed; days inside without one have the mildest."""
    worst: dict[int, int] = {}
    for at, grade in grades:
        worst[int(at // 1)] = max(worst.get(int(at // 1), 0), grade)
    changed: list[tuple[float, int]] = []
    last = max((day for day, grade in worst.items() if grade), default=None)
    for day in sorted(worst):
        grade = worst[day]
        if last is None or day > last or (not grade and not changed):
            continue
        if not changed or changed[-1][1] != max(grade, mildest):
            changed.append((float(day), max(grade, mildest)))
    return tuple(changed)


def _syndrome(chance: Chance, kind: str, course: Course, limiting: bool) -> Event:
    alarm = happens(chance, 0.3)
    met, clause = _clause(kind, course) if limiting else (None, "")
    short = course.worst == 3 and not limiting
    crs = kind == "CRS"
    return Event(
        name=kind,
        preferred=(
            "Cytokine release syndrome"
            if crs
            else "Immune effector cell-associated neurotoxicity syndrome"
        ),
        organ_class="Immune system disorders" if crs else "Nervous system disorders",
        grades=tuple(course.changes()),
        end=course.end,
        causes=PRODUCT,
        syndrome="CRS" if crs else "ICANS",
        proposed=limiting or (short and alarm),
        met=met if limiting else (int(course.first(3) or 0) if short and alarm else None),
        dose_limiting=limiting,
        clause=clause or (f"{kind} grade 3, at grade 2 within 72 h" if short and alarm else ""),
        serious=serious_reasons(course.worst),
    )


def _clause(kind: str, course: Course) -> tuple[int, str]:
    """The day on which the DLT clause was met, and the clause by its usual id."""
    fourth = course.first(4)
    if fourth is not None:
        return int(fourth), f"{kind.lower()}-4"
    third = course.first(3)
    begun = third if third is not None else course.onset
    return int(begun + LONG_SEVERE), f"{kind.lower()}-3"


def _components(signs: Sequence[CrsSign]) -> list[Event]:
    """Fever, hypotension and hypoxia of the episode, by CTCAE."""
    graded = {
        ("Pyrexia", "General disorders and administration site conditions"): [
            (s.at, _fever(s.temperature) if s.grade else 0) for s in signs
        ],
        ("Hypotension", "Vascular disorders"): [
            (s.at, (2 + min(s.vasopressors, 2)) if s.hypotension else 0) for s in signs
        ],
        ("Hypoxia", "Respiratory, thoracic and mediastinal disorders"): [
            (s.at, _hypoxia(s.oxygen)) for s in signs
        ],
    }
    found = []
    for (preferred, organ_class), course in graded.items():
        grades = daily(course, mildest=2 if preferred == "Hypoxia" else 1)
        if grades:
            last = max(at for at, grade in course if grade)
            found.append(
                Event(
                    name=f"CRS {preferred}",
                    preferred=preferred,
                    organ_class=organ_class,
                    grades=grades,
                    end=float(int(last)),
                    causes=PRODUCT,
                    component_of="CRS",
                )
            )
    return found


def _fever(temperature: float) -> int:
    """CTCAE: 38.0 to 39.0, above 39.0 to 40.0, above 40.0 °C."""
    return sum(temperature > limit for limit in (37.95, 39.0, 40.0))


def _hypoxia(oxygen: str) -> int:
    if oxygen == "none":
        return 0
    if oxygen == "low-flow nasal cannula":
        return 2
    return 4 if oxygen in ("CPAP", "BiPAP", "mechanical ventilation") else 3


def serious_reasons(grade: int) -> tuple[str, ...]:
    """Why an event of this grade is serious."""
    if grade >= 5:
        return ("fatal",)
    if grade == 4:
        return ("life_threatening", "hospitalisation")
    return ("hospitalisation",) if grade == 3 else ()
