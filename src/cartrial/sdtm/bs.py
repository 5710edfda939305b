"""Biospecimen Findings (BS): release tests of the product.

From the forms: product_release.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, num, seq, usubjid


class Bs(s.Table):
    """Biospecimen Findings (BS): release tests of the product."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    BSSEQ = seq()
    BSREFID = char("Specimen ID", "Exp")
    BSTESTCD = char("Biospecimen Test Short Name", "Req")
    BSTEST = char("Biospecimen Test Name", "Req")
    BSORRES = char("Result or Finding in Original Units", "Exp")
    BSORRESU = char("Original Units", "Exp")
    BSSTRESC = char("Character Result/Finding in Std Format", "Exp")
    BSSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="BSSTRESU", core="Exp")
    BSSTRESU = char("Standard Units", "Exp")
    BSSTAT = char("Completion Status")
    BSSPEC = char("Specimen Type", "Exp")
    BSDTC = dtc("Date/Time of Specimen Collection", "Exp")
