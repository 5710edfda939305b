"""Protocol Deviations (DV).

From the forms: protocol_deviation.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import ProtocolDeviation
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Record, upper
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid


class Dv(s.Table):
    """Protocol Deviations (DV)."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    DVSEQ = seq()
    DVSPID = char("Sponsor-Defined Identifier")
    DVTERM = char("Protocol Deviation Term", "Req", private=True)
    DVCAT = char("Category for Protocol Deviation")
    EPOCH = epoch()
    DVSTDTC = dtc("Start Date/Time of Deviation")
    DVSTDY = dy("Study Day of Start of Deviation Event")
    DVMAJOR = char("Major Deviation", supp=True)


ORDER = ("DVSTDTC", "DVSPID")
KINDS = ("eligibility", "dose", "visit", "assessment", "consent", "other")
MAPPINGS = (
    Record(
        form=ProtocolDeviation,
        domain=Dv,
        fields={
            "number": "DVSPID",
            "on": "DVSTDTC",
            "kind": Coded("DVCAT", upper(KINDS)),
            "major": "DVMAJOR",
            "what": "DVTERM",
        },
    ),
)


def to_dv(study: Study, forms: Forms) -> s.DataFrame[Dv]:
    """Protocol deviations as DV."""
    return finished(Dv, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_dv(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into DV."""
    return read_back(study, records, MAPPINGS)
