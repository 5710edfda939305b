"""Time to event (ADTTE): DOR, PFS, OS.

From: ADSL, ADRS.
"""

from cartrial import schema as s
from cartrial.adam.variable import char, num, seq, usubjid, whole, ymd


class Adtte(s.Table):
    """Time to event (ADTTE): DOR, PFS, OS."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    AVAL = num("Time from Start to Event or Censoring", "day")
    STARTDT = ymd("Time-to-Event Origin Date")
    ADT = ymd("Analysis Date")
    CNSR = whole("Censor", "0 event, 1 censored")
    EVNTDESC = char("Event or Censoring Description")
    CNSDTDSC = char("Censor Date Description")
    WHYMISS = char("Why the Time Is Missing")
    SRCDOM = char("Source Data")
    SRCVAR = char("Source Variable")
    SRCSEQ = whole("Source Sequence Number", "number")
