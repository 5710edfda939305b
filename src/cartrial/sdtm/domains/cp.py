"""Cell Phenotype Findings (CP): CAR+ cells by flow cytometry.

From the forms: car_flow.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.laboratory import CarFlow
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.status import result_text, status
from cartrial.sdtm.mapping import Coded, Record
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, num, seq, usubjid, visit, visit_number


class Cp(s.Table):
    """Cell Phenotype Findings (CP): CAR+ cells by flow cytometry."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    CPSEQ = seq()
    CPTESTCD = char("Test or Examination Short Name", "Req")
    CPTEST = char("Name of Measurement, Test or Examination", "Req")
    CPMRKSTR = char("Marker String", "Exp")
    CPCAT = char("Category")
    CPORRES = char("Result or Finding in Original Units", "Exp")
    CPORRESU = char("Original Units")
    CPSTRESC = char("Result or Finding in Standard Format", "Exp")
    CPSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="CPSTRESU")
    CPSTRESU = char("Standard Units")
    CPSTAT = char("Completion Status")
    CPREASND = char("Reason Not Done")
    CPSPEC = char("Specimen Type")
    CPMETHOD = char("Method of Test or Examination")
    CPLLOQ = num("Lower Limit of Quantitation", unit_in="CPSTRESU")
    VISITNUM = visit_number("Perm")
    VISIT = visit()
    EPOCH = epoch()
    CPDTC = dtc("Date/Time of Collection", "Exp")
    CPDY = dy("Study Day of Visit/Collection/Exam")
    CPPCT = num("CAR+ of CD3+ Cells", "%", supp=True)


ORDER = ("CPDTC", "CPTEST", "CPSPEC")
SPECIMENS = {"blood": "BLOOD", "marrow": "BONE MARROW", "CSF": "CEREBROSPINAL FLUID"}
MAPPINGS = (
    Record(
        form=CarFlow,
        domain=Cp,
        fields={
            "at": "CPDTC",
            "analyte": "CPTEST",
            "specimen": Coded("CPSPEC", SPECIMENS),
            "visit": "VISIT",
            "cells": "CPSTRESN",
            "percent": "CPPCT",
            "lloq": "CPLLOQ",
            "why_not_done": "CPREASND",
        },
        constants={
            "CPTESTCD": "CARCELL",
            "CPCAT": "IMMUNOPHENOTYPING",
            "CPMETHOD": "FLOW CYTOMETRY",
        },
        known_by=("CPTESTCD",),
        derived=result_text("CP", value="cells", unit="10^6/L"),
        restored={"status": status("CP")},
    ),
)


def to_cp(study: Study, forms: Forms) -> s.DataFrame[Cp]:
    """CAR+ cells by flow cytometry as CP."""
    return finished(Cp, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_cp(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into CP."""
    return read_back(study, records, MAPPINGS)
