"""Tumor/Lesion Identification (TU): plasmacytomas.

From the forms: plasmacytoma (derived: the form is read back from TR).
"""

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.myeloma import Plasmacytoma
from cartrial.protocol.study import Study
from cartrial.sdtm.domains.tr import METHODS
from cartrial.sdtm.mapping import Coded, Record, to_records
from cartrial.sdtm.records import finished
from cartrial.sdtm.variable import (
    char,
    dtc,
    dy,
    epoch,
    last_before_exposure,
    seq,
    usubjid,
    visit,
    visit_number,
)


class Tu(s.Table):
    """Tumor/Lesion Identification (TU): plasmacytomas."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    TUSEQ = seq()
    TULNKID = char("Link ID", "Exp")
    TUTESTCD = char("Tumor/Lesion ID Short Name", "Req")
    TUTEST = char("Tumor/Lesion ID Test Name", "Req")
    TUORRES = char("Tumor/Lesion ID Result", "Exp")
    TUSTRESC = char("Tumor/Lesion ID Result Std. Format", "Exp")
    TULOC = char("Location of the Tumor/Lesion", "Exp")
    TUMETHOD = char("Method of Identification", "Exp")
    TULOBXFL = last_before_exposure()
    TUEVAL = char("Evaluator", "Exp")
    VISITNUM = visit_number()
    VISIT = visit()
    EPOCH = epoch()
    TUDTC = dtc("Date/Time of Tumor/Lesion Identification", "Exp")
    TUDY = dy("Study Day of Tumor/Lesion Identification")


ORDER = ("TUDTC", "TULNKID")
MAPPING = Record(
    form=Plasmacytoma,
    domain=Tu,
    fields={
        "lesion": "TULNKID",
        "on": "TUDTC",
        "place": "TULOC",
        "method": Coded("TUMETHOD", METHODS),
    },
    constants={
        "TUTESTCD": "TUMIDENT",
        "TUTEST": "Tumor Identification",
        "TUORRES": "PLASMACYTOMA",
        "TUSTRESC": "PLASMACYTOMA",
        "TUEVAL": "INVESTIGATOR",
    },
)


def to_tu(study: Study, forms: Forms) -> s.DataFrame[Tu]:
    """Each plasmacytoma at its first assessment as TU; TR holds all that the form says."""
    lesions = forms.of(Plasmacytoma).sort("subject", "lesion", "on")
    first = lesions.group_by("subject", "lesion", maintain_order=True).first()
    columns = s.empty(Plasmacytoma).columns
    records = to_records(MAPPING, study, first.select(columns))
    return finished(
        Tu, study, forms, records.with_columns(pl.col("TULOC").str.to_uppercase()), ORDER
    )
