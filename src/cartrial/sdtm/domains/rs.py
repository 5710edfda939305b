"""Disease Response (RS): investigator response, best response as reported, MRD.

From the forms: response, best_response, mrd.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.myeloma import BestResponse, Mrd, Response
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Record, upper
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, num, seq, usubjid, visit, visit_number


class Rs(s.Table):
    """Disease Response (RS): investigator response, best response as reported, MRD."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    RSSEQ = seq()
    RSTESTCD = char("Assessment Short Name", "Req")
    RSTEST = char("Assessment Name", "Req")
    RSCAT = char("Category for Assessment", "Exp")
    RSORRES = char("Result or Finding in Original Units", "Exp")
    RSSTRESC = char("Character Result/Finding in Std Format", "Exp")
    RSSTAT = char("Completion Status")
    RSMETHOD = char("Method of Test or Examination")
    RSEVAL = char("Evaluator")
    VISITNUM = visit_number()
    VISIT = visit()
    EPOCH = epoch()
    RSDTC = dtc("Date/Time of Assessment", "Exp")
    RSDY = dy("Study Day of Assessment")
    RSCONF = char("Response Confirmed", supp=True)
    RSPDBY = char("Progression Shown by", supp=True)
    PDIFL = char("Progressive Disease: Imaging", supp=True)
    PDOFL = char("Progressive Disease: Other", supp=True)
    DTHPDFL = char("Death Due to Progressive Disease", supp=True)
    NACTDT = dtc("New Anti-Cancer Therapy Date", supp=True)
    RSSENS = num("Sensitivity of the MRD Assay", "fraction of cells", supp=True)
    RSPETCT = char("PET-CT at the Same Time", supp=True)
    RSDUR = num("Duration of Response, as Reported", unit_in="RSDURU", supp=True)
    RSDURU = char("Unit of Duration", supp=True)
    RSONGO = char("Response Ongoing", supp=True)


ORDER = ("RSDTC", "RSTESTCD", "RSMETHOD")
IMWG = "KUMAR IMWG 2016"
CRITERIA = {"IMWG-2016": IMWG}
MRD_METHODS = {"flow": "FLOW CYTOMETRY", "NGS": "NEXT GENERATION SEQUENCING"}
PROGRESSION = upper(("laboratory", "imaging", "clinical"))

OVERALL = Record(
    form=Response,
    domain=Rs,
    fields={
        "on": "RSDTC",
        "response": "RSORRES",
        "confirmed": "RSCONF",
        "progression": Coded("RSPDBY", PROGRESSION),
    },
    constants={"RSTESTCD": "OVRLRESP", "RSTEST": "Overall Response", "RSEVAL": "INVESTIGATOR"},
    known_by=("RSTESTCD",),
    derived={"RSSTRESC": pl.col("response")},
)
BEST = Record(
    form=BestResponse,
    domain=Rs,
    fields={
        "response": "RSORRES",
        "confirmed": "RSCONF",
        "duration": "RSDUR",
        "duration_unit": Coded("RSDURU", upper(("days", "weeks", "months"))),
        "ongoing": "RSONGO",
    },
    constants={"RSTESTCD": "BESTRESP", "RSTEST": "Best Overall Response", "RSEVAL": "INVESTIGATOR"},
    known_by=("RSTESTCD",),
    derived={"RSSTRESC": pl.col("response")},
)
MRD = Record(
    form=Mrd,
    domain=Rs,
    fields={
        "on": "RSDTC",
        "method": Coded("RSMETHOD", MRD_METHODS),
        "sensitivity": "RSSENS",
        "result": Coded("RSORRES", upper(("negative", "positive", "not evaluable"))),
        "pet_ct": Coded("RSPETCT", upper(("negative", "positive", "not done"))),
    },
    constants={
        "RSTESTCD": "MRDRESP",
        "RSTEST": "Minimal Residual Disease Response",
        "RSCAT": IMWG,
    },
    known_by=("RSTESTCD",),
    derived={"RSSTRESC": pl.col("result").str.to_uppercase().replace("NOT EVALUABLE", "NE")},
)


def to_rs(study: Study, forms: Forms) -> s.DataFrame[Rs]:
    """Responses and measurable residual disease as RS."""
    return finished(Rs, study, forms, made(study, forms, mappings(study)), ORDER)


def from_rs(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into RS."""
    return read_back(study, records, mappings(study))


def mappings(study: Study) -> tuple[Record, ...]:
    """The mapping of each form; the criteria of response are those of the study."""
    by = {"RSCAT": CRITERIA.get(study.standards.response, "OTHER")}
    overall, best = (replace(one, constants={**one.constants, **by}) for one in (OVERALL, BEST))
    return (overall, best, MRD)


def is_by_imaging() -> pl.Expr:
    """Whether progression was shown by imaging, as this or another system says it."""
    return ((pl.col("RSPDBY") == "IMAGING") | (pl.col("PDIFL") == "Y")).fill_null(False)
