"""What is proposed as DLT, by whom, and where clauses, investigator and committee disagree.

    clauses against investigator    a clause is met and the event was not proposed; or it was
                                    proposed and no clause is met; or both, on different days
    proposal against committee      proposed and judged no DLT; or not proposed and judged DLT

Neither is wrong by itself: a disagreement is for a person to look at.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from cartrial.adam.dataset import Adam
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.dose_limiting.addlev import DLT_CLAUSE, Addlev
from cartrial.adam.toxicity import why_not_judged
from cartrial.protocol.clause import Clause
from cartrial.protocol.study import Study
from cartrial.results.pause import pause_rules
from cartrial.results.population import Trial, plain_case
from cartrial.results.result import Headline

INVESTIGATOR = {"Y": "DLT", "N": "no DLT", "U": "open", None: "not asked"}


@dataclass(frozen=True)
class DltEvent:
    """An event and a clause that it meets (Y) or may meet (U), or that somebody calls a DLT (N)."""

    subject: str
    number: int | None
    term: str
    clause: str
    clause_text: str
    verdict: str
    why: str
    onset: int | None
    met: int | None
    evidence: str
    investigator: str
    investigator_day: int | None
    committee: str | None
    agrees: str | None  # clauses with investigator: Y, N, or open
    committee_agrees: str | None


@dataclass(frozen=True)
class DltReview:
    """The DLT status of each infused subject, as ADDL, and what stands behind it."""

    study: Study
    adam: Adam
    statuses: pl.DataFrame
    events: tuple[DltEvent, ...]
    apart: tuple[tuple[DltEvent, str], ...]
    pauses: tuple[Headline, ...]
    unjudged: tuple[tuple[Clause, str], ...]  # active clauses held against nothing, and why


def review_dlt(study: Study, adam: Adam) -> DltReview:
    """The DLT status of everybody, by the level at which they count, with its evidence."""
    trial = Trial(study, adam)
    level = pl.coalesce("EVALLVL", "DOSELVL")
    return DltReview(
        study,
        adam,
        trial.frame(Addl).sort(level, "subject", nulls_last=True),
        tuple(event for event in dlt_events(trial) if event.clause),
        disagreements(trial),
        pause_rules(trial),
        tuple(_unjudged(study, adam)),
    )


def _unjudged(study: Study, adam: Adam) -> Iterator[tuple[Clause, str]]:
    clauses = study.dlt.clauses if study.dlt is not None else ()
    for clause in clauses:
        why = why_not_judged(clause, study, adam) if clause.active else ""
        if why:
            yield clause, why


def dlt_events(trial: Trial) -> tuple[DltEvent, ...]:
    """The records of ADDLEV on DLT clauses, by subject and day."""
    rows = trial.frame(Addlev).filter(pl.col("RULETYP") == DLT_CLAUSE)
    ordered = rows.sort("subject", "BEGDAY", "METDAY", "ASEQ", nulls_last=True)
    named = ordered.with_columns(AEDECOD=pl.Series(plain_case(ordered["AEDECOD"]), dtype=pl.String))
    return tuple(
        DltEvent(
            subject=row["subject"],
            number=row["AENO"],
            term=row["AEDECOD"] or "not coded",
            clause=row["CLAUSE"] or "",
            clause_text=row["CLAUSTXT"] or "no clause is met",
            verdict=row["VERDICT"],
            why=row["WHYOPEN"] or "",
            onset=row["ASTDAY"],
            met=row["METDAY"],
            evidence=row["EVIDENCE"] or "",
            investigator=INVESTIGATOR[row["AEDLT"]],
            investigator_day=row["INVDAY"],
            committee=row["DLTADJ"],
            agrees=row["AGREEFL"],
            committee_agrees=row["ADJAGRFL"],
        )
        for row in named.iter_rows(named=True)
    )


def disagreements(trial: Trial) -> tuple[tuple[DltEvent, str], ...]:
    """Each disagreement in words, with its event; one on an event as a whole stands once."""
    found: dict[tuple[str, str, int | None, str], tuple[DltEvent, str]] = {}
    for event in dlt_events(trial):
        for what in _apart(event):
            found.setdefault((event.subject, event.term, event.number, what), (event, what))
    return tuple(found.values())


def _apart(event: DltEvent) -> Iterator[str]:
    if event.agrees == "N" and event.verdict == "Y":
        yield f"clause {event.clause} is met, the investigator did not propose it"
    elif event.agrees == "N":
        yield "proposed by the investigator, no clause is met"
    elif _on_other_days(event):
        yield (
            f"clause {event.clause} is met on day {event.met}, "
            f"by the investigator on day {event.investigator_day}"
        )
    if event.committee_agrees == "N":
        proposed = event.verdict == "Y" or event.investigator == "DLT"
        said = "proposed as DLT" if proposed else "not proposed"
        yield f"{said}, adjudicated as {event.committee}"


def _on_other_days(event: DltEvent) -> bool:
    known = event.met is not None and event.investigator_day is not None
    return event.verdict == "Y" and known and event.met != event.investigator_day
