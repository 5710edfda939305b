"""Response analysis (ADRS): assessments, best response, responder.

From: RS, ADSL.
"""

from cartrial import schema as s
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes, ymd


class Adrs(s.Table):
    """Response analysis (ADRS): assessments, best response, responder."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    AVAL = num("Analysis Value", "order of response")
    AVALC = char("Analysis Value (C)")
    WHYMISS = char("Why the Value Is Missing")
    ADT = ymd("Analysis Date")
    ADY = whole("Analysis Relative Day", "day")
    ADAY = whole("Day from Infusion, Infusion is Day 0", "day")
    VISIT = char("Visit Name")
    RSCONF = char("Response Confirmed")
    ANL01FL = yes("Analysis Flag 01")
    SRCDOM = char("Source Data")
    SRCSEQ = whole("Source Sequence Number", "number")
