"""Healthcare Encounters (HO): hospital and intensive care stays.

From the forms: hospital_stay.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.bedside import HospitalStay
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Record
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid


class Ho(s.Table):
    """Healthcare Encounters (HO): hospital and intensive care stays."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    HOSEQ = seq()
    HOSPID = char("Sponsor-Defined Identifier")
    HOTERM = char("Healthcare Encounter Term", "Req")
    HODECOD = char("Dictionary-Derived Term")
    EPOCH = epoch()
    HOSTDTC = dtc("Start Date/Time of Healthcare Encounter", "Exp")
    HOENDTC = dtc("End Date/Time of Healthcare Encounter")
    HOSTDY = dy("Study Day of Start of Encounter")
    HOENDY = dy("Study Day of End of Healthcare Encounter")


ORDER = ("HOSTDTC", "HOSPID")
WARDS = {"ward": "HOSPITAL", "intensive care": "INTENSIVE CARE UNIT"}
STAYS = {"ward": "HOSPITAL STAY", "intensive care": "INTENSIVE CARE UNIT STAY"}
MAPPINGS = (
    Record(
        form=HospitalStay,
        domain=Ho,
        fields={
            "number": "HOSPID",
            "ward": Coded("HOTERM", WARDS),
            "admitted": "HOSTDTC",
            "discharged": "HOENDTC",
        },
        derived={"HODECOD": pl.col("ward").replace(STAYS)},
    ),
)


def to_ho(study: Study, forms: Forms) -> s.DataFrame[Ho]:
    """Stays in hospital and intensive care as HO."""
    return finished(Ho, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_ho(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into HO."""
    return read_back(study, records, MAPPINGS)
