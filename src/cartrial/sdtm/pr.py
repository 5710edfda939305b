"""Procedures (PR): leukapheresis.

From the forms: leukapheresis.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


class Pr(s.Table):
    """Procedures (PR): leukapheresis."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    PRSEQ = seq()
    PRTRT = char("Reported Name of Procedure", "Req")
    PRCAT = char("Category")
    PRSTDTC = dtc("Start Date/Time of Procedure", "Exp")
    PRSTDY = dy("Study Day of Start of Procedure")
    PRVOL = num("Blood Volume Processed", "L", supp=True)
    PRCD3 = num("CD3+ Cells Collected", "10^6/kg", supp=True)
