"""Concomitant Medications (CM): bridging, tocilizumab, steroids, new therapy, transfusions.

From the forms: medication, bridging, transfusion, growth_factor, immunoglobulin.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.product import Bridging
from cartrial.forms.treatment import (
    KINDS,
    GrowthFactor,
    Immunoglobulin,
    Medication,
    Transfusion,
)
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Record, upper
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, num, seq, usubjid, whole


class Cm(s.Table):
    """Concomitant Medications (CM): bridging, tocilizumab, steroids, new therapy, transfusions."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    CMSEQ = seq()
    CMSPID = char("Sponsor-Defined Identifier")
    CMLNKID = char("Link ID")
    CMTRT = char("Reported Name of Drug, Med, or Therapy", "Req")
    CMDECOD = char("Standardized Medication Name")
    CMCAT = char("Category for Medication")
    CMDOSE = num("Dose per Administration", unit_in="CMDOSU")
    CMDOSU = char("Dose Units")
    CMROUTE = char("Route of Administration")
    EPOCH = epoch()
    CMSTDTC = dtc("Start Date/Time of Medication")
    CMENDTC = dtc("End Date/Time of Medication")
    CMSTDY = dy("Study Day of Start of Medication")
    CMENDY = dy("Study Day of End of Medication")
    CMAENO = whole("Adverse Event Treated", "number", supp=True)


ORDER = ("CMSTDTC", "CMCAT", "CMTRT")
BRIDGING_THERAPY = "BRIDGING THERAPY"
ROUTES = ("intravenous", "oral", "subcutaneous", "other")

MEDICATION = Record(
    form=Medication,
    domain=Cm,
    fields={
        "number": "CMSPID",
        "drug": "CMTRT",
        "kind": Coded("CMCAT", upper(KINDS)),
        "started": "CMSTDTC",
        "ended": "CMENDTC",
        "dose": "CMDOSE",
        "unit": "CMDOSU",
        "route": Coded("CMROUTE", upper(ROUTES)),
        "event": "CMAENO",
    },
    known_by=("CMCAT",),
    derived={"CMLNKID": pl.col("event").cast(pl.String)},
)
BRIDGING = Record(
    form=Bridging,
    domain=Cm,
    fields={"number": "CMSPID", "drug": "CMTRT", "started": "CMSTDTC", "ended": "CMENDTC"},
    constants={"CMCAT": BRIDGING_THERAPY},
    known_by=("CMCAT",),
)
TRANSFUSION = Record(
    form=Transfusion,
    domain=Cm,
    fields={
        "on": "CMSTDTC",
        "product": Coded("CMTRT", upper(("red cells", "platelets", "plasma"))),
        "units": "CMDOSE",
    },
    constants={"CMCAT": "TRANSFUSION", "CMDOSU": "UNIT"},
    known_by=("CMCAT",),
    derived={"CMENDTC": pl.col("on").dt.strftime("%Y-%m-%d")},
)
GROWTH_FACTOR = Record(
    form=GrowthFactor,
    domain=Cm,
    fields={"started": "CMSTDTC", "ended": "CMENDTC", "dose": "CMDOSE"},
    constants={"CMTRT": "G-CSF", "CMCAT": "GROWTH FACTOR", "CMDOSU": "ug"},
    known_by=("CMCAT",),
)
IMMUNOGLOBULIN = Record(
    form=Immunoglobulin,
    domain=Cm,
    fields={"on": "CMSTDTC", "dose": "CMDOSE"},
    constants={"CMTRT": "IMMUNOGLOBULIN", "CMCAT": "IMMUNOGLOBULIN", "CMDOSU": "g"},
    known_by=("CMCAT",),
    derived={"CMENDTC": pl.col("on").dt.strftime("%Y-%m-%d")},
)
MAPPINGS = (MEDICATION, BRIDGING, TRANSFUSION, GROWTH_FACTOR, IMMUNOGLOBULIN)


def to_cm(study: Study, forms: Forms) -> s.DataFrame[Cm]:
    """Treatment given beside the CAR-T as CM."""
    return finished(Cm, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_cm(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into CM."""
    return read_back(study, records, MAPPINGS)
