"""Kinetics parameters (ADPP): Cmax, Tmax, Tlast, AUC0-28 per subject and analyte.

From: ADPC by kinetics.nca.
"""

from cartrial import schema as s
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes


class Adpp(s.Table):
    """Kinetics parameters (ADPP): Cmax, Tmax, Tlast, AUC0-28 per subject and analyte."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PKFL = yes("Cellular Kinetics Population Flag")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    PPCAT = char("Analyte")
    METHOD = char("Method of Test or Examination")
    AVAL = num("Analysis Value", unit_in="AVALU")
    AVALU = char("Analysis Value Unit")
    WHYMISS = char("Why the Value Is Missing")
