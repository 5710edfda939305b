"""What is seen at the bedside: vital signs, the signs of CRS and of ICANS, visits.

The investigator's grade stands beside the signs; null is `not known`, never `no`.
"""

import polars as pl

from cartrial import schema as s

OXYGEN = (
    "none",
    "low-flow nasal cannula",
    "blow-by",
    "high-flow nasal cannula",
    "face mask",
    "non-rebreather mask",
    "Venturi mask",
    "CPAP",
    "BiPAP",
    "mechanical ventilation",
)
CONSCIOUSNESS = (
    "alert",
    "awakens spontaneously",
    "awakens to voice",
    "awakens to tactile stimulus",
    "unarousable",
)
SEIZURE = ("none", "resolving rapidly", "non-convulsive, resolving", "prolonged", "repetitive")
PRESSURE = (
    "none",
    "focal oedema",
    "diffuse oedema",
    "posturing",
    "VI palsy",
    "papilloedema",
    "Cushing",
)


class Visit(s.Table):
    """A planned or unscheduled visit, held or missed."""

    subject = s.subject()
    visit = s.text("Visit", primary_key=True, private=False, most=40)
    on = s.date("Visit on", nullable=True)
    why_missed = s.why_missing("Why the visit was missed", of=["on"])
    safety = s.flag("Safety was assessed")

    @s.rule()
    def a_missed_visit_has_no_safety_assessment(cls) -> pl.Expr:
        return cls.on.col.is_not_null() | ~cls.safety.col


class VitalSigns(s.Table):
    """Vital signs."""

    subject = s.subject()
    at = s.moment("Measured at", primary_key=True)
    temperature = s.number("Temperature", "°C", min=30, max=45, nullable=True)
    systolic = s.number("Systolic blood pressure", "mmHg", min=30, max=300, nullable=True)
    diastolic = s.number("Diastolic blood pressure", "mmHg", min=10, max=200, nullable=True)
    pulse = s.number("Heart rate", "beats/min", min=10, max=300, nullable=True)
    breaths = s.number("Respiratory rate", "breaths/min", min=0, max=100, nullable=True)
    saturation = s.number("Oxygen saturation", "%", min=0, max=100, nullable=True)
    weight = s.number("Body weight", "kg", min=20, max=300, nullable=True)


class CrsAssessment(s.Table):
    """Cytokine release syndrome, as seen at the bedside."""

    subject = s.subject()
    at = s.moment("Assessed at", primary_key=True)
    temperature = s.number(
        "Highest temperature since the last assessment", "°C", min=30, max=45, nullable=True
    )
    other_cause = s.flag("Fever has a cause other than CRS", nullable=True)
    treated = s.flag("Antipyretic, tocilizumab or steroid given for this episode", nullable=True)
    hypotension = s.flag("Hypotension", nullable=True)
    pressure_other_cause = s.flag("Hypotension has a cause other than CRS", nullable=True)
    vasopressors = s.count("Vasopressors, vasopressin not counted", "drugs", max=6, nullable=True)
    vasopressin = s.flag("Vasopressin", nullable=True)
    oxygen = s.code("Oxygen support", OXYGEN, nullable=True)
    oxygen_flow = s.number("Oxygen flow", "L/min", min=0, max=100, nullable=True)
    oxygen_other_cause = s.flag("Oxygen need has a cause other than CRS", nullable=True)
    grade = s.count("Grade by the investigator (ASTCT)", "grade", max=5, nullable=True)


class IcansAssessment(s.Table):
    """ICANS, as seen at the bedside: ICE score items and signs."""

    subject = s.subject()
    at = s.moment("Assessed at", primary_key=True)
    orientation = s.count(
        "ICE orientation (year, month, city, hospital)", "points", max=4, nullable=True
    )
    naming = s.count("ICE naming (three objects)", "points", max=3, nullable=True)
    command = s.count("ICE simple command", "points", max=1, nullable=True)
    writing = s.count("ICE standard sentence", "points", max=1, nullable=True)
    attention = s.count("ICE counting backwards", "points", max=1, nullable=True)
    why_no_ice = s.code(
        "Why ICE was not done", ("unarousable", "sedated", "not done", "language"), nullable=True
    )
    consciousness = s.code("Level of consciousness", CONSCIOUSNESS, nullable=True)
    seizure = s.code("Seizure", SEIZURE, nullable=True)
    motor_weakness = s.flag("Deep focal motor weakness", nullable=True)
    pressure = s.code("Raised intracranial pressure or oedema", PRESSURE, nullable=True)
    other_cause = s.flag("Signs have a cause other than ICANS", nullable=True)
    grade = s.count("Grade by the investigator (ASTCT)", "grade", max=5, nullable=True)


class HospitalStay(s.Table):
    """A stay in hospital or intensive care."""

    subject = s.subject()
    number = s.count("Number", "number", min=1, primary_key=True)
    ward = s.code("Ward", ("ward", "intensive care"))
    admitted = s.date("Admitted on")
    discharged = s.date("Discharged on", nullable=True)

    @s.rule()
    def discharged_after_admission(cls) -> pl.Expr:
        return cls.discharged.col >= cls.admitted.col
