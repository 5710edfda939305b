"""CRS and ICANS episodes (ADCE): one record per episode.

From: AE with AECAT CRS or ICANS, FA (grade changes), CM.
"""

from cartrial import schema as s
from cartrial.adam.variable import char, seq, usubjid, whole, yes, ymd


class Adce(s.Table):
    """CRS and ICANS episodes (ADCE): one record per episode."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    SAFFL = yes("Safety Population (Infused) Flag")
    AENO = whole("Event Number as Recorded", "number")
    ACAT = char("Syndrome")
    AESCALE = char("Grading Scale")
    ATOXGRN = whole("Worst Grade", "grade")
    WHYMISS = char("Why the Grade Is Missing")
    ASTDT = ymd("Onset Date")
    AENDT = ymd("Resolution Date")
    ASTDAY = whole("Onset Day, Infusion is Day 0", "day")
    PKDAY = whole("First Day of Worst Grade", "day")
    AENDAY = whole("Resolution Day, Infusion is Day 0", "day")
    ADURN = whole("Duration, End minus Onset plus 1", "day")
    ONGOFL = yes("Ongoing at the Data Cut Flag")
    ARELFL = yes("Related to the CAR-T Flag")
    REGFL = yes("In the Registered Time Frame Flag")
    TOCIFL = yes("Tocilizumab Given Flag")
    STERFL = yes("Steroid Given Flag")
