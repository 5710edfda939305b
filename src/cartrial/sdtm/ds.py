"""Disposition (DS): milestones, dispositions and other events of a subject.

From the forms: disposition, eligibility, slot_request, retreatment, death; consent from demographics.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, seq, usubjid, whole


class Ds(s.Table):
    """Disposition (DS): milestones, dispositions and other events of a subject."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    DSSEQ = seq()
    DSSPID = char("Sponsor-Defined Identifier")
    DSTERM = char("Reported Term for the Disposition Event", "Req")
    DSDECOD = char("Standardized Disposition Term", "Req")
    DSCAT = char("Category for Disposition Event", "Exp")
    DSSTDTC = dtc("Start Date/Time of Disposition Event", "Exp")
    DSSTDY = dy("Study Day of Start of Disposition Event")
    DSGRNTDT = dtc("Date the Slot Was Granted", supp=True)
    DSLEVEL = whole("Dose Level", "level", supp=True)
    DSREASON = char("Reason", supp=True)
    DTHCAUS = char("Cause of Death", supp=True)
    DTHADJ = char("Cause of Death Adjudicated", supp=True)
    DTHAENO = whole("Adverse Event That Caused Death", "number", supp=True)
    DTHCART = char("Death Related to the CAR-T", supp=True)
