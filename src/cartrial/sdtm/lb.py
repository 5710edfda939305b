"""Laboratory (LB): chemistry, haematology, B cells, and the myeloma laboratory.

From the forms: laboratory, b_cell, m_protein, free_light_chain, marrow.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


class Lb(s.Table):
    """Laboratory (LB): chemistry, haematology, B cells, and the myeloma laboratory."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    LBSEQ = seq()
    LBTESTCD = char("Lab Test Short Name", "Req")
    LBTEST = char("Lab Test Name", "Req")
    LBCAT = char("Category")
    LBORRES = char("Result or Finding in Original Units", "Exp")
    LBORRESU = char("Original Units", "Exp")
    LBORNRLO = char("Reference Range Lower Limit-Orig Unit", "Exp")
    LBORNRHI = char("Reference Range Upper Limit-Orig Unit", "Exp")
    LBSTRESC = char("Character Result/Finding in Std Format", "Exp")
    LBSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="LBSTRESU", core="Exp")
    LBSTRESU = char("Standard Units", "Exp")
    LBSTNRLO = num("Reference Range Lower Limit-Std Units", unit_in="LBSTRESU", core="Exp")
    LBSTNRHI = num("Reference Range Upper Limit-Std Units", unit_in="LBSTRESU", core="Exp")
    LBNRIND = char("Reference Range Indicator", "Exp")
    LBSTAT = char("Completion Status")
    LBREASND = char("Reason Test Not Done")
    LBSPEC = char("Specimen Type")
    LBMETHOD = char("Method of Test or Examination")
    VISITNUM = num("Visit Number", "number")
    VISIT = char("Visit Name")
    LBDTC = dtc("Date/Time of Specimen Collection", "Exp")
    LBDY = dy("Study Day of Specimen Collection")
