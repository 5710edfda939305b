"""The records of ADRS that sum up a subject: best response, responder, MRD.

Reading: an infused subject without an assessment is `not yet assessed` as long as it is followed;
once it died, left or got a new therapy its best response is NE and it is no responder. By the
criteria, who was assessed by the investigator and has no measured value is neither: it is unknown.
"""

import polars as pl

from cartrial import schema as s
from cartrial.adam.response.courses import Courses, Published
from cartrial.adam.response.response_visit import rank_of
from cartrial.adam.subject.adsl import Adsl
from cartrial.adam.subject.record import yes_where
from cartrial.response.confirmation import best_responses, first_responses
from cartrial.response.judged import Judged
from cartrial.response.mrd import MrdStatus
from cartrial.response.scale import OBJECTIVE, RANK

NOT_YET = "not yet assessed"
NO_VALUES = "nothing was measured after the infusion"
NO_DAY = "the day of the infusion is not known"
UNCONFIRMED = "the published best response is not confirmed"
UNSAID = "not published whether the response was ongoing"
WAYS = (("U", False), ("C", True))  # as assessed, confirmed
MRD = {"MRDNEG": "negative", "MRDSUST": "sustained", "MRDIMG": "imaging"}


def investigator_summaries(adsl: s.DataFrame[Adsl], courses: Courses) -> pl.DataFrame:
    """Best response and responder by the investigator, or as published."""
    people = _people(adsl, courses).join(
        courses.published, on="subject", how="anti", maintain_order="left"
    )
    judged = [_judged(people, courses.investigator, way) for way in WAYS]
    published = [_published(courses.published, way) for way in WAYS]
    lasted = _durations(courses.published)
    whole = pl.concat([*judged, *published, lasted], how="diagonal").rename({"number": "SRCSEQ"})
    sourced = pl.when(pl.col("SRCSEQ").is_not_null()).then(pl.lit("RS"))
    return whole.with_columns(sourced.alias("SRCDOM"))


def derived_summaries(adsl: s.DataFrame[Adsl], courses: Courses, prefix: str) -> pl.DataFrame:
    """Best response and responder by the criteria."""
    told = pl.concat([courses.investigator["subject"], courses.published["subject"]])
    undated = courses.follow_up.filter(pl.col("infused").is_null())["subject"]
    unmeasured = (
        pl.when(pl.col("subject").is_in(undated.implode()))
        .then(pl.lit(NO_DAY))
        .when(pl.col("subject").is_in(told.implode()))
        .then(pl.lit(NO_VALUES))
    )
    people = _people(adsl, courses).with_columns(why=pl.coalesce(unmeasured, "why"))
    whole = pl.concat([_judged(people, courses.derived, way) for way in WAYS])
    return whole.rename({"number": "ASSNUM"}).with_columns(
        PARAMCD=prefix + pl.col("PARAMCD"),
        SRCDOM=pl.when(pl.col("ADT").is_not_null()).then(pl.lit("LB")),
    )


def mrd_summaries(status: s.DataFrame[MrdStatus]) -> pl.DataFrame:
    """Whether each subject was MRD negative, with the results behind the answer."""
    parts = [
        status.select(
            USUBJID="subject",
            PARAMCD=pl.lit(code),
            AVAL=pl.col(flag).cast(pl.Float64),
            AVALC=_yes_or_no(flag),
            WHYMISS=pl.when(pl.col(flag).is_null()).then("explanation"),
            ADT=f"{flag}_on",
            ANL01FL=yes_where(pl.col(flag).is_not_null()),
            EXPLAIN="explanation",
            SRCDOM=pl.lit("RS"),
        )
        for code, flag in MRD.items()
    ]
    return pl.concat(parts)


def _people(adsl: s.DataFrame[Adsl], courses: Courses) -> pl.DataFrame:
    """The infused subjects, and why one without an assessment has no best response."""
    known = courses.follow_up.select("subject", "new_therapy").join(
        adsl.select("EOSSTT", subject="USUBJID"), on="subject", how="left", maintain_order="left"
    )
    waits = (pl.col("EOSSTT") == "ONGOING") & pl.col("new_therapy").is_null()
    return known.select("subject", why=pl.when(waits).then(pl.lit(NOT_YET)))


def _judged(
    people: pl.DataFrame, judged: s.DataFrame[Judged], way: tuple[str, bool]
) -> pl.DataFrame:
    letter, confirmed = way
    best = people.join(
        best_responses(judged, confirmed=confirmed),
        on="subject",
        how="left",
        maintain_order="left",
    ).with_columns(seen=pl.col("response").is_not_null())
    known = best.with_columns(
        why=pl.when(~pl.col("seen")).then("why"),
        response=pl.when(pl.col("seen") | pl.col("why").is_null()).then(
            pl.col("response").fill_null("NE")
        ),
    )
    first = first_responses(judged, confirmed=confirmed).select("subject", "on", "number")
    responders = known.select("subject", "why").join(
        first.with_columns(responds=pl.lit(True)), on="subject", how="left", maintain_order="left"
    )
    responds = pl.when(pl.col("why").is_null()).then(pl.col("responds").fill_null(False))
    return pl.concat(
        [_best(known, letter), _responder(responders.with_columns(responds=responds), letter)]
    )


def _published(published: s.DataFrame[Published], way: tuple[str, bool]) -> pl.DataFrame:
    letter, confirmed = way
    rank = rank_of("response")
    unsure = (~pl.col("confirmed")).fill_null(False)
    lacking = unsure & (rank > RANK["SD"]) & confirmed
    known = published.select(
        "subject",
        "number",
        on=pl.lit(None, dtype=pl.Date),
        why=pl.when(lacking).then(pl.lit(UNCONFIRMED)),
        response=pl.when(~lacking).then("response"),
        responds=(rank >= OBJECTIVE) & ~lacking,
    )
    responders = known.with_columns(why=pl.lit(None, dtype=pl.String))
    return pl.concat([_best(known, letter), _responder(responders, letter)])


def _durations(published: s.DataFrame[Published]) -> pl.DataFrame:
    """How long each published response lasted, and whether it was ongoing."""
    lasted = published.filter(pl.col("duration").is_not_null())
    return lasted.select(
        "number",
        USUBJID="subject",
        PARAMCD=pl.lit("PUBDUR"),
        AVAL=pl.col("ongoing").cast(pl.Float64),
        AVALC=_yes_or_no("ongoing"),
        WHYMISS=pl.when(pl.col("ongoing").is_null()).then(pl.lit(UNSAID)),
        MVAL="duration",
        MUNIT=pl.lit("day"),
    )


def _best(known: pl.DataFrame, letter: str) -> pl.DataFrame:
    return _record(known, f"{letter}BOR", rank_of("response"), pl.col("response"))


def _responder(known: pl.DataFrame, letter: str) -> pl.DataFrame:
    value = pl.col("responds").cast(pl.Float64)
    return _record(known, f"{letter}RSP", value, _yes_or_no("responds"))


def _yes_or_no(flag: str) -> pl.Expr:
    """Y, N, or null where it is not known."""
    return pl.when(pl.col(flag)).then(pl.lit("Y")).when(~pl.col(flag)).then(pl.lit("N"))


def _record(known: pl.DataFrame, code: str, value: pl.Expr, text: pl.Expr) -> pl.DataFrame:
    return known.select(
        "number",
        USUBJID="subject",
        PARAMCD=pl.lit(code),
        AVAL=value,
        AVALC=text,
        WHYMISS="why",
        ADT="on",
        ANL01FL=yes_where(value.is_not_null()),
    )
