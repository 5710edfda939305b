"""Exposure (EX): lymphodepletion and CAR-T infusions.

From the forms: lymphodepletion, infusion.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid, whole


class Ex(s.Table):
    """Exposure (EX): lymphodepletion and CAR-T infusions."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    EXSEQ = seq()
    EXTRT = char("Name of Treatment", "Req")
    EXCAT = char("Category of Treatment")
    EXDOSE = num("Dose", unit_in="EXDOSU", core="Exp")
    EXDOSU = char("Dose Units", "Exp")
    EXDOSFRM = char("Dose Form", "Exp")
    EXROUTE = char("Route of Administration")
    EXLOT = char("Lot Number")
    EXSTDTC = dtc("Start Date/Time of Treatment", "Exp")
    EXENDTC = dtc("End Date/Time of Treatment", "Exp")
    EXSTDY = dy("Study Day of Start of Treatment")
    EXENDY = dy("Study Day of End of Treatment")
    EXNUM = whole("Infusion Number", "number", supp=True)
    EXLEVEL = whole("Dose Level", "level", supp=True)
    EXPLDOSE = num("Planned Dose", unit_in="EXDOSU", supp=True)
    EXWEIGHT = num("Body Weight", "kg", supp=True)
    EXDTCRSN = char("Reason Date Is Missing", supp=True)
    EXDOSRSN = char("Reason Dose Is Missing", supp=True)
