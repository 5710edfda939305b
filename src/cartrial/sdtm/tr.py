"""Tumor/Lesion Results (TR): diameters of plasmacytomas.

From the forms: plasmacytoma.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


class Tr(s.Table):
    """Tumor/Lesion Results (TR): diameters of plasmacytomas."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    TRSEQ = seq()
    TRLNKID = char("Link ID", "Exp")
    TRTESTCD = char("Tumor/Lesion Assessment Short Name", "Req")
    TRTEST = char("Tumor/Lesion Assessment Test Name", "Req")
    TRORRES = char("Result or Finding in Original Units", "Exp")
    TRORRESU = char("Original Units", "Exp")
    TRSTRESC = char("Character Result/Finding in Std Format", "Exp")
    TRSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="TRSTRESU", core="Exp")
    TRSTRESU = char("Standard Units", "Exp")
    TRSTAT = char("Completion Status")
    TRREASND = char("Reason Not Done")
    TRMETHOD = char("Method Used to Identify the Tumor/Lesion", "Exp")
    TREVAL = char("Evaluator", "Exp")
    TRDTC = dtc("Date/Time of Tumor/Lesion Measurement", "Exp")
    TRDY = dy("Study Day of Tumor/Lesion Measurement")
