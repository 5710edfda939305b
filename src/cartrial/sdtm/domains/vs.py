"""Vital Signs (VS).

From the forms: vital_signs.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.bedside import VitalSigns
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Findings, Item
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import (
    char,
    dtc,
    dy,
    epoch,
    last_before_exposure,
    num,
    seq,
    usubjid,
    visit,
    visit_number,
)


class Vs(s.Table):
    """Vital Signs (VS)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    VSSEQ = seq()
    VSTESTCD = char("Vital Signs Test Short Name", "Req")
    VSTEST = char("Vital Signs Test Name", "Req")
    VSCAT = char("Category for Vital Signs")
    VSORRES = char("Result or Finding in Original Units", "Exp")
    VSORRESU = char("Original Units", "Exp")
    VSSTRESC = char("Character Result/Finding in Std Format", "Exp")
    VSSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="VSSTRESU", core="Exp")
    VSSTRESU = char("Standard Units", "Exp")
    VSSTAT = char("Completion Status")
    VSREASND = char("Reason Not Performed")
    VSLOBXFL = last_before_exposure()
    VISITNUM = visit_number()
    VISIT = visit()
    EPOCH = epoch()
    VSDTC = dtc("Date/Time of Measurements", "Exp")
    VSDY = dy("Study Day of Vital Signs")


ORDER = ("VSDTC", "VSTESTCD")
MAPPINGS = (
    Findings(
        form=VitalSigns,
        domain=Vs,
        keys={"at": "VSDTC"},
        items=(
            Item("temperature", "TEMP", "Temperature"),
            Item("systolic", "SYSBP", "Systolic Blood Pressure"),
            Item("diastolic", "DIABP", "Diastolic Blood Pressure"),
            Item("pulse", "PULSE", "Pulse Rate"),
            Item("breaths", "RESP", "Respiratory Rate"),
            Item("saturation", "OXYSAT", "Oxygen Saturation"),
            Item("weight", "WEIGHT", "Weight"),
        ),
    ),
)


def to_vs(study: Study, forms: Forms) -> s.DataFrame[Vs]:
    """Vital signs as VS."""
    return finished(Vs, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_vs(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into VS."""
    return read_back(study, records, MAPPINGS)
