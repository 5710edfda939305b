"""Protocol Deviations (DV).

From the forms: protocol_deviation.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, seq, usubjid


class Dv(s.Table):
    """Protocol Deviations (DV)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    DVSEQ = seq()
    DVSPID = char("Sponsor-Defined Identifier")
    DVTERM = char("Protocol Deviation Term", "Req", private=True)
    DVCAT = char("Category for Protocol Deviation")
    DVSTDTC = dtc("Start Date/Time of Deviation")
    DVSTDY = dy("Study Day of Start of Deviation")
    DVMAJOR = char("Major Deviation", supp=True)
