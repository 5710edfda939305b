"""Trial Elements (TE).

From the study file.
"""

from cartrial import schema as s
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.element import elements
from cartrial.sdtm.domains.trial import trial_table
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


def to_te(study: Study) -> s.DataFrame[Te]:
    """The elements of the trial as TE."""
    rows = [
        {
            "ETCD": element.code,
            "ELEMENT": element.name,
            "TESTRL": element.starts,
            "TEENRL": element.ends,
            "TEDUR": element.duration,
        }
        for element in elements(study)
    ]
    return trial_table(Te, study, rows)
