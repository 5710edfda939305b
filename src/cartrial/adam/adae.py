"""Adverse event analysis (ADAE): one record per adverse event.

From: AE, FA (grade changes), ADSL.
"""

from cartrial import schema as s
from cartrial.adam.variable import char, seq, usubjid, whole, yes, ymd


class Adae(s.Table):
    """Adverse event analysis (ADAE): one record per adverse event."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    SAFFL = yes("Safety Population (Infused) Flag")
    AESEQ = whole("Sequence Number of AE", "number")
    AENO = whole("Event Number as Recorded", "number")
    AETERM = char("Reported Term for the Adverse Event", private=True)
    AEDECOD = char("Dictionary-Derived Term")
    AEBODSYS = char("Body System or Organ Class")
    AECAT = char("Syndrome Graded by ASTCT")
    AESCALE = char("Grading Scale")
    AECOMPOF = whole("Sign of the CRS or ICANS Event", "number")
    AESEV = char("Severity/Intensity")
    ATOXGR = char("Analysis Toxicity Grade")
    ATOXGRN = whole("Analysis Toxicity Grade (N)", "grade")
    WHYMISS = char("Why the Grade Is Missing")
    ASTDT = ymd("Analysis Start Date")
    ASTDTF = char("Analysis Start Date Imputation Flag")
    AENDT = ymd("Analysis End Date")
    AENDTF = char("Analysis End Date Imputation Flag")
    ASTDY = whole("Analysis Start Relative Day", "day")
    AENDY = whole("Analysis End Relative Day", "day")
    ASTDAY = whole("Start Day, Infusion is Day 0", "day")
    AENDAY = whole("End Day, Infusion is Day 0", "day")
    AESER = char("Serious Event")
    AEOUT = char("Outcome of Adverse Event")
    AEREL = char("Causality")
    ARELFL = yes("Related to the CAR-T Flag")
    ARELMFL = yes("Causality Missing, Taken as Related Flag")
    RELLDFL = yes("Related to Lymphodepletion Flag")
    TRTEMFL = yes("Treatment Emergent Analysis Flag")
    REGFL = yes("In the Registered Time Frame Flag")
    TABFL = yes("Tabulated as Its Own Event Flag")
    AEDLT = char("Dose-Limiting by the Investigator")
    DLTDT = ymd("Date DLT Clause Was Met")
    DLTDAY = whole("Day DLT Clause Was Met", "day")
