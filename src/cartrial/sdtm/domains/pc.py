"""Pharmacokinetics Concentrations (PC): CAR copies by quantitative PCR.

From the forms: car_transgene.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.laboratory import CarTransgene
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.status import result_text, status
from cartrial.sdtm.mapping import Coded, Record
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, num, seq, usubjid, visit, visit_number


class Pc(s.Table):
    """Pharmacokinetics Concentrations (PC): CAR copies by quantitative PCR."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    PCSEQ = seq()
    PCGRPID = char("Group ID")
    PCTESTCD = char("Pharmacokinetic Test Short Name", "Req")
    PCTEST = char("Pharmacokinetic Test Name", "Req")
    PCCAT = char("Test Category")
    PCORRES = char("Result or Finding in Original Units", "Exp")
    PCORRESU = char("Original Units", "Exp")
    PCSTRESC = char("Character Result/Finding in Std Format", "Exp")
    PCSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="PCSTRESU", core="Exp")
    PCSTRESU = char("Standard Units", "Exp")
    PCSTAT = char("Completion Status")
    PCREASND = char("Reason Test Not Done")
    PCNAM = char("Vendor Name", "Exp")
    PCSPEC = char("Specimen Material Type", "Exp")
    PCMETHOD = char("Method of Test or Examination")
    PCLLOQ = num("Lower Limit of Quantitation", unit_in="PCSTRESU", core="Exp")
    VISITNUM = visit_number()
    VISIT = visit()
    EPOCH = epoch()
    PCDTC = dtc("Date/Time of Specimen Collection", "Exp")
    PCDY = dy("Actual Study Day of Specimen Collection")
    PCLOD = num("Limit of Detection", unit_in="PCSTRESU", supp=True)
    PCPERML = num("CAR Copies in Blood", "copies/mL", supp=True)
    PCDNA = num("DNA in the Reaction", "ng", supp=True)


ORDER = ("PCDTC", "PCTEST", "PCSPEC")
SPECIMENS = {"blood": "BLOOD", "marrow": "BONE MARROW", "CSF": "CEREBROSPINAL FLUID"}
MAPPINGS = (
    Record(
        form=CarTransgene,
        domain=Pc,
        fields={
            "at": "PCDTC",
            "analyte": "PCTEST",
            "specimen": Coded("PCSPEC", SPECIMENS),
            "visit": "VISIT",
            "copies": "PCSTRESN",
            "copies_per_ml": "PCPERML",
            "lloq": "PCLLOQ",
            "lod": "PCLOD",
            "dna": "PCDNA",
            "why_not_done": "PCREASND",
        },
        constants={
            "PCTESTCD": "CARTG",
            "PCCAT": "CAR TRANSGENE",
            "PCMETHOD": "REAL-TIME POLYMERASE CHAIN REACTION ASSAY",
        },
        known_by=("PCTESTCD",),
        derived={
            **result_text("PC", value="copies", unit="DNA copies/ug"),
            "PCGRPID": pl.format("{} IN {}", "analyte", pl.col("specimen").str.to_uppercase()),
        },
        restored={"status": status("PC")},
    ),
)


def to_pc(study: Study, forms: Forms) -> s.DataFrame[Pc]:
    """CAR copies by quantitative PCR as PC."""
    return finished(Pc, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_pc(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into PC."""
    return read_back(study, records, MAPPINGS)
