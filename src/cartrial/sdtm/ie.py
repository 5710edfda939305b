"""Inclusion/Exclusion Criteria Not Met (IE).

From the forms: eligibility_exception.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, seq, usubjid


class Ie(s.Table):
    """Inclusion/Exclusion Criteria Not Met (IE)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    IESEQ = seq()
    IETESTCD = char("Inclusion/Exclusion Criterion Short Name", "Req")
    IETEST = char("Inclusion/Exclusion Criterion", "Req")
    IECAT = char("Inclusion/Exclusion Category", "Req")
    IEORRES = char("I/E Criterion Original Result", "Req")
    IESTRESC = char("I/E Criterion Result in Std Format", "Req")
    IEDTC = dtc("Date/Time of Collection")
    IEDY = dy("Study Day of Collection")
    IEWAIVED = char("Entry Allowed All the Same", supp=True)
