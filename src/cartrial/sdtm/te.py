"""Trial Elements (TE).

From the study file.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char


class Te(s.Table):
    """Trial Elements (TE)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    ETCD = s.text("Element Code", private=False, primary_key=True, core="Req")
    ELEMENT = char("Description of Element", "Req")
    TESTRL = char("Rule for Start of Element", "Req")
    TEENRL = char("Rule for End of Element")
    TEDUR = char("Planned Duration of Element")
