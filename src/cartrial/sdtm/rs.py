"""Disease Response (RS): investigator response, best response as reported, MRD.

From the forms: response, best_response, mrd.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


class Rs(s.Table):
    """Disease Response (RS): investigator response, best response as reported, MRD."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    RSSEQ = seq()
    RSTESTCD = char("Assessment Short Name", "Req")
    RSTEST = char("Assessment Name", "Req")
    RSCAT = char("Category for Assessment")
    RSORRES = char("Result or Finding in Original Units", "Exp")
    RSSTRESC = char("Character Result/Finding in Std Format", "Exp")
    RSSTAT = char("Completion Status")
    RSMETHOD = char("Method of Assessment")
    RSEVAL = char("Evaluator", "Exp")
    VISIT = char("Visit Name")
    RSDTC = dtc("Date/Time of Assessment", "Exp")
    RSDY = dy("Study Day of Assessment")
    RSCONF = char("Response Confirmed", supp=True)
    RSPDBY = char("Progression Shown by", supp=True)
    RSSENS = num("Sensitivity of the MRD Assay", "fraction of cells", supp=True)
