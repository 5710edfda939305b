"""Subject Visits (SV).

From the forms: visit.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, usubjid


class Sv(s.Table):
    """Subject Visits (SV)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    VISITNUM = s.number("Visit Number", "number", primary_key=True, core="Req")
    VISIT = char("Visit Name", "Perm")
    SVPRESP = char("Pre-specified", "Exp")
    SVOCCUR = char("Occurrence", "Exp")
    SVREASOC = char("Reason for Occur Value")
    SVSTDTC = dtc("Start Date/Time of Observation", "Exp")
    SVENDTC = dtc("End Date/Time of Observation", "Exp")
    SVSTDY = dy("Study Day of Start of Observation")
    SVSAFETY = char("Safety Was Assessed", supp=True)
