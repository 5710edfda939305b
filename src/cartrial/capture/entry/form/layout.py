"""In which order and under which headings a form's fields stand, and a subject's forms.

A form that is not listed is one group, in the order of its declaration.
"""

from collections.abc import Mapping

from cartrial.capture.ledger.row import CAPTURED

Groups = tuple[tuple[str, tuple[str, ...]], ...]

LAYOUT: Mapping[str, Groups] = {
    "demographics": (
        ("Enrolment", ("subject", "consented", "why_no_consent_date", "site", "level")),
        ("Person", ("born", "age", "sex", "race", "country")),
    ),
    "disease_history": (
        ("Myeloma", ("subject", "diagnosed", "heavy_chain", "light_chain", "iss", "r_iss")),
        ("Risk", ("high_risk", "extramedullary", "ecog", "bcma_positive")),
        ("Treatment so far", ("prior_lines", "prior_transplant", "triple_refractory")),
    ),
    "infusion": (
        ("Infusion", ("subject", "number", "at", "why_no_date", "lot")),
        ("Dose", ("level", "planned", "given", "why_no_dose", "weight")),
    ),
    "crs_assessment": (
        ("Assessment", ("subject", "at")),
        ("Fever", ("temperature", "other_cause", "treated")),
        ("Blood pressure", ("hypotension", "pressure_other_cause", "vasopressors", "vasopressin")),
        ("Oxygen", ("oxygen", "oxygen_flow", "oxygen_other_cause")),
        ("Grade", ("grade",)),
    ),
    "icans_assessment": (
        ("Assessment", ("subject", "at")),
        (
            "ICE score",
            ("orientation", "naming", "command", "writing", "attention", "why_no_ice"),
        ),
        ("Signs", ("consciousness", "seizure", "motor_weakness", "pressure", "other_cause")),
        ("Grade", ("grade",)),
    ),
    "adverse_event": (
        (
            "Event",
            (
                "subject",
                "number",
                "term",
                "preferred",
                "ctcae_term",
                "organ_class",
                "syndrome",
                "component_of",
                "scale",
            ),
        ),
        ("Course", ("started", "ended", "outcome", "serious")),
        ("Cause", ("car_t", "lymphodepletion", "apheresis", "bridging", "disease", "other")),
        ("Dose-limiting toxicity", ("dlt", "dlt_met")),
    ),
    "serious_event": (
        ("Event", ("subject", "number", "aware", "reported")),
        (
            "Why it is serious",
            (
                "fatal",
                "life_threatening",
                "hospitalisation",
                "disability",
                "congenital",
                "important",
            ),
        ),
    ),
    "laboratory": (
        ("Sample", ("subject", "at", "analyte", "specimen")),
        ("Result", ("value", "unit", "why_missing")),
        ("Limits of normal", ("low", "high")),
    ),
    "car_transgene": (
        ("Sample", ("subject", "at", "analyte", "specimen", "visit")),
        ("Result", ("status", "why_not_done", "copies", "copies_per_ml")),
        ("Assay", ("lloq", "lod", "dna")),
    ),
    "car_flow": (
        ("Sample", ("subject", "at", "analyte", "specimen", "visit")),
        ("Result", ("status", "why_not_done", "cells", "percent", "lloq")),
    ),
}
LONG = frozenset({"what", "reason"})  # texts of more than a line

# the forms of a subject, by the module that declares them
SECTIONS: Mapping[str, str] = {
    "enrolment": "Enrolment",
    "product": "Product and infusion",
    "bedside": "Bedside",
    "adverse": "Adverse events",
    "laboratory": "Laboratory",
    "myeloma": "Myeloma",
    "treatment": "Other treatment",
    "conduct": "Conduct of the trial",
}
# fields that a decision sets, and the page on which it is made
DECIDED: Mapping[tuple[str, str], str] = {
    ("slot_request", "granted"): "/slots",
    ("slot_request", "level"): "/slots",
}
# forms that only who has this permission enters, beside what every form needs
ENTERED_BY: Mapping[str, str] = {"dlt_adjudication": "adjudicate"}
ELSEWHERE: Mapping[str, str] = {"dose_decision": "/dose"}  # entered by two people, not here


def sections() -> dict[str, list[str]]:
    """The forms of a subject under their headings."""
    made: dict[str, list[str]] = {heading: [] for heading in SECTIONS.values()}
    for form, table in CAPTURED.items():
        if form not in ELSEWHERE:
            made[SECTIONS[table.__module__.rpartition(".")[2]]].append(form)
    return made
