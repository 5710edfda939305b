"""Medical History (MH): the diagnosis of the disease.

From the forms: disease_history (its date of diagnosis; all else is in SC).
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.enrolment import DiseaseHistory
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Record
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid


class Mh(s.Table):
    """Medical History (MH): the diagnosis of the disease."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    MHSEQ = seq()
    MHTERM = char("Reported Term for the Medical History", "Req")
    MHDECOD = char("Dictionary-Derived Term")
    MHEVDTYP = char("Medical History Event Date Type")
    EPOCH = epoch()
    MHSTDTC = dtc("Start Date/Time of Medical History Event")
    MHSTDY = dy("Study Day of Start of Observation")


ORDER = ("MHSTDTC", "MHTERM")
DIAGNOSIS = "DIAGNOSIS"
DIAGNOSED = Record(
    form=DiseaseHistory,
    domain=Mh,
    fields={"diagnosed": "MHSTDTC"},
    constants={"MHEVDTYP": DIAGNOSIS},
    known_by=("MHEVDTYP",),
)


def to_mh(study: Study, forms: Forms) -> s.DataFrame[Mh]:
    """The diagnosis of each subject as MH; the study file names the disease."""
    return finished(Mh, study, forms, made(study, forms, (_named(study),)), ORDER)


def from_mh(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into MH, as far as it holds them."""
    return read_back(study, records, (_named(study),))


def _named(study: Study) -> Record:
    return replace(DIAGNOSED, constants={**DIAGNOSED.constants, "MHTERM": study.condition})
