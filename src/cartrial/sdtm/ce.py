"""Clinical Events (CE): second primary malignancies.

From the forms: second_malignancy.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, seq, usubjid


class Ce(s.Table):
    """Clinical Events (CE): second primary malignancies."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    CESEQ = seq()
    CESPID = char("Sponsor-Defined Identifier")
    CETERM = char("Reported Term for the Clinical Event", "Req", private=True)
    CECAT = char("Category for the Clinical Event")
    CESTDTC = dtc("Start Date/Time of Clinical Event", "Exp")
    CESTDY = dy("Study Day of Start of Event")
    CETRANSG = char("CAR Transgene in the Tumour", supp=True)
