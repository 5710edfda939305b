"""Procedures (PR): leukapheresis.

From the forms: leukapheresis.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.product import Leukapheresis
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Record
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, num, seq, usubjid


class Pr(s.Table):
    """Procedures (PR): leukapheresis."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    PRSEQ = seq()
    PRTRT = char("Reported Name of Procedure", "Req")
    PRCAT = char("Category")
    EPOCH = epoch()
    PRSTDTC = dtc("Start Date/Time of Procedure", "Exp")
    PRSTDY = dy("Study Day of Start of Procedure")
    PRVOL = num("Blood Volume Processed", "L", supp=True)
    PRCD3 = num("CD3+ Cells Collected", "10^6/kg", supp=True)


ORDER = ("PRSTDTC",)
MAPPINGS = (
    Record(
        form=Leukapheresis,
        domain=Pr,
        fields={"on": "PRSTDTC", "volume": "PRVOL", "cd3": "PRCD3"},
        constants={"PRTRT": "LEUKAPHERESIS", "PRCAT": "CELL COLLECTION"},
        known_by=("PRTRT",),
    ),
)


def to_pr(study: Study, forms: Forms) -> s.DataFrame[Pr]:
    """Leukaphereses as PR."""
    return finished(Pr, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_pr(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into PR."""
    return read_back(study, records, MAPPINGS)
