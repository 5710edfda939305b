"""Trial Arms (TA).

From the study file.
"""

from cartrial import schema as s
from cartrial.protocol.study import Study
from cartrial.sdtm.arm import arm_labels
from cartrial.sdtm.domains.element import elements
from cartrial.sdtm.domains.trial import trial_table
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


def to_ta(study: Study) -> s.DataFrame[Ta]:
    """The arms of the trial as TA: every dose level passes through all elements."""
    rows = [
        {
            "ARMCD": study.arm(level),
            "ARM": label,
            "TAETORD": order,
            "ETCD": element.code,
            "ELEMENT": element.name,
            "TABRANCH": f"Assigned to {study.arm(level)}" if order == 1 else None,
            "EPOCH": element.epoch,
        }
        for level, label in arm_labels(study).items()
        for order, element in enumerate(elements(study), start=1)
    ]
    return trial_table(Ta, study, rows)
