"""Clinical Events (CE): second primary malignancies.

From the forms: second_malignancy.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.adverse import SecondMalignancy
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Record, upper
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid


class Ce(s.Table):
    """Clinical Events (CE): second primary malignancies."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    CESEQ = seq()
    CESPID = char("Sponsor-Defined Identifier")
    CETERM = char("Reported Term for the Clinical Event", "Req", private=True)
    CECAT = char("Category for the Clinical Event")
    EPOCH = epoch()
    CESTDTC = dtc("Start Date/Time of Clinical Event")
    CESTDY = dy("Study Day of Start of Event")
    CETRANSG = char("CAR Transgene in the Tumour", supp=True)


ORDER = ("CESTDTC", "CESPID")
MAPPINGS = (
    Record(
        form=SecondMalignancy,
        domain=Ce,
        fields={
            "number": "CESPID",
            "term": "CETERM",
            "diagnosed": "CESTDTC",
            "transgene": Coded("CETRANSG", upper(("found", "not found", "not tested"))),
        },
        constants={"CECAT": "SECOND PRIMARY MALIGNANCY"},
        known_by=("CECAT",),
    ),
)


def to_ce(study: Study, forms: Forms) -> s.DataFrame[Ce]:
    """Second primary malignancies as CE."""
    return finished(Ce, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_ce(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into CE."""
    return read_back(study, records, MAPPINGS)
