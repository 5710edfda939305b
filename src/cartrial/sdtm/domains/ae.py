"""Adverse Events (AE): with the attributions and the DLT judgement in SUPPAE.

From the forms: adverse_event, serious_event; AETOXGR is the worst of ae_grade. AELLT is the term of
CTCAE v5.0, each of which is a lowest level term of MedDRA.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.adverse import SYNDROMES, AdverseEvent, AeGrade, SeriousEvent
from cartrial.forms.catalogue import Forms
from cartrial.grading.ctcae.terms import code_of_term
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Record, from_records, to_records, unique_subject
from cartrial.sdtm.records import finished
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid, whole


class Ae(s.Table):
    """Adverse Events (AE): with the attributions and the DLT judgement in SUPPAE."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    AESEQ = seq()
    AESPID = char("Sponsor-Defined Identifier")
    AELNKID = char("Link ID")
    AETERM = char("Reported Term for the Adverse Event", "Req", private=True)
    AELLT = char("Lowest Level Term", "Exp")
    AELLTCD = whole("Lowest Level Term Code", "code", "Exp")
    AEDECOD = char("Dictionary-Derived Term", "Req")
    AEPTCD = whole("Preferred Term Code", "code", "Exp")
    AEHLT = char("High Level Term", "Exp")
    AEHLTCD = whole("High Level Term Code", "code", "Exp")
    AEHLGT = char("High Level Group Term", "Exp")
    AEHLGTCD = whole("High Level Group Term Code", "code", "Exp")
    AECAT = char("Category for Adverse Event")
    AEBODSYS = char("Body System or Organ Class", "Exp")
    AEBDSYCD = whole("Body System or Organ Class Code", "code", "Exp")
    AESOC = char("Primary System Organ Class", "Exp")
    AESOCCD = whole("Primary System Organ Class Code", "code", "Exp")
    AESEV = char("Severity/Intensity")
    AESER = char("Serious Event", "Exp")
    AEACN = char("Action Taken with Study Treatment", "Exp")
    AEREL = char("Causality", "Exp")
    AEOUT = char("Outcome of Adverse Event")
    AESCONG = char("Congenital Anomaly or Birth Defect")
    AESDISAB = char("Persist or Signif Disability/Incapacity")
    AESDTH = char("Results in Death")
    AESHOSP = char("Requires or Prolongs Hospitalization")
    AESLIFE = char("Is Life Threatening")
    AESMIE = char("Other Medically Important Serious Event")
    AETOXGR = char("Standard Toxicity Grade", "Perm")
    EPOCH = epoch()
    AESTDTC = dtc("Start Date/Time of Adverse Event", "Exp")
    AEENDTC = dtc("End Date/Time of Adverse Event", "Exp")
    AESTDY = dy("Study Day of Start of Adverse Event")
    AEENDY = dy("Study Day of End of Adverse Event")
    AESCALE = char("Grading Scale", supp=True)
    AECOMPOF = whole("Sign of the CRS or ICANS Event", "number", supp=True)
    AERELLD = char("Related to Lymphodepletion", supp=True)
    AERELAPH = char("Related to Apheresis", supp=True)
    AERELBRG = char("Related to Bridging Therapy", supp=True)
    AERELDIS = char("Related to the Disease", supp=True)
    AERELOTH = char("Related to Another Cause", supp=True)
    AEDLT = char("Dose-Limiting by the Investigator", supp=True)
    AEDLTDTC = dtc("Date DLT Clause Was Met", supp=True)
    AEAWARDT = dtc("Investigator Aware at", supp=True)
    AERPTDTC = dtc("Serious Event Reported at", supp=True)


ORDER = ("AESTDTC", "AESPID", "AETERM")
RELATION = {
    "related": "RELATED",
    "possibly": "POSSIBLY RELATED",
    "unlikely": "UNLIKELY RELATED",
    "not": "NOT RELATED",
}
OUTCOME = {
    "resolved": "RECOVERED/RESOLVED",
    "resolving": "RECOVERING/RESOLVING",
    "not resolved": "NOT RECOVERED/NOT RESOLVED",
    "resolved with sequelae": "RECOVERED/RESOLVED WITH SEQUELAE",
    "fatal": "FATAL",
    "unknown": "UNKNOWN",
}
LIMITING = {"yes": "Y", "no": "N", "cannot be settled yet": "U"}


EVENT = Record(
    form=AdverseEvent,
    domain=Ae,
    fields={
        "number": "AESPID",
        "term": "AETERM",
        "preferred": "AEDECOD",
        "ctcae_term": "AELLT",
        "organ_class": "AESOC",
        "syndrome": Coded("AECAT", {name: name for name in SYNDROMES}),
        "component_of": "AECOMPOF",
        "scale": Coded("AESCALE", {"CTCAE": "CTCAE", "ASTCT": "ASTCT", "other": "OTHER"}),
        "started": "AESTDTC",
        "ended": "AEENDTC",
        "outcome": Coded("AEOUT", OUTCOME),
        "serious": "AESER",
        "car_t": Coded("AEREL", RELATION),
        "lymphodepletion": Coded("AERELLD", RELATION),
        "apheresis": Coded("AERELAPH", RELATION),
        "bridging": Coded("AERELBRG", RELATION),
        "disease": Coded("AERELDIS", RELATION),
        "other": Coded("AERELOTH", RELATION),
        "dlt": Coded("AEDLT", LIMITING),
        "dlt_met": "AEDLTDTC",
    },
    derived={
        "AELNKID": pl.col("number").cast(pl.String),
        "AEBODSYS": pl.col("organ_class"),
        "AELLTCD": code_of_term(pl.col("ctcae_term")),
    },
)
SERIOUS = Record(
    form=SeriousEvent,
    domain=Ae,
    fields={
        "number": "AESPID",
        "aware": "AEAWARDT",
        "reported": "AERPTDTC",
        "fatal": "AESDTH",
        "life_threatening": "AESLIFE",
        "hospitalisation": "AESHOSP",
        "disability": "AESDISAB",
        "congenital": "AESCONG",
        "important": "AESMIE",
    },
)
EVENT_KEY = ("USUBJID", "AESPID")
SERIOUS_ONLY = ("AESDTH", "AESLIFE", "AESHOSP", "AESDISAB", "AESCONG", "AESMIE")
SERIOUS_VARIABLES = (*SERIOUS_ONLY, "AEAWARDT", "AERPTDTC")


def to_ae(study: Study, forms: Forms) -> s.DataFrame[Ae]:
    """Adverse events as AE, with why they are serious and their worst grade."""
    events = to_records(EVENT, study, forms.of(AdverseEvent)).drop(*SERIOUS_VARIABLES, "AETOXGR")
    serious = to_records(SERIOUS, study, forms.of(SeriousEvent))
    records = events.join(
        serious.select(*EVENT_KEY, *SERIOUS_VARIABLES), on=EVENT_KEY, how="left"
    ).join(worst_grades(study, forms), on=EVENT_KEY, how="left")
    return finished(Ae, study, forms, records, ORDER)


def from_ae(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into AE."""
    serious = records.filter(pl.any_horizontal(pl.col(SERIOUS_ONLY).is_not_null()))
    return {
        AdverseEvent: from_records(EVENT, study, records),
        SeriousEvent: from_records(SERIOUS, study, serious),
    }


def worst_grades(study: Study, forms: Forms) -> pl.DataFrame:
    """The worst grade of each event, as text."""
    grades = forms.of(AeGrade).select(
        unique_subject(study), pl.col("number").cast(pl.String).alias("AESPID"), "grade"
    )
    worst = grades.group_by(EVENT_KEY, maintain_order=True).agg(pl.col("grade").max())
    return worst.select(*EVENT_KEY, pl.col("grade").cast(pl.String).alias("AETOXGR"))
