"""Subject Characteristics (SC): disease history and state before treatment.

From the forms: disease_history.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, num, seq, usubjid


class Sc(s.Table):
    """Subject Characteristics (SC): disease history and state before treatment."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    SCSEQ = seq()
    SCTESTCD = char("Subject Characteristic Test Short Name", "Req")
    SCTEST = char("Subject Characteristic Test Name", "Req")
    SCORRES = char("Result or Finding in Original Units", "Exp")
    SCORRESU = char("Original Units")
    SCSTRESC = char("Character Result/Finding in Std Format", "Exp")
    SCSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="SCSTRESU")
    SCSTRESU = char("Standard Units")
    SCSTAT = char("Completion Status")
