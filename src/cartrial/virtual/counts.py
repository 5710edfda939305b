"""Adverse events that laboratory values show: low counts, raised liver enzymes, low IgG.

The limits are those of CTCAE version 5.0 for the analytes concerned, in standard units.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cartrial.virtual.blood import Blood
from cartrial.virtual.event import Cause, Event
from cartrial.virtual.illness import daily
from cartrial.virtual.stream import Chance, one_of
from cartrial.virtual.toxicity import Reaction

LOW_FOR = 28  # days of grade 4 that make a DLT, after infusion
ORGAN_FOR = 7  # days of grade 3
BLOOD = "Blood and lymphatic system disorders"
TESTS = "Investigations"


@dataclass(frozen=True)
class Finding:
    """An analyte, the event it makes, and the limits of grades 1 to 4 (None: no such grade)."""

    analyte: str
    preferred: str
    organ_class: str
    limits: tuple[float | None, ...]
    low: bool = True


FINDINGS = (
    Finding("NEUT", "Neutrophil count decreased", TESTS, (1.8, 1.5, 1.0, 0.5)),
    Finding("PLAT", "Platelet count decreased", TESTS, (125.0, 75.0, 50.0, 25.0)),
    Finding("HGB", "Anaemia", BLOOD, (115.0, 100.0, 80.0, None)),
    Finding("WBC", "White blood cell count decreased", TESTS, (3.5, 3.0, 2.0, 1.0)),
    Finding("LYM", "Lymphocyte count decreased", TESTS, (1.1, 0.8, 0.5, 0.2)),
    Finding(
        "ALT", "Alanine aminotransferase increased", TESTS, (50.0, 150.0, 250.0, 1000.0), False
    ),
    Finding(
        "AST", "Aspartate aminotransferase increased", TESTS, (40.0, 120.0, 200.0, 800.0), False
    ),
    Finding("K", "Hypokalaemia", "Metabolism and nutrition disorders", (3.5, None, 3.0, 2.5)),
    Finding(
        "ALB", "Hypoalbuminaemia", "Metabolism and nutrition disorders", (35.0, 30.0, 20.0, None)
    ),
)
LIMITING = {"cytopenia": ("NEUT",), "hepatic": ("ALT", "AST")}
RELATION: tuple[tuple[Cause | None, float], ...] = (
    ("related", 0.45),
    ("possibly", 0.35),
    ("unlikely", 0.18),
    (None, 0.02),
)


def count_events(
    chance: Chance, blood: Blood, reaction: Reaction, sampled: Sequence[int]
) -> list[Event]:
    """The events of the values on the sampled days, where they are worse than before."""
    found = []
    for finding in FINDINGS:
        causes = _causes(chance, finding)
        graded = [(day, _grade(finding, blood.at(finding.analyte, day))) for day in sampled]
        before = graded[0][1]
        raised = [(float(day), grade if grade > before else 0) for day, grade in graded]
        grades = daily(raised)
        if grades:
            end = _end(raised)
            found.append(_judged(_event(finding, grades, end, causes), reaction, raised))
    return found


def _end(graded: Sequence[tuple[float, int]]) -> float | None:
    """The first sampled day on which it is over; None where that was not seen."""
    last = max(at for at, grade in graded if grade)
    return next((at for at, _ in graded if at > last), None)


def _event(
    finding: Finding,
    grades: tuple[tuple[float, int], ...],
    end: float | None,
    causes: Mapping[str, Cause | None],
) -> Event:
    return Event(
        name=finding.analyte,
        preferred=finding.preferred,
        organ_class=finding.organ_class,
        grades=grades,
        end=end,
        causes=causes,
    )


def _judged(event: Event, reaction: Reaction, graded: Sequence[tuple[float, int]]) -> Event:
    """The event with its DLT, where the reaction has one of this kind."""
    if event.name not in LIMITING.get(reaction.dlt or "", ()):
        return event
    grade, lasting = (4, LOW_FOR) if event.name == "NEUT" else (3, ORGAN_FOR)
    first = next((at for at, found in graded if found >= grade and at >= 0), None)
    since = event.onset if first is None else first
    over = next((at for at, found in graded if at > since and found < grade), since)
    if event.name == "AST" and over - since <= lasting:
        return event
    return Event(
        **{
            **event.__dict__,
            "proposed": True,
            "met": int(max(since, 0)) + lasting + 1,
            "dose_limiting": True,
            "clause": "neutropenia" if event.name == "NEUT" else "liver-tests",
            "serious": ("important",),
            "causes": {**event.causes, "car_t": "related"},
        }
    )


def _causes(chance: Chance, finding: Finding) -> dict[str, Cause | None]:
    relation = one_of(chance, RELATION)
    blood = finding.analyte in ("NEUT", "PLAT", "HGB", "WBC", "LYM")
    return {
        "car_t": relation,
        "lymphodepletion": "related" if blood else "unlikely",
        "disease": "possibly" if finding.analyte == "HGB" else "unlikely",
    }


def _grade(finding: Finding, value: float) -> int:
    grade = 0
    for number, limit in enumerate(finding.limits, start=1):
        if limit is not None and (value < limit if finding.low else value > limit):
            grade = number
    return grade
