"""Bayesian monitoring of response and of treatment-related death: where the trial stands.

Reading: a subject counts for response once its response is known. For deaths it counts once it has
died within the window or was followed to its end; without a window every infused subject counts. A
death within it is due to the treatment when adjudicated so; one that awaits adjudication, and a
related one without a date, may be. A rule is held against what is certain and against what is
possible, and is open where the two differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from cartrial.adam.response.adrs import Adrs
from cartrial.estimate.monitoring import is_crossed
from cartrial.estimate.posterior import probability_above
from cartrial.protocol.monitoring import MonitoredEndpoint, MonitoringRule
from cartrial.results.flow import has_follow_up
from cartrial.results.monitoring_bounds import (
    METHOD,
    NAMES,
    behaviour,
    bounds,
    notes,
    said,
)
from cartrial.results.population import ALL, Trial
from cartrial.results.responders import awaiting_confirmation, in_use, is_judged
from cartrial.results.result import Headline
from cartrial.results.statistic import as_percent
from cartrial.results.table import PERCENT, Filled, Table, counted, nothing

State = Literal["met", "not met", "not assessable"]

TITLE = "Monitoring of response and of treatment-related death"
EVENTS: Mapping[MonitoredEndpoint, tuple[str, str, str]] = {  # certain; possible; if those count
    "response": (
        "Responders",
        "Response seen, may still be confirmed",
        "if these are confirmed",
    ),
    "treatment-related death": (
        "Died of the treatment",
        "Died, awaiting adjudication or without a date",
        "if these are due to the treatment",
    ),
}


@dataclass(frozen=True)
class Seen:
    """Who counts for a rule: those with the event for certain, and those who may have had it."""

    known: frozenset[str]
    certain: frozenset[str]
    possible: frozenset[str]

    @property
    def fewest(self) -> int:
        """Events that are certain."""
        return len(self.certain)

    @property
    def most(self) -> int:
        """Events if everything possible is one."""
        return len(self.certain | self.possible)


def monitoring(trial: Trial) -> tuple[Filled, ...]:
    """Where the trial stands, the bounds, and their behaviour; nothing without a rule."""
    study = trial.study
    if not study.monitoring:
        return ()
    most = study.subjects or len(trial.infused.everyone)
    if not most:
        why = "Not computed: the study file plans no number of subjects (`subjects`)."
        return (nothing("monitoring", "monitoring", TITLE, trial.infused.label, why),)
    return _standing(trial), bounds(study, most), behaviour(study, most)


def monitoring_lines(trial: Trial) -> tuple[Headline, ...]:
    """One line for each rule on the front page."""
    return tuple(_line(rule, seen_of(trial, rule)) for rule in trial.study.monitoring)


# ---------------------------------------------------------------- what was seen
def seen_of(trial: Trial, rule: MonitoringRule) -> Seen | None:
    """Who counts for a rule; None where its endpoint was not collected."""
    if rule.endpoint == "response":
        return _responses(trial) if trial.adam.has(Adrs) and is_judged(trial) else None
    return _deaths(trial, rule.within) if has_follow_up(trial) else None


def _responses(trial: Trial) -> Seen:
    _, found = in_use(trial)
    known = trial.infused.everyone - set(found.unknown)
    return Seen(known, found.yes & known, awaiting_confirmation(trial) & known)


def _deaths(trial: Trial, within: int | None) -> Seen:
    infused = trial.adsl.filter(pl.col("SAFFL") == "Y")
    day = (pl.col("DTHDT") - pl.col("TRTSDT")).dt.total_days()
    end = pl.lit(within, dtype=pl.Int64)
    died = (pl.col("DTHFL") == "Y").fill_null(False)
    asked = died & (day <= end).fill_null(True)
    adjudicated = (pl.col("DTHADJFL") == "Y").fill_null(False)
    related = (pl.col("DTHCARFL") == "Y").fill_null(False)
    dated = day.is_not_null() | pl.lit(within is None)
    certain = asked & adjudicated & related & dated
    possible = asked & (~adjudicated | related) & ~certain
    followed = pl.lit(within is None) | (pl.col("FUDUR") >= end).fill_null(False)

    def who(condition: pl.Expr) -> frozenset[str]:
        return frozenset(infused.filter(condition)["subject"])

    return Seen(who(asked | followed), who(certain), who(possible))


# ---------------------------------------------------------------- where the trial stands
def _standing(trial: Trial) -> Filled:
    people = trial.infused.only(ALL)
    table = Table("monitoring", people, source="ADRS, ADSL")
    for rule in trial.study.monitoring:
        events, maybe, condition = EVENTS[rule.endpoint]
        table.heading(f"{NAMES[rule.endpoint]}: {said(rule)}")
        seen = seen_of(trial, rule)
        if seen is None:
            table.missing("Subjects who count", "not collected", indent=1)
            continue
        table.count("Subjects who count", seen.known, cell="n", indent=1)
        table.count(events, seen.certain, of=seen.known, cell="n/N (%)", indent=1)
        table.count(maybe, seen.possible, of=seen.known, cell="n/N (%)", indent=1)
        label = f"Probability that the rate is above {as_percent(rule.limit)}"
        for words, x in (("", seen.fewest), (f", {condition}", seen.most)):
            if words and seen.most == seen.fewest:
                continue
            sure = 100 * probability_above(rule.limit, x=x, n=len(seen.known), prior=rule.prior)
            number = table.row(f"{label}{words}", "percent [interval]", indent=1)
            table.put(number, ALL, "percent", label, value=sure, unit=PERCENT, subjects=seen.known)
        number = table.row("Stop", "text", indent=1)
        _, sentence = verdict(rule, seen)
        table.put(number, ALL, "text", "Stop", text=sentence, subjects=seen.certain)
    return table.fill(
        "monitoring",
        TITLE,
        shown="The rules of the study file, held against the data at the cut. A committee decides.",
        method=(METHOD,),
        footnotes=notes(trial.study),
    )


def verdict(rule: MonitoringRule, seen: Seen) -> tuple[bool | None, str]:
    """Whether the rule stops the trial (null: it is open), and the sentence that says so."""
    n = len(seen.known)
    if n < rule.after:
        return False, f"not asked before {counted(rule.after, 'subject')}, {n} so far"
    stops = [is_crossed(rule, x=x, n=n) for x in (seen.fewest, seen.most)]
    if all(stops):
        return True, "yes, the bound is reached"
    if not any(stops):
        return False, "no, the bound is not reached"
    events = seen.most - seen.fewest
    if rule.stops_below:
        return None, f"yes, unless the {counted(events, 'response')} seen are confirmed"
    return None, f"only if the {counted(events, 'possible death')} are due to the treatment"


def _line(rule: MonitoringRule, seen: Seen | None) -> Headline:
    events, *_ = EVENTS[rule.endpoint]
    label = f"Monitoring bound, {NAMES[rule.endpoint].lower()}"
    if seen is None:
        return Headline("front", label, "Not collected.", "not assessable")
    met, sentence = verdict(rule, seen)
    number = f"{events} {seen.fewest} of {len(seen.known)}"
    number += f", possibly {seen.most}" if seen.most > seen.fewest else ""
    states: dict[bool | None, State] = {True: "met", False: "not met", None: "not assessable"}
    text = f"{number}. Stop: {sentence}."
    return Headline("front", label, text, states[met], tuple(sorted(seen.certain | seen.possible)))
