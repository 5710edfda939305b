"""Trial Summary (TS).

From the study file.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char


class Ts(s.Table):
    """Trial Summary (TS)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    TSSEQ = s.count("Sequence Number", "number", min=1, primary_key=True, core="Req")
    TSPARMCD = s.text(
        "Trial Summary Parameter Short Name", private=False, primary_key=True, core="Req"
    )
    TSPARM = char("Trial Summary Parameter", "Req")
    TSVAL = char("Parameter Value", "Exp")
    TSVALNF = char("Parameter Null Flavor")
