"""Findings About Events (FA): grade changes of events, signs of CRS, signs of ICANS.

From the forms: ae_grade, crs_assessment, icans_assessment.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.adverse import AdverseEvent, AeGrade
from cartrial.forms.bedside import CrsAssessment, IcansAssessment
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Findings, Item, unique_subject
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, num, seq, usubjid, visit, visit_number


class Fa(s.Table):
    """Findings About Events (FA): grade changes of events, signs of CRS, signs of ICANS."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    FASEQ = seq()
    FALNKID = char("Link ID")
    FATESTCD = char("Findings About Test Short Name", "Req")
    FATEST = char("Findings About Test Name", "Req")
    FAOBJ = char("Object of the Observation", "Req")
    FACAT = char("Category for Findings About")
    FAORRES = char("Result or Finding in Original Units", "Exp")
    FAORRESU = char("Original Units")
    FASTRESC = char("Character Result/Finding in Std Format", "Exp")
    FASTRESN = num("Numeric Result/Finding in Standard Units", unit_in="FASTRESU")
    FASTRESU = char("Standard Units")
    FASTAT = char("Completion Status")
    FAREASND = char("Reason Not Performed")
    VISITNUM = visit_number()
    VISIT = visit()
    EPOCH = epoch()
    FADTC = dtc("Date/Time of Collection", "Exp")
    FADY = dy("Study Day of Collection")


ORDER = ("FADTC", "FACAT", "FALNKID", "FATESTCD")
GRADE = Findings(
    form=AeGrade,
    domain=Fa,
    keys={"number": "FALNKID", "since": "FADTC"},
    constants={"FACAT": "AE GRADE"},
    known_by=("FACAT",),
    items=(Item("grade", "TOXGR", "Toxicity Grade"),),
)
CRS = Findings(
    form=CrsAssessment,
    domain=Fa,
    keys={"at": "FADTC"},
    constants={"FACAT": "CRS ASSESSMENT", "FAOBJ": "CYTOKINE RELEASE SYNDROME"},
    known_by=("FACAT",),
    items=(
        Item("temperature", "TEMP", "Highest Temperature"),
        Item("other_cause", "OTHCAUSE", "Fever Has Another Cause"),
        Item("treated", "TREATED", "Antipyretic, Tocilizumab, Steroid Given"),
        Item("hypotension", "HYPOTENS", "Hypotension"),
        Item("pressure_other_cause", "PRESOTHC", "Hypotension Has Another Cause"),
        Item("vasopressors", "VASOPRES", "Vasopressors Without Vasopressin"),
        Item("vasopressin", "VASOPSIN", "Vasopressin"),
        Item("oxygen", "OXYGEN", "Oxygen Support"),
        Item("oxygen_flow", "OXYFLOW", "Oxygen Flow"),
        Item("oxygen_other_cause", "OXYOTHC", "Oxygen Need Has Another Cause"),
        Item("grade", "ASTCTGR", "ASTCT Grade by the Investigator"),
    ),
)
ICANS = Findings(
    form=IcansAssessment,
    domain=Fa,
    keys={"at": "FADTC"},
    constants={"FACAT": "ICANS ASSESSMENT", "FAOBJ": "ICANS"},
    known_by=("FACAT",),
    items=(
        Item("orientation", "ICEORIEN", "ICE Orientation"),
        Item("naming", "ICENAME", "ICE Naming"),
        Item("command", "ICECOMM", "ICE Simple Command"),
        Item("writing", "ICEWRITE", "ICE Standard Sentence"),
        Item("attention", "ICEATTEN", "ICE Counting Backwards"),
        Item("why_no_ice", "ICENOTWY", "Why ICE Was Not Done", optional=True),
        Item("consciousness", "CONSCIOU", "Level of Consciousness"),
        Item("seizure", "SEIZURE", "Seizure"),
        Item("motor_weakness", "MOTWEAK", "Deep Focal Motor Weakness"),
        Item("pressure", "ICPRESS", "Raised Intracranial Pressure or Oedema"),
        Item("other_cause", "ICOTHC", "Signs Have Another Cause"),
        Item("grade", "ASTCTGR", "ASTCT Grade by the Investigator"),
    ),
)
MAPPINGS = (GRADE, CRS, ICANS)


def to_fa(study: Study, forms: Forms) -> s.DataFrame[Fa]:
    """Grades of events, signs of CRS and signs of ICANS as FA; a grade names its event."""
    records = made(study, forms, MAPPINGS).drop("FAOBJ")
    syndromes = {m.constants["FACAT"]: m.constants["FAOBJ"] for m in (CRS, ICANS)}
    named = records.join(_event_names(study, forms), on=("USUBJID", "FALNKID"), how="left")
    objects = pl.col("FACAT").replace_strict(syndromes, default=None, return_dtype=pl.String)
    return finished(
        Fa, study, forms, named.with_columns(FAOBJ=pl.coalesce(objects, "event")), ORDER
    )


def from_fa(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into FA."""
    return read_back(study, records, MAPPINGS)


def _event_names(study: Study, forms: Forms) -> pl.DataFrame:
    return forms.of(AdverseEvent).select(
        unique_subject(study),
        pl.col("number").cast(pl.String).alias("FALNKID"),
        pl.coalesce("preferred", "term").alias("event"),
    )
