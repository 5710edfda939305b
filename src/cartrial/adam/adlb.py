"""Laboratory analysis (ADLB): one record per result.

From: LB, ADSL.
"""

from cartrial import schema as s
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes, ymd


class Adlb(s.Table):
    """Laboratory analysis (ADLB): one record per result."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    LBSEQ = whole("Sequence Number of LB", "number")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    PARCAT1 = char("Parameter Category 1")
    AVAL = num("Analysis Value", unit_in="AVALU")
    AVALC = char("Analysis Value (C)")
    AVALU = char("Analysis Value Unit")
    WHYMISS = char("Why the Value Is Missing")
    ADT = ymd("Analysis Date")
    ADTF = char("Analysis Date Imputation Flag")
    ADY = whole("Analysis Relative Day", "day")
    ADAY = whole("Day from Infusion, Infusion is Day 0", "day")
    VISIT = char("Visit Name")
    ABLFL = yes("Baseline Record Flag")
    BASE = num("Baseline Value", unit_in="AVALU")
    CHG = num("Change from Baseline", unit_in="AVALU")
    ANRLO = num("Analysis Normal Range Lower Limit", unit_in="AVALU")
    ANRHI = num("Analysis Normal Range Upper Limit", unit_in="AVALU")
    ANRIND = char("Analysis Reference Range Indicator")
