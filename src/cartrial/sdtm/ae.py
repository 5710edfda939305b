"""Adverse Events (AE): with the attributions and the DLT judgement in SUPPAE.

From the forms: adverse_event, serious_event; AETOXGR is the worst of ae_grade.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, seq, usubjid, whole


class Ae(s.Table):
    """Adverse Events (AE): with the attributions and the DLT judgement in SUPPAE."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    AESEQ = seq()
    AESPID = char("Sponsor-Defined Identifier")
    AETERM = char("Reported Term for the Adverse Event", "Req", private=True)
    AEDECOD = char("Dictionary-Derived Term", "Req")
    AECAT = char("Category for Adverse Event")
    AEBODSYS = char("Body System or Organ Class", "Exp")
    AESOC = char("Primary System Organ Class", "Exp")
    AESEV = char("Severity/Intensity")
    AESER = char("Serious Event", "Exp")
    AEACN = char("Action Taken with Study Treatment", "Exp")
    AEREL = char("Causality", "Exp")
    AEOUT = char("Outcome of Adverse Event")
    AESCONG = char("Congenital Anomaly or Birth Defect")
    AESDISAB = char("Persist or Signif Disability/Incapacity")
    AESDTH = char("Results in Death")
    AESHOSP = char("Requires or Prolongs Hospitalization")
    AESLIFE = char("Is Life Threatening")
    AESMIE = char("Other Medically Important Serious Event")
    AETOXGR = char("Standard Toxicity Grade", "Perm")
    AESTDTC = dtc("Start Date/Time of Adverse Event", "Exp")
    AEENDTC = dtc("End Date/Time of Adverse Event", "Exp")
    AESTDY = dy("Study Day of Start of Adverse Event")
    AEENDY = dy("Study Day of End of Adverse Event")
    AESCALE = char("Grading Scale", supp=True)
    AECOMPOF = whole("Sign of the CRS or ICANS Event", "number", supp=True)
    AERELLD = char("Related to Lymphodepletion", supp=True)
    AERELAPH = char("Related to Apheresis", supp=True)
    AERELBRG = char("Related to Bridging Therapy", supp=True)
    AERELDIS = char("Related to the Disease", supp=True)
    AERELOTH = char("Related to Another Cause", supp=True)
    AEDLT = char("Dose-Limiting by the Investigator", supp=True)
    AEDLTDTC = dtc("Date DLT Clause Was Met", supp=True)
    AEAWARDT = dtc("Investigator Aware at", supp=True)
    AERPTDTC = dtc("Serious Event Reported at", supp=True)
