"""Trial Inclusion/Exclusion Criteria (TI).

From the study file.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char


class Ti(s.Table):
    """Trial Inclusion/Exclusion Criteria (TI)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    IETESTCD = s.text("Incl/Excl Criterion Short Name", private=False, primary_key=True, core="Req")
    IETEST = char("Inclusion/Exclusion Criterion", "Req")
    IECAT = char("Inclusion/Exclusion Category", "Req")
