"""Response analysis (ADRS): assessments, best response, responder.

From: RS, ADSL; judged by response.confirmation.

    OVR     each overall response; RSCONF is whether it is confirmed as assessed
    UBOR    best response as assessed          URSP    PR or better, as assessed
    CBOR    best response once confirmed       CRSP    PR or better, confirmed

A response has its order in AVAL: NE 0, PD 1, SD 2, MR 3, PR 4, VGPR 5, CR 6, sCR 7; a responder is
1, else 0. ADT is the first assessment that shows it. ANL01FL marks the assessments that count:
after the infusion, up to new therapy and confirmed PD.

Reading: an infused subject without an assessment is `not yet assessed` as long as it is followed;
once it died, left or got a new therapy its best response is NE and it is no responder. A best
response that is published without visits counts as assessed, and as confirmed unless it is said to
be unconfirmed.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from cartrial import schema as s
from cartrial.adam.adsl import Adsl
from cartrial.adam.courses import Course, overall_responses
from cartrial.adam.day import infusion_day, study_day
from cartrial.adam.record import declared, with_subject
from cartrial.adam.variable import char, num, seq, usubjid, whole, yes, ymd
from cartrial.response.confirmation import OBJECTIVE, RANK, Best, best_response, first_response
from cartrial.sdtm.domain import Sdtm

PARAMETERS = {
    "OVR": "Overall Response by Investigator",
    "UBOR": "Best Overall Response, Unconfirmed",
    "CBOR": "Best Overall Response, Confirmed",
    "URSP": "Responder (PR or Better), Unconfirmed",
    "CRSP": "Responder (PR or Better), Confirmed",
}
NOT_YET = "not yet assessed"
UNCONFIRMED = "the published best response is not confirmed"
UNREADABLE = "not a response of the criteria"

Row = dict[str, Any]


class Adrs(s.Table):
    """Response analysis (ADRS): assessments, best response, responder."""

    STUDYID = char("Study Identifier", "Req")
    USUBJID = usubjid()
    ASEQ = seq()
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
    SRCDOM = char("Source Data")
    SRCSEQ = whole("Source Sequence Number", "number")


def derive_adrs(
    sdtm: Sdtm, adsl: s.DataFrame[Adsl], courses: Sequence[Course]
) -> s.DataFrame[Adrs]:
    """The assessments, and the best response and responder status of every infused subject."""
    visits = _visits(sdtm, courses)
    summaries = [row for course in courses for row in _summaries(course)]
    whole = pl.concat([visits, pl.DataFrame(summaries, schema=visits.schema, orient="row")])
    known = with_subject(whole, adsl, "STUDYID").with_columns(
        PARAM=pl.col("PARAMCD").replace_strict(PARAMETERS),
        ADY=study_day(pl.col("ADT"), pl.col("TRTSDT")),
        ADAY=infusion_day(pl.col("ADT"), pl.col("TRTSDT")),
        SRCDOM=pl.when(pl.col("SRCSEQ").is_not_null()).then(pl.lit("RS")),
    )
    return declared(Adrs, known, ("PARAMCD", "ADT", "SRCSEQ"))


def _visits(sdtm: Sdtm, courses: Sequence[Course]) -> pl.DataFrame:
    """Every overall response, with whether it is confirmed and whether it counts."""
    judged = {
        (course.subject, one.assessment.number): one for course in courses for one in course.judged
    }
    rows = [
        _visit(row, judged.get((row["USUBJID"], row["RSSEQ"])))
        for row in overall_responses(sdtm).iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _visit(row: Row, judged: Any) -> Row:
    response = row["RESPONSE"]
    asked = judged is not None and response not in ("SD", "NE")
    why = (row["RSSTAT"] or UNREADABLE).lower() if response is None else None
    return {
        "USUBJID": row["USUBJID"],
        "PARAMCD": "OVR",
        "AVAL": None if response is None else float(RANK[response]),
        "AVALC": response or row["RSSTRESC"],
        "WHYMISS": why,
        "ADT": row["ADT"],
        "VISIT": row["VISIT"],
        "RSCONF": ("Y" if judged.is_confirmed else "N") if asked else None,
        "ANL01FL": "Y" if judged is not None and judged.counts else None,
        "SRCSEQ": row["RSSEQ"],
    }


def _summaries(course: Course) -> Iterator[Row]:
    """Best response and responder of one subject, as assessed and once confirmed."""
    for letter, confirmed in (("U", False), ("C", True)):
        yield from (_published if course.published and not course.judged else _assessed)(
            course, letter, confirmed
        )


def _assessed(course: Course, letter: str, confirmed: bool) -> Iterator[Row]:
    best = best_response(course.judged, confirmed=confirmed)
    if best is None and course.followed:
        yield _row(course, f"{letter}BOR", why=NOT_YET)
        yield _row(course, f"{letter}RSP", why=NOT_YET)
        return
    yield _best(course, f"{letter}BOR", best)
    first = first_response(course.judged, confirmed=confirmed)
    yield _row(
        course,
        f"{letter}RSP",
        value=0.0 if first is None else 1.0,
        text="N" if first is None else "Y",
        at=None if first is None else first.on,
        number=None if first is None else first.number,
    )


def _best(course: Course, parameter: str, best: Best | None) -> Row:
    if best is None:
        return _row(course, parameter, value=float(RANK["NE"]), text="NE")
    rank, first = float(RANK[best.response]), best.first
    return _row(course, parameter, value=rank, text=best.response, at=first.on, number=first.number)


def _published(course: Course, letter: str, confirmed: bool) -> Iterator[Row]:
    best, number = course.published or "NE", course.published_number
    lacking = confirmed and course.published_confirmed is False and RANK[best] > RANK["SD"]
    if lacking:
        yield _row(course, f"{letter}BOR", why=UNCONFIRMED, number=number)
    else:
        yield _row(course, f"{letter}BOR", value=float(RANK[best]), text=best, number=number)
    responds = RANK[best] >= OBJECTIVE and not lacking
    text = "Y" if responds else "N"
    yield _row(course, f"{letter}RSP", value=float(responds), text=text, number=number)


def _row(
    course: Course,
    parameter: str,
    *,
    value: float | None = None,
    text: str | None = None,
    why: str | None = None,
    at: Any = None,
    number: int | None = None,
) -> Row:
    return {
        "USUBJID": course.subject,
        "PARAMCD": parameter,
        "AVAL": value,
        "AVALC": text,
        "WHYMISS": why,
        "ADT": at,
        "VISIT": None,
        "RSCONF": None,
        "ANL01FL": "Y" if value is not None else None,
        "SRCSEQ": number,
    }


SCHEMA = {
    name: dtype
    for name, dtype in s.empty(Adrs).schema.items()
    if name in ("USUBJID", "PARAMCD", "AVAL", "AVALC", "WHYMISS", "ADT", "VISIT")
    or name in ("RSCONF", "ANL01FL", "SRCSEQ")
}
