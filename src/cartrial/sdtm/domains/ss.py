"""Subject Status (SS): survival contacts.

From the forms: survival_contact.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import SurvivalContact
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import NOT_DONE, Record
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid, visit, visit_number


class Ss(s.Table):
    """Subject Status (SS): survival contacts."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    SSSEQ = seq()
    SSTESTCD = char("Status Short Name", "Req")
    SSTEST = char("Status Name", "Req")
    SSORRES = char("Result or Finding Original Result", "Exp")
    SSSTRESC = char("Character Result/Finding in Std Format", "Exp")
    SSSTAT = char("Completion Status")
    SSREASND = char("Reason Assessment Not Performed")
    VISITNUM = visit_number()
    VISIT = visit()
    EPOCH = epoch()
    SSDTC = dtc("Date/Time of Assessment", "Exp")
    SSDY = dy("Study Day of Assessment")


ORDER = ("SSDTC",)
REACHED = {"alive": "ALIVE", "dead": "DEAD"}
STATUS = pl.col("status").replace_strict(REACHED, default=None, return_dtype=pl.String)
MAPPINGS = (
    Record(
        form=SurvivalContact,
        domain=Ss,
        fields={"on": "SSDTC"},
        constants={"SSTESTCD": "SURVSTAT", "SSTEST": "Survival Status"},
        known_by=("SSTESTCD",),
        derived={
            "SSORRES": STATUS,
            "SSSTRESC": STATUS,
            "SSSTAT": pl.when(pl.col("status") == "not reached").then(pl.lit(NOT_DONE)),
            "SSREASND": pl.when(pl.col("status") == "not reached").then(pl.lit("NOT REACHED")),
        },
        restored={
            "status": pl.when(pl.col("SSSTAT") == NOT_DONE)
            .then(pl.lit("not reached"))
            .otherwise(pl.col("SSORRES").str.to_lowercase())
        },
    ),
)


def to_ss(study: Study, forms: Forms) -> s.DataFrame[Ss]:
    """Survival contacts as SS."""
    return finished(Ss, study, forms, made(study, forms, MAPPINGS), ORDER)


def from_ss(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into SS."""
    return read_back(study, records, MAPPINGS)
