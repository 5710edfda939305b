"""Dose-limiting toxicity (ADDL): one record per infused subject.

From: ADAE, ADSL, SUPPDM (adjudication), SV, CM, DS; decided by dosing.dlt.
"""

from cartrial import schema as s
from cartrial.adam.variable import char, num, usubjid, whole, yes, ymd


class Addl(s.Table):
    """Dose-limiting toxicity (ADDL): one record per infused subject."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    DOSELVL = whole("Dose Level Given", "level")
    EVALLVL = whole("Dose Level at Which Counted", "level")
    TRT01A = char("Actual Treatment for Period 01")
    CARDOSR = num("Dose Given as a Fraction of Planned", "fraction")
    DLTSTAT = char("DLT Status")
    DLTREAS = char("Reason for the DLT Status", private=False)
    DLTFUP = whole("Documented Follow-up in the Window", "day")
    DLTWIN = whole("DLT Window", "day")
    DLTDT = ymd("Date DLT Clause Was Met")
    DLTDAY = whole("Day DLT Clause Was Met", "day")
    DLTAENO = whole("Event of the DLT", "number")
    DLTTERM = char("Term of the DLT")
    DLTADJ = char("Adjudication Verdict")
    DLTINT = char("Interim DLT Status")
    DLTINTDY = whole("Day of the Interim Status", "day")
    DLTLATFL = yes("Completion Documented Late Flag")
