"""Kinetics concentrations (ADPC): one record per CAR measurement.

From: PC, CP, ADSL.
"""

from cartrial import schema as s
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes, ymd


class Adpc(s.Table):
    """Kinetics concentrations (ADPC): one record per CAR measurement."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PKFL = yes("Cellular Kinetics Population Flag")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    SPEC = char("Specimen Type")
    METHOD = char("Method of Test or Examination")
    AVAL = num("Analysis Value", unit_in="AVALU")
    AVALC = char("Analysis Value (C)")
    AVALU = char("Analysis Value Unit")
    ASTATUS = char("Status of the Result")
    ALLOQ = num("Lower Limit of Quantitation", unit_in="AVALU")
    WHYMISS = char("Why the Value Is Missing")
    ADT = ymd("Analysis Date")
    ADY = whole("Analysis Relative Day", "day")
    ADAY = whole("Day from Infusion, Infusion is Day 0", "day")
    ARELTM = num("Time from Infusion", "day")
    VISIT = char("Visit Name")
    SRCDOM = char("Source Data")
    SRCSEQ = whole("Source Sequence Number", "number")
