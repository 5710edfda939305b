"""Demographics (DM): one record per subject.

From the forms: demographics, dlt_adjudication (SUPPDM).

Reading: RFENDTC is empty for subjects who were not assigned to an arm, as the guide wants it;
    RFPENDTC tells how long every subject took part. RACE takes the words of its codelist, which is
    closed; what the form says in other words stays as it is.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.forms.adverse import DltAdjudication
from cartrial.forms.catalogue import Forms
from cartrial.forms.enrolment import Demographics
from cartrial.protocol.study import Study
from cartrial.sdtm.arm import planned_level, with_arms
from cartrial.sdtm.mapping import Coded, Record, as_domain, from_records, to_records
from cartrial.sdtm.participation import participation
from cartrial.sdtm.variable import char, dtc, num, usubjid, whole


class Dm(s.Table):
    """Demographics (DM): one record per subject."""

    STUDYID = char("Study Identifier", "Req")
    DOMAIN = char("Domain Abbreviation", "Req")
    USUBJID = usubjid()
    SUBJID = char("Subject Identifier for the Study", "Req")
    RFSTDTC = dtc("Subject Reference Start Date/Time", "Exp")
    RFENDTC = dtc("Subject Reference End Date/Time", "Exp")
    RFXSTDTC = dtc("Date/Time of First Study Treatment", "Exp")
    RFXENDTC = dtc("Date/Time of Last Study Treatment", "Exp")
    RFICDTC = dtc("Date/Time of Informed Consent", "Exp")
    RFPENDTC = dtc("Date/Time of End of Participation", "Exp")
    DTHDTC = dtc("Date/Time of Death", "Exp")
    DTHFL = char("Subject Death Flag", "Exp")
    SITEID = char("Study Site Identifier", "Req")
    BRTHDTC = dtc("Date/Time of Birth", private=True)
    AGE = num("Age", unit_in="AGEU", core="Exp")
    AGEU = char("Age Units", "Exp")
    SEX = char("Sex", "Req")
    RACE = char("Race", "Exp", private=True)
    ARMCD = char("Planned Arm Code", "Exp")
    ARM = char("Description of Planned Arm", "Exp")
    ACTARMCD = char("Actual Arm Code", "Exp")
    ACTARM = char("Description of Actual Arm", "Exp")
    ARMNRS = char("Reason Arm and/or Actual Arm is Null", "Exp")
    ACTARMUD = char("Description of Unplanned Actual Arm", "Exp")
    COUNTRY = char("Country", "Req")
    RFICRSN = char("Reason Consent Date is Missing", supp=True)
    DLTADJ = char("DLT Adjudication Verdict", supp=True)
    DLTADJDT = dtc("Date of DLT Adjudication", supp=True)
    DLTAENO = whole("DLT Adjudicated Event Number", "number", supp=True)
    DLTMETDT = dtc("Date DLT Clause Was Met", supp=True)
    DLTCLAUS = char("DLT Clause or Reason", private=True, supp=True)


SEX = {"female": "F", "male": "M", "unknown": "U"}
RACES = {
    race: race.upper()
    for race in (
        "American Indian or Alaska Native",
        "Asian",
        "Black or African American",
        "Native Hawaiian or Other Pacific Islander",
        "Not reported",
        "Other",
        "Unknown",
        "White",
    )
}
SUBJECT = Record(
    form=Demographics,
    domain=Dm,
    fields={
        "consented": "RFICDTC",
        "why_no_consent_date": "RFICRSN",
        "site": "SITEID",
        "born": "BRTHDTC",
        "age": "AGE",
        "sex": Coded("SEX", SEX),
        "race": Coded("RACE", RACES),
        "country": "COUNTRY",
    },
    derived={
        "SUBJID": pl.col("subject"),
        "AGEU": pl.when(pl.col("age").is_not_null()).then(pl.lit("YEARS")),
    },
)
ADJUDICATION = Record(
    form=DltAdjudication,
    domain=Dm,
    fields={
        "verdict": "DLTADJ",
        "decided": "DLTADJDT",
        "number": "DLTAENO",
        "met": "DLTMETDT",
        "clause": "DLTCLAUS",
    },
)
ADJUDICATED = ("DLTADJ", "DLTADJDT", "DLTAENO", "DLTMETDT", "DLTCLAUS")


def to_dm(study: Study, forms: Forms) -> s.DataFrame[Dm]:
    """Each subject as DM, with the dates of participation and the arm planned and given."""
    subjects = to_records(SUBJECT, study, forms.of(Demographics))
    verdicts = to_records(ADJUDICATION, study, forms.of(DltAdjudication))
    when = participation(study, forms)
    joined = (
        subjects.drop(*ADJUDICATED, *(name for name in when.columns if name != "USUBJID"))
        .join(verdicts.select("USUBJID", *ADJUDICATED), on="USUBJID", how="left")
        .join(when, on="USUBJID", how="left")
        .with_columns(STUDYID=pl.lit(study.id), DOMAIN=pl.lit("DM"))
    )
    armed = with_arms(study, forms, joined)
    ended = pl.when(pl.col("ARMCD").is_not_null()).then("RFENDTC")
    return Dm.cast(as_domain(Dm, armed.with_columns(RFENDTC=ended)).sort("USUBJID"))


def from_dm(study: Study, records: pl.DataFrame) -> Mapping[type[s.Table], pl.DataFrame]:
    """The forms that were mapped into DM."""
    levels = records.select(
        pl.col("USUBJID").str.strip_prefix(f"{study.id}-").alias("subject"),
        planned_level(study).alias("level"),
    )
    subjects = from_records(SUBJECT, study, records).drop("level")
    whole = subjects.join(levels, on="subject", how="left", maintain_order="left")
    adjudicated = records.filter(pl.col("DLTADJ").is_not_null())
    return {
        Demographics: whole.select(s.empty(Demographics).columns),
        DltAdjudication: from_records(ADJUDICATION, study, adjudicated),
    }
