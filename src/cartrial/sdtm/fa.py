"""Findings About Events (FA): grade changes of events, signs of CRS, signs of ICANS.

From the forms: ae_grade, crs_assessment, icans_assessment.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


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
    FADTC = dtc("Date/Time of Collection", "Exp")
    FADY = dy("Study Day of Collection")
