"""Subject Status (SS): survival contacts.

From the forms: survival_contact.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, seq, usubjid


class Ss(s.Table):
    """Subject Status (SS): survival contacts."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    SSSEQ = seq()
    SSTESTCD = char("Status Short Name", "Req")
    SSTEST = char("Status Name", "Req")
    SSORRES = char("Result or Finding Original Result", "Exp")
    SSSTRESC = char("Character Result/Finding in Std Format", "Exp")
    SSSTAT = char("Completion Status")
    SSDTC = dtc("Date/Time of Assessment", "Exp")
    SSDY = dy("Study Day of Assessment")
