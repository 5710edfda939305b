"""Demographics (DM): one record per subject.

From the forms: demographics, dlt_adjudication (SUPPDM).
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, num, usubjid, whole


class Dm(s.Table):
    """Demographics (DM): one record per subject."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    SUBJID = char("Subject Identifier for the Study", "Req")
    RFSTDTC = dtc("Subject Reference Start Date/Time", "Exp")
    RFENDTC = dtc("Subject Reference End Date/Time", "Exp")
    RFXSTDTC = dtc("Date/Time of First Study Treatment", "Exp")
    RFXENDTC = dtc("Date/Time of Last Study Treatment", "Exp")
    RFICDTC = dtc("Date/Time of Informed Consent", "Exp")
    RFPENDTC = dtc("Date/Time of End of Participation", "Exp")
    DTHDTC = dtc("Date/Time of Death", "Exp")
    DTHFL = char("Subject Death Flag", "Exp")
    SITEID = char("Study Site Identifier", "Req")
    BRTHDTC = dtc("Date/Time of Birth", private=True)
    AGE = num("Age", unit_in="AGEU", core="Exp")
    AGEU = char("Age Units", "Exp")
    SEX = char("Sex", "Req")
    RACE = char("Race", "Exp", private=True)
    ARMCD = char("Planned Arm Code", "Exp")
    ARM = char("Description of Planned Arm", "Exp")
    ACTARMCD = char("Actual Arm Code", "Exp")
    ACTARM = char("Description of Actual Arm", "Exp")
    ARMNRS = char("Reason Arm and/or Actual Arm is Null", "Exp")
    COUNTRY = char("Country", "Req")
    RFICRSN = char("Reason Consent Date is Missing", supp=True)
    DLTADJ = char("DLT Adjudication Verdict", supp=True)
    DLTADJDT = dtc("Date of DLT Adjudication", supp=True)
    DLTAENO = whole("DLT Adjudicated Event Number", "number", supp=True)
    DLTMETDT = dtc("Date DLT Clause Was Met", supp=True)
    DLTCLAUS = char("DLT Clause or Reason", private=True, supp=True)
