"""Trial Arms (TA).

From the study file.
"""

from cartrial import schema as s
from cartrial.sdtm.variable import char


class Ta(s.Table):
    """Trial Arms (TA)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    ARMCD = s.text("Planned Arm Code", private=False, primary_key=True, core="Req")
    ARM = char("Description of Planned Arm", "Req")
    TAETORD = s.count(
        "Planned Order of Element within Arm", "number", min=1, primary_key=True, core="Req"
    )
    ETCD = char("Element Code", "Req")
    ELEMENT = char("Description of Element", "Perm")
    TABRANCH = char("Branch", "Exp")
    TATRANS = char("Transition Rule", "Exp")
    EPOCH = char("Epoch", "Req")
