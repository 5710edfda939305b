"""Biospecimen Events (BE): the end of manufacturing of each product lot.

From the forms: product_release (derived: the form is read back from BS).

Reading: a product is made at no visit of the subject, so there is no VISITNUM.
"""

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.product import ProductRelease
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Record, to_records
from cartrial.sdtm.records import finished
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid


class Be(s.Table):
    """Biospecimen Events (BE): the end of manufacturing of each product lot."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    BESEQ = seq()
    BEREFID = char("Reference ID", "Exp")
    BETERM = char("Reported Term for the Biospecimen Event", "Req")
    BECAT = char("Category for Biospecimen Event")
    EPOCH = epoch()
    BEDTC = dtc("Date/Time of Specimen Collection", "Exp")
    BESTDTC = dtc("Start Date/Time of Biospecimen Event", "Exp")
    BEENDTC = dtc("End Date/Time of Biospecimen Event", "Exp")
    BEDY = dy("Study Day of Specimen Collection")
    BESTDY = dy("Study Day of Start of Biospecimen Event")
    BEENDY = dy("Study Day of End of Biospecimen Event")


ORDER = ("BESTDTC", "BEREFID")
MANUFACTURED = Record(
    form=ProductRelease,
    domain=Be,
    fields={"lot": "BEREFID", "made": "BESTDTC"},
    constants={"BETERM": "END OF MANUFACTURING", "BECAT": "PRODUCT"},
    derived={"BEENDTC": pl.col("made").dt.strftime("%Y-%m-%d")},
)


def to_be(study: Study, forms: Forms) -> s.DataFrame[Be]:
    """The end of manufacturing of each lot that has a date as BE."""
    ended = forms.of(ProductRelease).filter(pl.col("made").is_not_null())
    return finished(Be, study, forms, to_records(MANUFACTURED, study, ended), ORDER)
