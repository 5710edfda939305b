"""Biospecimen Findings (BS): release tests of the product.

From the forms: product_release.

Reading: a product is tested at no visit of the subject, so there is no VISITNUM.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.product import ProductRelease
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Findings, Item
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, num, seq, usubjid


class Bs(s.Table):
    """Biospecimen Findings (BS): release tests of the product."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    BSSEQ = seq()
    BSREFID = char("Reference ID", "Exp")
    BSTESTCD = char("Biospecimen Test Short Name", "Req")
    BSTEST = char("Biospecimen Test Name", "Req")
    BSCAT = char("Category for Biospecimen Test", "Exp")
    BSORRES = char("Result or Finding in Original Units", "Exp")
    BSORRESU = char("Original Units", "Exp")
    BSSTRESC = char("Character Result/Finding in Std Format", "Exp")
    BSSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="BSSTRESU", core="Exp")
    BSSTRESU = char("Standard Units", "Exp")
    BSSTAT = char("Completion Status")
    BSREASND = char("Reason Test Not Done")
    BSSPEC = char("Specimen Type")
    EPOCH = epoch()
    BSDTC = dtc("Date/Time of Specimen Collection", "Exp")
    BSDY = dy("Study Day of Specimen Collection")


ORDER = ("BSDTC", "BSREFID", "BSTESTCD")
MAPPINGS = (
    Findings(
        form=ProductRelease,
        domain=Bs,
        keys={"lot": "BSREFID"},
        also={"made": "BSDTC"},
        constants={"BSSPEC": "CAR-T PRODUCT"},
        known_by=("BSSPEC",),
        items=(
            Item("released", "RELEASED", "Released"),
            Item("within_specification", "WITHSPEC", "Within Specification"),
            Item("viability", "VBLSPCT", "Sample Viability Percent"),
            Item("car_positive", "CARPOS", "CAR+ of CD3+ Cells"),
            Item("vector_copies", "VCN", "Vector Copy Number"),
        ),
    ),
)


def to_bs(study: Study, forms: Forms) -> s.DataFrame[Bs]:
    """Release tests of the product as BS."""
    return finished(Bs, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_bs(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into BS."""
    return read_back(study, records, MAPPINGS)
