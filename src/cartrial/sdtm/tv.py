"""Trial Visits (TV).

From the study file.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char


class Tv(s.Table):
    """Trial Visits (TV)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    VISITNUM = s.number("Visit Number", "number", primary_key=True, core="Req")
    VISIT = char("Visit Name", "Perm")
    VISITDY = s.count("Planned Study Day of Visit", "day", min=None, nullable=True, core="Perm")
    ARMCD = char("Planned Arm Code", "Exp")
    TVSTRL = char("Visit Start Rule", "Req")
    TVENRL = char("Visit End Rule")
