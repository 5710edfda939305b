"""Time to event: who was followed how long for response, progression and survival.

Reading: an event is early, and in the registered proportion, up to Month 24 from the infusion; the
Kaplan-Meier estimate counts all. An event without a date is in the proportion and in no estimate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from cartrial.adam.subject.adsl import first_day_of_last_visit, last_day_of_study
from cartrial.adam.survival.adtte import Adtte
from cartrial.estimate import survival as km
from cartrial.results.population import Column, Population, Trial

Endpoint = Literal["dor", "pfs", "os"]


@dataclass(frozen=True)
class Wording:
    """How an endpoint is called."""

    name: str
    event: str
    start: str
    free: str
    population: str


WORDS: dict[Endpoint, Wording] = {
    "dor": Wording(
        "Duration of response",
        "progression or death from any cause",
        "the first response",
        "In response",
        "Responders",
    ),
    "pfs": Wording(
        "Progression-free survival",
        "progression or death from any cause",
        "the infusion",
        "Alive without progression",
        "Infused subjects",
    ),
    "os": Wording(
        "Overall survival", "death from any cause", "the infusion", "Alive", "Infused subjects"
    ),
}


@dataclass(frozen=True)
class Followed:
    """Time to event of one population: the records with a time, and why others have none.

    `until` is the day from the infusion on which it ended, `early` an event up to Month 24.
    """

    endpoint: Endpoint
    words: Wording
    people: Population
    rows: pl.DataFrame  # subject, day, status (1 event), description, until, early
    unknown: Mapping[str, str] = field(default_factory=dict)
    undated: frozenset[str] = frozenset()

    @property
    def early(self) -> frozenset[str]:
        """The subjects with an event up to Month 24, as registered."""
        return frozenset(self.rows.filter("early")["subject"]) | self.undated

    def of(self, column: Column) -> pl.DataFrame:
        """The records of a group."""
        return self.rows.filter(pl.col("subject").is_in(list(column.subjects)))


def followed(
    trial: Trial,
    endpoint: Endpoint,
    parameter: str = "",
    *,
    words: Wording | None = None,
    people: Population | None = None,
) -> Followed | None:
    """The records of an endpoint, or of one beside it; None where no time of it was collected.

    `people` are the infused where nobody else is named.
    """
    code, words = parameter or endpoint.upper(), words or WORDS[endpoint]
    people = people or trial.infused
    whole = list(people.everyone)
    rows = trial.frame(Adtte).filter((pl.col("PARAMCD") == code) & pl.col("subject").is_in(whole))
    if rows["AVAL"].null_count() == rows.height:
        return None
    if endpoint == "dor":
        people = people.among(rows["subject"].to_list(), words.population)
    timed = _timed(trial, rows)
    lacking = people.everyone - set(timed["subject"])
    named = dict(rows.select("subject", "WHYMISS").iter_rows())
    undated = frozenset(rows.filter(pl.col("CNSR") == 0)["subject"]) & lacking
    unknown = {subject: named.get(subject) or "no record" for subject in sorted(lacking)}
    return Followed(endpoint, words, people, timed, unknown, undated)


def _timed(trial: Trial, rows: pl.DataFrame) -> pl.DataFrame:
    """The records that have a time, as `Followed` holds them."""
    start = trial.adsl.select("subject", "TRTSDT")
    since = (pl.col("ADT") - pl.col("TRTSDT")).dt.total_days()
    known = rows.filter(pl.col("AVAL").is_not_null()).join(start, on="subject", how="left")
    timed = known.select(
        "subject",
        day="AVAL",
        status=1 - pl.col("CNSR"),
        description=pl.coalesce("EVNTDESC", "CNSDTDSC"),
        until=pl.coalesce(since, "AVAL"),
    )
    in_time = pl.col("until") <= last_day_of_study(trial.study)
    return timed.with_columns(early=(pl.col("status") == 1) & in_time).sort("day", "subject")


@dataclass(frozen=True)
class Standing:
    """Where the subjects stand towards the event up to Month 24: each in exactly one place."""

    event: frozenset[str]
    completed: frozenset[str]  # followed for it for 2 years from the infusion, without the event
    at_risk: frozenset[str]  # still followed: the event may yet come
    lost: frozenset[str]  # no longer followed for it, before 2 years and without the event
    unknown: frozenset[str]

    @property
    def settled(self) -> bool:
        """Whether every subject has had the event or has completed 2 years."""
        return not (self.at_risk or self.lost or self.unknown)


def standing(trial: Trial, found: Followed) -> Standing:
    """Where the subjects of an endpoint stand.

    Who died before Month 24 has not completed it, nor, for progression, has who was alive then and
    last assessed before the window of that visit: whether it progressed is not known.
    """
    everyone = found.people.everyone
    first = first_day_of_last_visit(trial.study)
    seen = frozenset(found.rows.filter(pl.col("until") >= first)["subject"])
    event = found.early & everyone
    unknown = frozenset(found.unknown) - event
    completed = (trial.flagged("COMP2YFL") & seen & everyone) - event - unknown
    ended = trial.adsl.filter(pl.col("EOSSTT").str.to_uppercase() != "ONGOING")["subject"]
    open_ = everyone - event - unknown - completed
    lost = open_ & frozenset(ended)
    return Standing(event, completed, open_ - lost, lost, unknown)


def curve(rows: pl.DataFrame, level: float, *, flip: bool = False) -> km.Survival:
    """The curve of some records; of follow-up where `flip`."""
    days, status = rows["day"].to_numpy(), rows["status"].to_numpy()
    return (km.reverse if flip else km.estimate_survival)(days, status, level=level)
