"""Healthcare Encounters (HO): hospital and intensive care stays.

From the forms: hospital_stay.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char, dtc, dy, seq, usubjid


class Ho(s.Table):
    """Healthcare Encounters (HO): hospital and intensive care stays."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    HOSEQ = seq()
    HOSPID = char("Sponsor-Defined Identifier")
    HOTERM = char("Reported Term for Healthcare Encounter", "Req")
    HODECOD = char("Dictionary-Derived Term for the Encounter")
    HOSTDTC = dtc("Start Date/Time of Healthcare Encounter", "Exp")
    HOENDTC = dtc("End Date/Time of Healthcare Encounter")
    HOSTDY = dy("Study Day of Start of Encounter")
    HOENDY = dy("Study Day of End of Healthcare Encounter")
