"""Adverse events, the dated changes of their grade, and what they mean for the dose.

CRS and ICANS are events with `syndrome` set and graded by ASTCT; an event that is a sign of such an
episode names it in `component_of` and is not tabulated on its own.
"""

import polars as pl

from cartrial import schema as s

ATTRIBUTION = ("related", "possibly", "unlikely", "not")
SYNDROMES = ("CRS", "ICANS")
SCALES = ("CTCAE", "ASTCT", "other")
OUTCOMES = (
    "resolved",
    "resolving",
    "not resolved",
    "resolved with sequelae",
    "fatal",
    "unknown",
)


class AdverseEvent(s.Table):
    """An adverse event; its grades stand in `ae_grade`."""

    subject = s.subject()
    number = s.count("Event", "number", min=1, primary_key=True)
    term = s.text("Event as reported", private=True)
    preferred = s.text("Preferred term", private=False, nullable=True)
    ctcae_term = s.text("CTCAE term", private=False, nullable=True)
    organ_class = s.text("System organ class", private=False, nullable=True)
    syndrome = s.code("Syndrome graded by ASTCT", SYNDROMES, nullable=True)
    component_of = s.count("Sign of the CRS or ICANS event", "number", min=1, nullable=True)
    scale = s.code("Grading scale", SCALES)
    started = s.partial_date("Started", nullable=True)
    ended = s.partial_date("Ended", nullable=True)
    outcome = s.code("Outcome", OUTCOMES, nullable=True)
    serious = s.flag("Serious", nullable=True)
    car_t = s.code("Related to the CAR-T", ATTRIBUTION, nullable=True)
    lymphodepletion = s.code("Related to lymphodepletion", ATTRIBUTION, nullable=True)
    apheresis = s.code("Related to apheresis", ATTRIBUTION, nullable=True)
    bridging = s.code("Related to bridging therapy", ATTRIBUTION, nullable=True)
    disease = s.code("Related to the disease", ATTRIBUTION, nullable=True)
    other = s.code("Related to another cause", ATTRIBUTION, nullable=True)
    dlt = s.code(
        "Dose-limiting by the investigator", ("yes", "no", "cannot be settled yet"), nullable=True
    )
    dlt_met = s.partial_date("Day on which the DLT clause was met", nullable=True)

    @s.rule()
    def a_syndrome_is_graded_by_astct(cls) -> pl.Expr:
        return cls.syndrome.col.is_null() | (cls.scale.col == "ASTCT")

    @s.rule()
    def an_event_is_not_a_sign_of_itself(cls) -> pl.Expr:
        return cls.component_of.col != cls.number.col


class AeGrade(s.Table):
    """The grade of an adverse event from a time on."""

    subject = s.subject()
    number = s.count("Event", "number", min=1, primary_key=True)
    since = s.partial_date("Graded from", primary_key=True)
    grade = s.count("Grade", "grade", min=0, max=5)


class SeriousEvent(s.Table):
    """Why an adverse event is serious, and when it was reported."""

    subject = s.subject()
    number = s.count("Event", "number", min=1, primary_key=True)
    aware = s.moment("Investigator aware at", nullable=True)
    reported = s.moment("Reported at", nullable=True)
    fatal = s.flag("Fatal")
    life_threatening = s.flag("Life-threatening")
    hospitalisation = s.flag("Hospital admission or longer stay")
    disability = s.flag("Disability")
    congenital = s.flag("Congenital anomaly")
    important = s.flag("Other important medical event")


class DltAdjudication(s.Table):
    """The committee's decision on a subject's dose-limiting toxicity."""

    subject = s.subject()
    verdict = s.code("Verdict", ("DLT", "no DLT", "not evaluable"))
    decided = s.date("Decided on")
    number = s.count("Event", "number", min=1, nullable=True)
    met = s.date("Day on which the DLT clause was met", nullable=True)
    clause = s.text("Clause or reason", nullable=True)

    @s.rule()
    def a_dlt_has_its_day(cls) -> pl.Expr:
        return (cls.verdict.col != "DLT") | cls.met.col.is_not_null()


class SecondMalignancy(s.Table):
    """A second primary malignancy."""

    subject = s.subject()
    number = s.count("Number", "number", min=1, primary_key=True)
    term = s.text("Malignancy")
    diagnosed = s.partial_date("Diagnosed")
    transgene = s.code(
        "CAR transgene in the tumour", ("found", "not found", "not tested"), nullable=True
    )
