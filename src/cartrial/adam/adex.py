"""Exposure analysis (ADEX): one record per dose given.

From: EX, ADSL.
"""

from cartrial import schema as s
from cartrial.adam.variable import char, num, seq, usubjid, whole, ymd


class Adex(s.Table):
    """Exposure analysis (ADEX): one record per dose given."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    EXSEQ = whole("Sequence Number of EX", "number")
    EXTRT = char("Name of Treatment")
    EXCAT = char("Category of Treatment")
    EXNUM = whole("Infusion Number", "number")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    DOSEP = num("Planned Dose", unit_in="DOSEU")
    DOSEA = num("Dose Given", unit_in="DOSEU")
    DOSEU = char("Dose Unit")
    DOSER = num("Dose Given as a Fraction of Planned", "fraction")
    ASTDT = ymd("Analysis Start Date")
    ASTDTF = char("Analysis Start Date Imputation Flag")
    ASTDAY = whole("Day from Infusion, Infusion is Day 0", "day")
    WHYMISS = char("Why the Dose Is Missing")
