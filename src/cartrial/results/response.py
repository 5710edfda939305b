"""Objective response rate (ORR): who has a partial response or better, of all infused.

The registered denominator is all infused subjects, those not yet assessed included; the
leukapheresed and the response-evaluable stand beside it, and confirmed beside unconfirmed.

Source: Clopper & Pearson 1934, Biometrika 26:404-413. doi:10.1093/biomet/26.4.404 (interval)
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from cartrial.adam.adrs import Adrs
from cartrial.results.flow import enrolled
from cartrial.results.population import Population, Trial
from cartrial.results.result import Group
from cartrial.results.table import Filled, Table, nothing

NOT_COLLECTED = "Not collected: response (no RS data)."
CATEGORIES = ("sCR", "CR", "VGPR", "PR", "MR", "SD", "PD", "NE")
AT_LEAST = (("CR or better", ("sCR", "CR")), ("VGPR or better", ("sCR", "CR", "VGPR")))
NOT_YET = "Not yet assessed"
AS_REPORTED = "as reported"
CRITERIA = {
    "IMWG-2016": "IMWG 2016 criteria (Kumar 2016, doi:10.1016/S1470-2045(16)30206-6)",
    "other": "the criteria named in the study file",
}
TITLE = "Objective response rate (partial response or better)"


@dataclass(frozen=True)
class Responders:
    """Who responded and who is not yet assessed, by the investigator; best response of each."""

    yes: frozenset[str]
    unknown: Mapping[str, str]  # why
    best: Mapping[str, str]
    since: Mapping[str, dt.date]  # the first assessment that shows the response


def orr(trial: Trial) -> tuple[Filled, ...]:
    """The rates, and the best response of each subject."""
    if not trial.adam.has(Adrs):
        return (nothing("orr", "orr", TITLE, trial.infused.label, NOT_COLLECTED),)
    return _rates(trial), _best(trial)


def responders(trial: Trial, *, confirmed: bool) -> Responders:
    """The response of the infused subjects, confirmed or not."""
    letter = "C" if confirmed else "U"
    rows = trial.frame(Adrs).filter(pl.col("subject").is_in(list(trial.infused.everyone)))
    judged = rows.filter(pl.col("PARAMCD") == f"{letter}RSP")
    best = rows.filter((pl.col("PARAMCD") == f"{letter}BOR") & pl.col("AVALC").is_not_null())
    known = judged.filter(pl.col("AVAL").is_not_null())["subject"].to_list()
    unknown = {subject: NOT_YET.lower() for subject in trial.infused.everyone - set(known)}
    reasons = judged.filter(pl.col("AVAL").is_null() & pl.col("WHYMISS").is_not_null())
    return Responders(
        yes=frozenset(judged.filter(pl.col("AVAL") == 1)["subject"]),
        unknown=unknown | dict(reasons.select("subject", "WHYMISS").iter_rows()),
        best=dict(best.select("subject", "AVALC").iter_rows()),
        since={
            subject: on
            for subject, on in judged.filter(pl.col("AVAL") == 1)
            .select("subject", "ADT")
            .iter_rows()
            if on is not None
        },
    )


def in_use(trial: Trial) -> tuple[str, Responders]:
    """The responders of the primary analysis, and in a word how they are judged."""
    confirmed = trial.study.endpoints.confirmed_response
    if not by_visit(trial):
        return AS_REPORTED, responders(trial, confirmed=confirmed)
    return ("confirmed" if confirmed else "unconfirmed"), responders(trial, confirmed=confirmed)


def by_visit(trial: Trial) -> bool:
    """Whether responses were recorded by visit, so that they can be seen to be confirmed."""
    return "OVR" in trial.adam.of(Adrs)["PARAMCD"]


def awaiting_confirmation(trial: Trial) -> frozenset[str]:
    """Whose response was seen and is not confirmed; nobody where that is not asked."""
    word, primary = in_use(trial)
    if word != "confirmed":
        return frozenset()
    return responders(trial, confirmed=False).yes - primary.yes


def _others(trial: Trial, word: str) -> tuple[tuple[str, Responders], ...]:
    """The response judged the other way, where responses were recorded by visit."""
    if word == AS_REPORTED:
        return ()
    other = "unconfirmed" if word == "confirmed" else "confirmed"
    return ((other, responders(trial, confirmed=other == "confirmed")),)


def _people(trial: Trial) -> Population:
    """All subjects, in the groups that hold an infused or a leukapheresed one."""
    named = {column.name for column in trial.infused.columns}
    apheresed = trial.flagged("APHFL")
    columns = enrolled(trial).columns
    shown = tuple(c for c in columns if c.name in named or c.subjects & apheresed)
    return Population(trial.infused.label, shown)


def _rates(trial: Trial) -> Filled:
    word, primary = in_use(trial)
    people = _people(trial)
    table = Table("orr", people, source="ADRS")
    infused, level = trial.infused.everyone, trial.study.endpoints.level

    def rate(label: str, yes: frozenset[str], of: frozenset[str]) -> None:
        table.count(label, yes, of=of, cell="n/N (%) [interval]", level=level)

    rate(f"Response ({word}), of all infused (registered)", primary.yes, infused)
    table.count(f"{NOT_YET}, of all infused", primary.unknown, of=infused, cell="n/N (%)")
    for said, other in _others(trial, word):
        rate(f"Response ({said}), of all infused", other.yes, infused)
        if word == "confirmed":
            waiting = awaiting_confirmation(trial)
            table.count("Seen, not confirmed so far", waiting, of=infused, cell="n/N (%)", indent=1)
    evaluable, apheresed = trial.flagged("RSPEVLFL"), trial.flagged("APHFL")
    rate(f"Response ({word}), of the response-evaluable", primary.yes, evaluable)
    label = f"Response ({word}), of all leukapheresed (intention to treat)"
    if apheresed:
        rate(label, primary.yes, apheresed)
    else:
        table.missing(label, "not collected", cell="n/N (%) [interval]")
    return table.fill(
        "orr",
        TITLE,
        shown="Best response of the investigator up to the data cut: PR, VGPR, CR or sCR.",
        method=("Exact interval (Clopper-Pearson).",),
        footnotes=(
            f"Response by {CRITERIA[trial.study.standards.response]}.",
            "Subjects not yet assessed are in the registered denominator, and not responders yet.",
            _confirmed(word),
            "Leukapheresed: by the level assigned at the infusion; of those not infused, by the "
            "level planned."
            if apheresed
            else "",
        ),
        groups=[Group(c.name, c.label, len(c.subjects & infused)) for c in people.columns],
    )


def _confirmed(word: str) -> str:
    if word == AS_REPORTED:
        return "As reported: one best response of each subject, not recorded by visit."
    return (
        "Confirmed: the investigator says so at the assessment; or the next one that could be "
        "evaluated, not later than a new anti-myeloma therapy, shows a response too, which the "
        "investigator does not deny there: the lower of the two counts."
    )


def _best(trial: Trial) -> Filled:
    table = Table("best_response", trial.infused, source="ADRS where PARAMCD = CBOR or UBOR")
    word, primary = in_use(trial)
    for shown, found in ((word, primary), *_others(trial, word)):
        table.heading(f"Best response, {shown}")
        for category in CATEGORIES:
            who = [subject for subject, best in found.best.items() if best == category]
            table.count(category, who, indent=1, variable=f"Best response, {shown}")
        odd = {subject for subject, best in found.best.items() if best not in CATEGORIES}
        if odd:
            table.count("Other", odd, indent=1, variable=f"Best response, {shown}")
        missing = trial.infused.everyone - set(found.best)
        table.count(NOT_YET, missing, indent=1, variable=f"Best response, {shown}")
        for label, among in AT_LEAST:
            who = [subject for subject, best in found.best.items() if best in among]
            table.count(label, who, indent=1, variable=f"Best response, {shown}")
    return table.fill(
        "orr",
        "Best overall response",
        shown="The best response of each infused subject up to the data cut.",
        footnotes=(
            f"Response by {CRITERIA[trial.study.standards.response]}.",
            "sCR stringent complete response, CR complete, VGPR very good partial, PR partial, MR "
            "minimal, SD stable disease, PD progressive disease, NE not evaluable.",
        ),
    )
