"""Response analysis (ADRS): assessments, best response, responder, and what stands behind them.

From: RS, LB, TR, ADSL; by the response criteria that the study names.

    OVR     each overall response; RSCONF is whether it is confirmed as assessed
    STAT    the confirmed response in which the subject is at the visit
    COVR    the best confirmed response up to the visit
    UBOR    best response as assessed          URSP    PR or better, as assessed
    CBOR    best response once confirmed       CRSP    PR or better, confirmed
    DOVR, DSTAT, ..., DCRSP                    the same by the criteria, from the measured values
    SPEP, UPEP, DFLC, BMPC, PLASM, CPC         what each of these alone says at such an assessment
    PUBDUR  whether a response published without its visits was ongoing; MVAL is how long it lasted
    MRDNEG, MRDSUST, MRDIMG                    MRD negative; sustained; with imaging

A response has its order in AVAL: NE 0, PD 1, SD 2, MR 3, PR 4, VGPR 5, CR 6, sCR 7; a responder is
1, else 0. ADT is the first assessment that shows it. ANL01FL marks the assessments that count:
after the infusion, up to new therapy and confirmed PD. EXPLAIN is the sentence behind what was
derived, CAPPED what is missing for a better response.

Reading: what was derived from more than one record names its domain alone; its components, which
have the same ASSNUM, name their records.
"""

from collections.abc import Mapping

import polars as pl

from cartrial import schema as s
from cartrial.adam.response.courses import Courses, is_response_collected
from cartrial.adam.response.response_component import component_records
from cartrial.adam.response.response_summary import (
    derived_summaries,
    investigator_summaries,
    mrd_summaries,
)
from cartrial.adam.response.response_visit import derived_visits, investigator_visits
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import declared, with_subject
from cartrial.adam.time.day import infusion_day, study_day
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes, ymd
from cartrial.protocol.endpoints import Evaluator
from cartrial.sdtm.domain import Sdtm

READ_FROM = {"RS": "RSSTRESC", "LB": "LBSTRESN", "TR": "TRSTRESN"}  # a domain's variable
LETTER: Mapping[Evaluator, str] = {"investigator": "", "derived": "D"}  # begins a code
BY_CRITERIA = LETTER["derived"]
RESPONSE = {
    "OVR": "Overall Response by {}",
    "STAT": "Confirmed Status at the Visit by {}",
    "COVR": "Best Confirmed Response So Far by {}",
    "UBOR": "Best Overall Response by {}, Unconfirmed",
    "CBOR": "Best Overall Response by {}, Confirmed",
    "URSP": "Responder (PR or Better) by {}, Unconfirmed",
    "CRSP": "Responder (PR or Better) by {}, Confirmed",
}
PARAMETERS = {
    **{code: name.format("Investigator") for code, name in RESPONSE.items()},
    **{f"{BY_CRITERIA}{code}": name.format("Criteria") for code, name in RESPONSE.items()},
    "SPEP": "Serum M-protein",
    "UPEP": "Urine M-protein",
    "DFLC": "Free Light Chains, Involved Less Uninvolved",
    "BMPC": "Plasma Cells in Marrow",
    "PLASM": "Plasmacytomas, Sum of Products of Diameters",
    "CPC": "Circulating Plasma Cells",
    "PUBDUR": "Published Response Ongoing, and Duration",
    "MRDNEG": "MRD Negative",
    "MRDSUST": "MRD Negative, Sustained",
    "MRDIMG": "MRD Negative, Imaging Too",
}


class Adrs(s.Table):
    """Response analysis (ADRS): assessments, best response, responder, components."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
    TRTP = char("Planned Treatment")
    TRTA = char("Actual Treatment")
    TRT01A = char("Actual Treatment for Period 01")
    TRT01AN = whole("Actual Treatment for Period 01 (N)", "level")
    PARAMCD = char("Parameter Code")
    PARAM = char("Parameter")
    AVAL = num("Analysis Value", "order of response")
    AVALC = char("Analysis Value (C)")
    WHYMISS = char("Why the Value Is Missing")
    ADT = ymd("Analysis Date")
    ADY = whole("Analysis Relative Day", "day")
    ADAY = whole("Day from Infusion, Infusion is Day 0", "day")
    VISIT = char("Visit Name")
    RSCONF = char("Response Confirmed")
    ANL01FL = yes("Analysis Flag 01")
    ASSNUM = whole("Number of the Derived Assessment", "number")
    MVAL = num("Measured Value", unit_in="MUNIT")
    MUNIT = char("Unit of Measured Value")
    MBASE = num("Baseline of Measured Value", unit_in="MUNIT")
    MNADIR = num("Lowest Confirmed Value before", unit_in="MUNIT")
    MCHG = num("Change from Baseline", "%")
    MRISE = num("Rise from the Lowest Confirmed Value", unit_in="MUNIT")
    EXPLAIN = char("Explanation of the Response")
    CAPPED = char("What Is Missing for a Better Response")
    SRCDOM = char("Source Data")
    SRCVAR = char("Source Variable")
    SRCSEQ = whole("Source Sequence Number", "number")


def derive_adrs(sdtm: Sdtm, adsl: s.DataFrame[Adsl], courses: Courses) -> s.DataFrame[Adrs]:
    """What was assessed and derived, and what it comes to for every infused subject."""
    records = [mrd_summaries(courses.mrd)]
    if is_response_collected(sdtm):
        records.append(investigator_visits(courses.recorded.responses, courses.investigator))
        records.append(investigator_summaries(adsl, courses))
    if courses.tables is not None:
        records.append(derived_visits(courses.tables.assessed, courses.derived, BY_CRITERIA))
        records.append(component_records(courses.tables, courses.recorded))
        records.append(derived_summaries(adsl, courses, BY_CRITERIA))
    whole = pl.concat(records, how="diagonal")
    known = with_subject(whole, adsl, "STUDYID").with_columns(
        PARAM=pl.col("PARAMCD").replace_strict(PARAMETERS, return_dtype=pl.String),
        SRCVAR=pl.col("SRCDOM").replace_strict(READ_FROM, return_dtype=pl.String),
        ADY=study_day(pl.col("ADT"), pl.col("TRTSDT")),
        ADAY=infusion_day(pl.col("ADT"), pl.col("TRTSDT")),
    )
    return declared(Adrs, known, ("PARAMCD", "ADT", "SRCSEQ"))
