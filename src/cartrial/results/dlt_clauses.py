"""DLT clauses in the report: how many events meet each, the evidence, and who disagrees.

A clause is held against every toxicity of an infused subject (ADDLEV). What it meets is proposed,
beside what the investigator proposes; the committee decides.
"""

from cartrial.adam.toxicity import why_not_judged
from cartrial.protocol.study import Dlt
from cartrial.results.dlt_review import DltEvent, disagreements, dlt_events
from cartrial.results.population import Trial
from cartrial.results.table import Filled, Table, listing

OPEN = "open"


def clause_outputs(trial: Trial, rule: Dlt) -> tuple[Filled, ...]:
    """The counts of each clause, the events behind them, and the disagreements."""
    if not rule.clauses:
        return ()
    events = dlt_events(trial)
    return _counts(trial, rule, events), _listing(trial, events), _apart(trial)


def _counts(trial: Trial, rule: Dlt, events: tuple[DltEvent, ...]) -> Filled:
    table = Table("dlt_clauses", trial.infused, source="ADDLEV where RULETYP = DLT CLAUSE")
    for clause in rule.clauses:
        if not clause.active:
            continue
        unjudged = why_not_judged(clause, trial.study, trial.adam)
        if unjudged:
            table.missing(clause.name, unjudged, cell="events (subjects)")
            continue
        mine = [event for event in events if event.clause == clause.id]
        table.events(clause.name, [e.subject for e in mine if e.verdict == "Y"])
        open_ = [event.subject for event in mine if event.verdict == "U"]
        if open_:
            table.events("Not settled yet", open_, indent=1)
    off = [clause.name for clause in rule.clauses if not clause.active]
    return table.fill(
        "dlt",
        "DLT clauses: events that meet them",
        shown="Events (subjects) by clause; an event may meet several.",
        footnotes=(
            "The clauses propose; a proposed event counts as DLT until the committee has judged "
            "it.",
            f"Switched off in the study file: {'; '.join(off)}." if off else "",
        ),
    )


def _listing(trial: Trial, events: tuple[DltEvent, ...]) -> Filled:
    return listing(
        "dlt_evidence",
        "dlt",
        "Events proposed as dose-limiting",
        population=trial.infused.label,
        columns=("Event", "Clause", "Onset", "Day met", "Evidence", "Investigator", "Committee"),
        lines=[
            (
                event.subject,
                (
                    event.term,
                    event.clause_text,
                    _day(event.onset),
                    _met(event),
                    event.evidence or "none",
                    event.investigator,
                    event.committee or "not yet",
                ),
            )
            for event in events
        ],
        none="No event is proposed as dose-limiting.",
        footnotes=(
            "Onset: of the event. Day met: of the clause, or why it cannot be settled yet.",
            "Evidence: the grades that decide. Day 0 is the infusion.",
        ),
        source="ADDLEV where RULETYP = DLT CLAUSE",
    )


def _apart(trial: Trial) -> Filled:
    return listing(
        "dlt_disagreements",
        "dlt",
        "DLT: clauses, investigator and committee disagree",
        population=trial.infused.label,
        columns=("Event", "Onset", "Disagreement"),
        lines=[
            (event.subject, (event.term, _day(event.onset), what))
            for event, what in disagreements(trial)
        ],
        none="Clauses, investigator and committee agree on every event.",
        footnotes=("A disagreement is for a person to look at; the committee's verdict counts.",),
        source="ADDLEV where AGREEFL = N or ADJAGRFL = N, or the days differ",
    )


def _met(event: DltEvent) -> str | None:
    if event.verdict == "U":
        return f"{OPEN}: {event.why}"
    return _day(event.met) if event.met is not None else "no clause" if not event.clause else None


def _day(day: int | None) -> str | None:
    return None if day is None else f"day {day}"
