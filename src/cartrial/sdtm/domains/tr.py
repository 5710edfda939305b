"""Tumor/Lesion Results (TR): diameters of plasmacytomas.

From the forms: plasmacytoma.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.myeloma import Plasmacytoma
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Findings, Item
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import (
    char,
    dtc,
    dy,
    epoch,
    last_before_exposure,
    num,
    seq,
    usubjid,
    visit,
    visit_number,
)


class Tr(s.Table):
    """Tumor/Lesion Results (TR): diameters of plasmacytomas."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    TRSEQ = seq()
    TRLNKID = char("Link ID", "Exp")
    TRTESTCD = char("Tumor/Lesion Assessment Short Name", "Req")
    TRTEST = char("Tumor/Lesion Assessment Test Name", "Req")
    TRORRES = char("Result or Finding in Original Units", "Exp")
    TRORRESU = char("Original Units", "Exp")
    TRSTRESC = char("Character Result/Finding in Std Format", "Exp")
    TRSTRESN = num("Numeric Result/Finding in Standard Units", unit_in="TRSTRESU", core="Exp")
    TRSTRESU = char("Standard Units", "Exp")
    TRSTAT = char("Completion Status")
    TRREASND = char("Reason Not Done")
    TRMETHOD = char("Method Used to Identify the Tumor/Lesion", "Exp")
    TRLOBXFL = last_before_exposure()
    TREVAL = char("Evaluator", "Exp")
    VISITNUM = visit_number()
    VISIT = visit()
    EPOCH = epoch()
    TRDTC = dtc("Date/Time of Tumor/Lesion Measurement", "Exp")
    TRDY = dy("Study Day of Tumor/Lesion Measurement")
    TRPLACE = char("Location as Recorded", supp=True)
    TRNEW = char("New Lesion", supp=True)


ORDER = ("TRDTC", "TRLNKID", "TRTESTCD")
METHODS = {
    "CT": "CT SCAN",
    "PET-CT": "PET/CT SCAN",
    "MRI": "MRI",
    "examination": "PHYSICAL EXAMINATION",
}
MAPPINGS = (
    Findings(
        form=Plasmacytoma,
        domain=Tr,
        keys={"lesion": "TRLNKID", "on": "TRDTC"},
        also={"place": "TRPLACE", "method": Coded("TRMETHOD", METHODS), "new": "TRNEW"},
        constants={"TREVAL": "INVESTIGATOR"},
        items=(
            Item("long", "LDIAM", "Longest Diameter"),
            Item("short", "LPERP", "Longest Perpendicular"),
        ),
        why="why_missing",
    ),
)


def to_tr(study: Study, forms: Forms) -> s.DataFrame[Tr]:
    """Diameters of plasmacytomas as TR."""
    return finished(Tr, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_tr(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into TR."""
    return read_back(study, records, MAPPINGS)
