"""Pharmacokinetics Concentrations (PC): CAR copies by quantitative PCR.

From the forms: car_transgene.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


class Pc(s.Table):
    """Pharmacokinetics Concentrations (PC): CAR copies by quantitative PCR."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    PCSEQ = seq()
    PCTESTCD = char("Pharmacokinetic Test Short Name", "Req")
    PCTEST = char("Pharmacokinetic Test Name", "Req")
    PCCAT = char("Category")
    PCORRES = char("Result or Finding in Original Units", "Exp")
    PCORRESU = char("Original Units", "Exp")
    PCSTRESC = char("Character Result/Finding in Std Format", "Exp")
    PCSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="PCSTRESU", core="Exp")
    PCSTRESU = char("Standard Units", "Exp")
    PCSTAT = char("Completion Status")
    PCREASND = char("Reason Test Not Done")
    PCSPEC = char("Specimen Material Type", "Req")
    PCMETHOD = char("Method of Test or Examination")
    PCLLOQ = num("Lower Limit of Quantitation", unit_in="PCSTRESU", core="Exp")
    VISIT = char("Visit Name")
    PCDTC = dtc("Date/Time of Specimen Collection", "Exp")
    PCDY = dy("Actual Study Day of Specimen Collection")
    PCLOD = num("Limit of Detection", unit_in="PCSTRESU", supp=True)
    PCPERML = num("CAR Copies in Blood", "copies/mL", supp=True)
    PCDNA = num("DNA in the Reaction", "ng", supp=True)
