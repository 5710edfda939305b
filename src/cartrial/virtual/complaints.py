"""Adverse events that come by themselves: complaints after chemotherapy, infections, low IgG."""

from collections.abc import Mapping
from dataclasses import dataclass

from cartrial.virtual.blood import FIRST, Blood
from cartrial.virtual.event import Cause, Event
from cartrial.virtual.illness import serious_reasons
from cartrial.virtual.stream import Chance, happens, one_of, spread, within

GENERAL = "General disorders and administration site conditions"
GUT = "Gastrointestinal disorders"
CHEMOTHERAPY: Mapping[str, Cause | None] = {
    "car_t": "not",
    "lymphodepletion": "related",
    "disease": "not",
}
EITHER: Mapping[str, Cause | None] = {
    "car_t": "possibly",
    "lymphodepletion": "possibly",
    "disease": "unlikely",
}
NEITHER: Mapping[str, Cause | None] = {
    "car_t": "unlikely",
    "lymphodepletion": "unlikely",
    "disease": "possibly",
}
IMMUNE: Mapping[str, Cause | None] = {
    "car_t": "possibly",
    "lymphodepletion": "unlikely",
    "disease": "possibly",
}


@dataclass(frozen=True)
class Complaint:
    """A common event: how often, from which day to which, how long, how often above grade 1."""

    preferred: str
    organ_class: str
    rate: float
    first: int
    last: int
    lasting: float
    worse: float
    causes: Mapping[str, Cause | None]


COMPLAINTS = (
    Complaint("Nausea", GUT, 0.45, -5, -1, 4, 0.25, CHEMOTHERAPY),
    Complaint("Vomiting", GUT, 0.2, -4, 1, 2, 0.3, CHEMOTHERAPY),
    Complaint(
        "Decreased appetite", "Metabolism and nutrition disorders", 0.35, -4, 8, 9, 0.3, EITHER
    ),
    Complaint("Fatigue", GENERAL, 0.4, 0, 20, 20, 0.3, EITHER),
    Complaint("Headache", "Nervous system disorders", 0.25, 1, 14, 4, 0.15, EITHER),
    Complaint("Diarrhoea", GUT, 0.22, 2, 60, 4, 0.3, EITHER),
    Complaint("Constipation", GUT, 0.2, -3, 30, 7, 0.2, NEITHER),
    Complaint("Sinus tachycardia", "Cardiac disorders", 0.25, 2, 12, 4, 0.1, EITHER),
    Complaint(
        "Cough", "Respiratory, thoracic and mediastinal disorders", 0.2, 5, 200, 10, 0.15, NEITHER
    ),
    Complaint(
        "Back pain",
        "Musculoskeletal and connective tissue disorders",
        0.2,
        3,
        300,
        14,
        0.35,
        NEITHER,
    ),
    Complaint("Insomnia", "Psychiatric disorders", 0.15, 0, 40, 10, 0.2, NEITHER),
    Complaint("Hypertension", "Vascular disorders", 0.12, 5, 150, 8, 0.5, NEITHER),
    Complaint("Rash", "Skin and subcutaneous tissue disorders", 0.1, 5, 60, 7, 0.25, EITHER),
)
INFECTIONS = (
    ("Upper respiratory tract infection", 0.34),
    ("Pneumonia", 0.22),
    ("COVID-19", 0.14),
    ("Urinary tract infection", 0.1),
    ("Cytomegalovirus infection reactivation", 0.1),
    ("Herpes zoster", 0.06),
    ("Bronchitis", 0.04),
)
NEVER_MILD = (  # CTCAE has no grade 1 of them
    "Upper respiratory tract infection",
    "Pneumonia",
    "Urinary tract infection",
    "Bronchitis",
)
EARLY, LATE = 0.008, 0.0022  # infections per day, while neutropenic and later
FATAL = 0.012  # of infections after the window


def complaints(chance: Chance) -> list[Event]:
    """The common events."""
    found = []
    for kind in COMPLAINTS:
        comes, worse = happens(chance, kind.rate), happens(chance, kind.worse)
        day = within(chance, kind.first, kind.last)
        length = max(1, round(spread(chance, kind.lasting, 0.6)))
        if comes:
            grades: tuple[tuple[float, int], ...] = ((float(day), 2 if worse else 1),)
            if worse and length > 3:
                grades += ((float(day + length // 2), 1),)
            found.append(
                Event(
                    name=kind.preferred,
                    preferred=kind.preferred,
                    organ_class=kind.organ_class,
                    grades=grades,
                    end=float(day + length),
                    causes=kind.causes,
                )
            )
    return found


def infections(chance: Chance, blood: Blood, *, days: int, window: int) -> list[Event]:
    """Infections, most while neutrophils are low, then as long as immunity is."""
    found: list[Event] = []
    free = 0
    for day in range(3, days):
        draw = float(chance.random())
        low = blood.at("NEUT", day) < 0.8
        if day < free or draw >= (EARLY if low else LATE):
            continue
        preferred = one_of(chance, INFECTIONS)
        grade = one_of(chance, ((1, 0.18), (2, 0.47), (3, 0.33), (4, 0.02 if day > window else 0)))
        fatal = happens(chance, FATAL) and day > window
        length = max(5, round(spread(chance, 11, 0.4)))
        found.append(_infection(preferred, day, length, 5 if fatal else grade, len(found)))
        free = day + length + 7
        if fatal:
            break
    return found


def _infection(preferred: str, day: int, length: int, grade: int, number: int) -> Event:
    grade = max(grade, 2) if preferred in NEVER_MILD else grade
    mild = min(grade, 2)
    grades: tuple[tuple[float, int], ...] = ((float(day), mild),)
    if grade > mild:
        grades += ((float(day + 2), min(grade, 4)),)
        later = (float(day + length), 5) if grade == 5 else (float(day + length - 1), 2)
        grades += (later,)
    return Event(
        name=f"infection {number}",
        preferred=preferred,
        organ_class="Infections and infestations",
        grades=grades,
        end=float(day + length),
        causes=IMMUNE,
        serious=serious_reasons(grade) if grade >= 3 else (),
    )


def second_malignancy(chance: Chance, rate: float) -> list[Event]:
    """Seldom a second malignancy, months after the infusion."""
    comes, day = happens(chance, rate), within(chance, 180, 700)
    if not comes:
        return []
    return [
        Event(
            name="second malignancy",
            preferred="Basal cell carcinoma",
            organ_class="Neoplasms benign, malignant and unspecified (incl cysts and polyps)",
            grades=((float(day), 2),),
            end=float(day + 30),
            causes=NEITHER,
            serious=("important",),
        )
    ]


def low_immunoglobulin(chance: Chance, blood: Blood, days: int) -> list[Event]:
    """Hypogammaglobulinaemia while there are no B cells."""
    comes, day = happens(chance, 0.55), within(chance, 26, 62)
    if not comes:
        return []
    absent = [i + FIRST for i, cells in enumerate(blood.b_cells) if cells < 20 and i + FIRST < days]
    end = max((d for d in absent if d >= day), default=day + 60)
    return [
        Event(
            name="IgG",
            preferred="Hypogammaglobulinaemia",
            organ_class="Immune system disorders",
            grades=((float(day), 2),),
            end=float(end + 30),
            causes={"car_t": "related", "lymphodepletion": "unlikely", "disease": "possibly"},
        )
    ]
