"""Tumor/Lesion Identification (TU): plasmacytomas.

From the forms: plasmacytoma.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, seq, usubjid


class Tu(s.Table):
    """Tumor/Lesion Identification (TU): plasmacytomas."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    TUSEQ = seq()
    TULNKID = char("Link ID", "Exp")
    TUTESTCD = char("Tumor/Lesion ID Short Name", "Req")
    TUTEST = char("Tumor/Lesion ID Test Name", "Req")
    TUORRES = char("Tumor/Lesion ID Result", "Exp")
    TUSTRESC = char("Tumor/Lesion ID Result Std. Format", "Exp")
    TULOC = char("Location of the Tumor/Lesion", "Exp")
    TUMETHOD = char("Method of Identification", "Exp")
    TUEVAL = char("Evaluator", "Exp")
    TUDTC = dtc("Date/Time of Tumor/Lesion Identification", "Exp")
    TUDY = dy("Study Day of Tumor/Lesion Identification")
