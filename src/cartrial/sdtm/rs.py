"""Disease Response (RS): investigator response, best response as reported, MRD.

From the forms: response, best_response, mrd.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.myeloma import BestResponse, Mrd, Response
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Record, upper
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, num, seq, usubjid


class Rs(s.Table):
    """Disease Response (RS): investigator response, best response as reported, MRD."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    RSSEQ = seq()
    RSTESTCD = char("Assessment Short Name", "Req")
    RSTEST = char("Assessment Name", "Req")
    RSCAT = char("Category for Assessment")
    RSORRES = char("Result or Finding in Original Units", "Exp")
    RSSTRESC = char("Character Result/Finding in Std Format", "Exp")
    RSSTAT = char("Completion Status")
    RSMETHOD = char("Method of Assessment")
    RSEVAL = char("Evaluator", "Exp")
    VISIT = char("Visit Name")
    RSDTC = dtc("Date/Time of Assessment", "Exp")
    RSDY = dy("Study Day of Assessment")
    RSCONF = char("Response Confirmed", supp=True)
    RSPDBY = char("Progression Shown by", supp=True)
    RSSENS = num("Sensitivity of the MRD Assay", "fraction of cells", supp=True)


ORDER = ("RSDTC", "RSTESTCD", "RSMETHOD")
CRITERIA = {"IMWG-2016": "KUMAR IMWG 2016", "other": "OTHER"}
MRD_METHODS = {"flow": "FLOW CYTOMETRY", "NGS": "NEXT GENERATION SEQUENCING"}
PROGRESSION = upper(("laboratory", "imaging", "clinical"))

MRD = Record(
    form=Mrd,
    domain=Rs,
    fields={
        "on": "RSDTC",
        "method": Coded("RSMETHOD", MRD_METHODS),
        "sensitivity": "RSSENS",
        "result": Coded("RSORRES", upper(("negative", "positive", "not evaluable"))),
    },
    constants={
        "RSTESTCD": "MRDRESP",
        "RSTEST": "Minimal Residual Disease Response",
        "RSCAT": "MEASURABLE RESIDUAL DISEASE",
    },
    known_by=("RSTESTCD",),
    derived={"RSSTRESC": pl.col("result").str.to_uppercase()},
)


def to_rs(study: Study, forms: Forms) -> s.DataFrame[Rs]:
    """Responses and measurable residual disease as RS."""
    return finished(Rs, study, forms, made(study, forms, mappings(study)), ORDER)


def from_rs(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into RS."""
    return read_back(study, records, mappings(study))


def mappings(study: Study) -> tuple[Record, ...]:
    """The mapping of each form; the criteria of response are those of the study."""
    judged = {"RSCAT": CRITERIA[study.standards.response], "RSEVAL": "INVESTIGATOR"}
    overall = Record(
        form=Response,
        domain=Rs,
        fields={
            "on": "RSDTC",
            "response": "RSORRES",
            "confirmed": "RSCONF",
            "progression": Coded("RSPDBY", PROGRESSION),
        },
        constants={"RSTESTCD": "OVRLRESP", "RSTEST": "Overall Response", **judged},
        known_by=("RSTESTCD",),
        derived={"RSSTRESC": pl.col("response")},
    )
    best = Record(
        form=BestResponse,
        domain=Rs,
        fields={"response": "RSORRES", "confirmed": "RSCONF"},
        constants={"RSTESTCD": "BESTRESP", "RSTEST": "Best Response", **judged},
        known_by=("RSTESTCD",),
        derived={"RSSTRESC": pl.col("response")},
    )
    return (overall, best, MRD)
