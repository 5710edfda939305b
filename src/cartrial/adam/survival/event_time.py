"""One time to event of every subject that it is about: when it ended, how, and by which record.

Reading: an event without a date is the last of the events. A subject whose progression is unseen
(published without its visits) has no time of what rests on visits, and is not censored either.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping

import polars as pl

from cartrial.adam.survival.endpoint import Endpoint, Source, Start
from cartrial.adam.survival.milestone import Evaluator

NO_VISITS = "progression was not recorded by visit"
NO_START: Mapping[Start, str] = {
    "infusion": "the day of infusion is not known",
    "leukapheresis": "the day of leukapheresis is not known",
    "response": NO_VISITS,
}
NO_EVENT_DATE = "the date of the event is not known"
NO_CENSOR_DATE = "it is not known until when the subject was followed"
BEFORE_START = "the date of the event or censoring is before the start"
UNDATED = dt.date.max


def event_times(endpoint: Endpoint, known: pl.DataFrame, evaluator: Evaluator) -> pl.DataFrame:
    """The records of a parameter, from the milestones of the subjects; PARAM is not named yet."""
    ended = _ended(endpoint, known.filter(endpoint.among)).join(
        _sources(endpoint, evaluator), on="place", how="left", maintain_order="left"
    )
    days = (pl.col("ADT") - pl.col("STARTDT")).dt.total_days()
    timed = ended.with_columns(
        AVAL=pl.when(~pl.col("blind") & (days >= 0)).then(days.cast(pl.Float64))
    )
    censored = pl.col("CNSR") == 1
    by = pl.concat_str("said", pl.col("note").fill_null(""))
    return timed.select(
        "AVAL",
        "STARTDT",
        "ADT",
        "CNSR",
        "EVTYPE",
        "SRCDOM",
        "SRCVAR",
        *_numbered(evaluator),
        USUBJID="subject",
        PARAMCD=pl.lit(endpoint.code),
        CNSRSET=pl.lit(endpoint.rules, pl.String),
        EVNTDESC=pl.when(censored)
        .then(pl.coalesce("why_censored", pl.lit(endpoint.censored)))
        .otherwise("said"),
        CNSDTDSC=pl.when(censored).then(by),
        WHYMISS=pl.when(pl.col("AVAL").is_null()).then(_why_missing(endpoint)),
    )


def _sources(endpoint: Endpoint, evaluator: Evaluator) -> pl.DataFrame:
    """The events, then the censorings, in their places: what each is called and where it stands."""
    events = len(endpoint.events)
    rows = [
        {
            "place": place,
            "CNSR": int(place >= events),
            "EVTYPE": (place + 1 if place < events else 0) if endpoint.competing else None,
            "said": source.description,
            "SRCDOM": "ADSL" if source.variable else evaluator.domain,
            "SRCVAR": source.variable or evaluator.variable,
        }
        for place, source in _placed(endpoint)
    ]
    whole = dict.fromkeys(("place", "CNSR", "EVTYPE"), pl.Int64)
    return pl.DataFrame(rows, schema_overrides=whole)


def _ended(endpoint: Endpoint, known: pl.DataFrame) -> pl.DataFrame:
    """The place of the event or censoring of each subject, with its date, record and note."""
    blind = pl.col("unseen") & (endpoint.needs == "visits")
    return (
        known.with_columns(blind=blind)
        .with_columns(place=pl.coalesce(_event(endpoint), _censoring(endpoint)))
        .select(
            "subject",
            "blind",
            "place",
            "why_censored",
            STARTDT=endpoint.start,
            ADT=_chosen(endpoint, lambda source: pl.col(source.milestone), pl.Date),
            number=_chosen(endpoint, _number, pl.Int64),
            note=_chosen(endpoint, _note, pl.String),
        )
    )


def _event(endpoint: Endpoint) -> pl.Expr:
    """The place of the first event; of two on one day, the one named first."""
    days = [
        pl.when(_happened(source)).then(pl.col(source.milestone).fill_null(UNDATED))
        for source in endpoint.events
    ]
    first = pl.min_horizontal(days)
    return pl.coalesce(pl.when(day == first).then(place) for place, day in enumerate(days))


def _censoring(endpoint: Endpoint) -> pl.Expr:
    """The place of the first censoring that there is; none where progression is unseen."""
    seen = ~pl.col("blind")
    places = enumerate(endpoint.censorings, start=len(endpoint.events))
    return pl.coalesce(
        pl.lit(None, pl.Int32),
        *(pl.when(seen & _happened(source)).then(place) for place, source in places),
    )


def _happened(source: Source) -> pl.Expr:
    return pl.col(source.flag) if source.flag else pl.col(source.milestone).is_not_null()


def _placed(endpoint: Endpoint) -> Iterator[tuple[int, Source]]:
    return enumerate((*endpoint.events, *endpoint.censorings))


def _chosen(
    endpoint: Endpoint, of: Callable[[Source], pl.Expr | None], dtype: type[pl.DataType]
) -> pl.Expr:
    """What holds of the source in whose place the subject's time ended."""
    found = {place: of(source) for place, source in _placed(endpoint)}
    here = pl.col("place")
    return pl.coalesce(
        pl.lit(None, dtype),
        *(pl.when(here == place).then(what) for place, what in found.items() if what is not None),
    )


def _numbered(evaluator: Evaluator) -> list[pl.Expr]:
    known = {"SRCSEQ": pl.lit(None, pl.Int64), "ASSNUM": pl.lit(None, pl.Int64)}
    return [
        what.alias(name) for name, what in (known | {evaluator.number: pl.col("number")}).items()
    ]


def _number(source: Source) -> pl.Expr | None:
    return None if source.variable else pl.col(f"{source.milestone}_number")


def _note(source: Source) -> pl.Expr | None:
    return pl.col(f"{source.milestone}_note") if source.noted else None


def _why_missing(endpoint: Endpoint) -> pl.Expr:
    return (
        pl.when("blind")
        .then(pl.lit(NO_VISITS))
        .when(pl.col("STARTDT").is_null())
        .then(pl.lit(NO_START[endpoint.start]))
        .when(pl.col("place").is_null())
        .then(pl.lit(NO_CENSOR_DATE))
        .when(pl.col("ADT").is_null())
        .then(pl.lit(NO_EVENT_DATE))
        .otherwise(pl.lit(BEFORE_START))
    )
