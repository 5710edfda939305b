"""Disposition (DS): milestones, dispositions and other events of a subject.

From the forms: disposition, eligibility, slot_request, retreatment, death; consent: demographics.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import Death, Disposition
from cartrial.forms.enrolment import Demographics, Eligibility, SlotRequest
from cartrial.forms.product import Retreatment
from cartrial.protocol.study import Study
from cartrial.sdtm.mapping import Coded, Record, to_records, upper
from cartrial.sdtm.records import finished, made, read_back
from cartrial.sdtm.variable import char, dtc, dy, epoch, seq, usubjid, whole


class Ds(s.Table):
    """Disposition (DS): milestones, dispositions and other events of a subject."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    DSSEQ = seq()
    DSSPID = char("Sponsor-Defined Identifier")
    DSTERM = char("Reported Term for the Disposition Event", "Req")
    DSDECOD = char("Standardized Disposition Term", "Req")
    DSCAT = char("Category for Disposition Event", "Exp")
    DSSCAT = char("Subcategory for Disposition Event")
    EPOCH = epoch()
    DSSTDTC = dtc("Start Date/Time of Disposition Event", "Exp")
    DSSTDY = dy("Study Day of Start of Disposition Event", "Exp")
    DSGRNTDT = dtc("Date the Slot Was Granted", supp=True)
    DSLEVEL = whole("Dose Level", "level", supp=True)
    DSREASON = char("Reason", supp=True)
    DTHCAUS = char("Cause of Death", supp=True)
    DTHADJ = char("Cause of Death Adjudicated", supp=True)
    DTHAENO = whole("Adverse Event That Caused Death", "number", supp=True)
    DTHCART = char("Death Related to the CAR-T", supp=True)


ORDER = ("DSSTDTC", "DSCAT", "DSDECOD", "DSSPID")
CONSENT = "INFORMED CONSENT OBTAINED"
ENDED = {
    "completed": "COMPLETED",
    "death": "DEATH",
    "lost to follow-up": "LOST TO FOLLOW-UP",
    "withdrew consent": "WITHDRAWAL BY SUBJECT",
    "manufacturing failure": "MANUFACTURING FAILURE",
    "progression": "PROGRESSIVE DISEASE",
    "physician decision": "PHYSICIAN DECISION",
    "other": "OTHER",
}
UNSPECIFIED = "OTHER REASON, NOT SPECIFIED"  # DSTERM may not be OTHER
MILESTONES = {"treatment not given": "TREATMENT NOT GIVEN", "end of study": "END OF STUDY"}
ENDS_WHAT = {"treatment not given": "STUDY TREATMENT", "end of study": "STUDY PARTICIPATION"}
ELIGIBLE = {"yes": "ELIGIBILITY CRITERIA MET", "no": "ELIGIBILITY CRITERIA NOT MET"}
RETREATED_FOR = ("relapse", "no response", "loss of CAR cells", "planned")

DISPOSITION = Record(
    form=Disposition,
    domain=Ds,
    fields={
        "milestone": Coded("DSSPID", MILESTONES),
        "on": "DSSTDTC",
        "reason": Coded("DSDECOD", ENDED),
    },
    constants={"DSCAT": "DISPOSITION EVENT"},
    known_by=("DSCAT", "DSSPID"),
    derived={
        "DSTERM": pl.col("reason").str.to_uppercase().replace("OTHER", UNSPECIFIED),
        "DSSCAT": pl.col("milestone").replace(ENDS_WHAT),
    },
)
ELIGIBILITY = Record(
    form=Eligibility,
    domain=Ds,
    fields={"decided": "DSSTDTC", "eligible": Coded("DSDECOD", ELIGIBLE)},
    constants={"DSCAT": "PROTOCOL MILESTONE"},
    known_by=("DSCAT", "DSDECOD"),
)
SLOT = Record(
    form=SlotRequest,
    domain=Ds,
    fields={"requested": "DSSTDTC", "granted": "DSGRNTDT", "level": "DSLEVEL"},
    constants={"DSCAT": "OTHER EVENT", "DSDECOD": "SLOT REQUESTED"},
    known_by=("DSDECOD",),
)
RETREATMENT = Record(
    form=Retreatment,
    domain=Ds,
    fields={
        "number": "DSSPID",
        "decided": "DSSTDTC",
        "reason": Coded("DSREASON", upper(RETREATED_FOR)),
    },
    constants={"DSCAT": "OTHER EVENT", "DSDECOD": "RETREATMENT DECIDED"},
    known_by=("DSDECOD",),
)
DEATH = Record(
    form=Death,
    domain=Ds,
    fields={
        "on": "DSSTDTC",
        "cause": Coded("DTHCAUS", upper(("myeloma", "toxicity", "infection", "other", "unknown"))),
        "adjudicated": "DTHADJ",
        "event": "DTHAENO",
        "car_t": "DTHCART",
    },
    constants={"DSCAT": "OTHER EVENT", "DSDECOD": "DEATH"},
    known_by=("DSCAT", "DSDECOD"),
)
MAPPINGS = (DISPOSITION, ELIGIBILITY, SLOT, RETREATMENT, DEATH)
CONSENTED = Record(
    form=Demographics,
    domain=Ds,
    fields={"consented": "DSSTDTC"},
    constants={"DSCAT": "PROTOCOL MILESTONE", "DSDECOD": CONSENT},
    known_by=("DSCAT", "DSDECOD"),
)


def to_ds(study: Study, forms: Forms) -> s.DataFrame[Ds]:
    """Milestones, dispositions and other events as DS; consent comes from demographics."""
    dated = forms.of(Demographics).filter(pl.col("consented").is_not_null())
    records = pl.concat([made(study, forms, MAPPINGS), to_records(CONSENTED, study, dated)])
    termed = records.with_columns(pl.coalesce("DSTERM", "DSDECOD").alias("DSTERM"))
    return finished(Ds, study, forms, termed, ORDER)


def from_ds(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into DS; consent is read back from DM."""
    return read_back(study, records, MAPPINGS)
