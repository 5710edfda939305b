"""Concomitant Medications (CM): bridging, tocilizumab, steroids, new therapy, transfusions.

From the forms: medication, bridging, transfusion, growth_factor, immunoglobulin.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid, whole


class Cm(s.Table):
    """Concomitant Medications (CM): bridging, tocilizumab, steroids, new therapy, transfusions."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    CMSEQ = seq()
    CMSPID = char("Sponsor-Defined Identifier")
    CMTRT = char("Reported Name of Drug, Med, or Therapy", "Req")
    CMDECOD = char("Standardized Medication Name")
    CMCAT = char("Category for Medication")
    CMDOSE = num("Dose per Administration", unit_in="CMDOSU")
    CMDOSU = char("Dose Units")
    CMROUTE = char("Route of Administration")
    CMSTDTC = dtc("Start Date/Time of Medication")
    CMENDTC = dtc("End Date/Time of Medication")
    CMSTDY = dy("Study Day of Start of Medication")
    CMENDY = dy("Study Day of End of Medication")
    CMAENO = whole("Adverse Event Treated", "number", supp=True)
