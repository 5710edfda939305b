"""Cell Phenotype Findings (CP): CAR+ cells by flow cytometry.

From the forms: car_flow.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.laboratory import CarFlow
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Record
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.status import result_text, status
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


class Cp(s.Table):
    """Cell Phenotype Findings (CP): CAR+ cells by flow cytometry."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    CPSEQ = seq()
    CPTESTCD = char("Cell Phenotype Test Short Name", "Req")
    CPTEST = char("Cell Phenotype Test Name", "Req")
    CPCAT = char("Category")
    CPORRES = char("Result or Finding in Original Units", "Exp")
    CPORRESU = char("Original Units", "Exp")
    CPSTRESC = char("Character Result/Finding in Std Format", "Exp")
    CPSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="CPSTRESU", core="Exp")
    CPSTRESU = char("Standard Units", "Exp")
    CPSTAT = char("Completion Status")
    CPREASND = char("Reason Test Not Done")
    CPSPEC = char("Specimen Type")
    CPMETHOD = char("Method of Test or Examination")
    CPLLOQ = num("Lower Limit of Quantitation", unit_in="CPSTRESU")
    VISIT = char("Visit Name")
    CPDTC = dtc("Date/Time of Specimen Collection", "Exp")
    CPDY = dy("Study Day of Specimen Collection")
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
            "CPCAT": "CAR-POSITIVE CELLS",
            "CPMETHOD": "FLOW CYTOMETRY",
            "CPORRESU": "cells/uL",
            "CPSTRESU": "cells/uL",
        },
        known_by=("CPTESTCD",),
        derived=result_text("CP", value="cells"),
        restored={"status": status("CP")},
    ),
)


def to_cp(study: Study, forms: Forms) -> s.DataFrame[Cp]:
    """CAR+ cells by flow cytometry as CP."""
    return finished(Cp, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_cp(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into CP."""
    return read_back(study, records, MAPPINGS)
