"""Vital Signs (VS).

From the forms: vital_signs.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


class Vs(s.Table):
    """Vital Signs (VS)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    VSSEQ = seq()
    VSTESTCD = char("Vital Signs Test Short Name", "Req")
    VSTEST = char("Vital Signs Test Name", "Req")
    VSCAT = char("Category")
    VSORRES = char("Result or Finding in Original Units", "Exp")
    VSORRESU = char("Original Units", "Exp")
    VSSTRESC = char("Character Result/Finding in Std Format", "Exp")
    VSSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="VSSTRESU", core="Exp")
    VSSTRESU = char("Standard Units", "Exp")
    VSSTAT = char("Completion Status")
    VSDTC = dtc("Date/Time of Measurements", "Exp")
    VSDY = dy("Study Day of Vital Signs")
