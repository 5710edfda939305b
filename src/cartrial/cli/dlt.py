"""`cartrial dlt`: each subject's status in the DLT window, and the pause rules."""

import json
import textwrap
from collections.abc import Iterator
from typing import Any

import polars as pl
import typer

from cartrial import pipeline
from cartrial.adam.dose_limiting.addl import Addl
from cartrial.cli.analysis import analysed, tell
from cartrial.cli.progress import doing
from cartrial.cli.trial import (
    AsJson,
    Cutoff,
    FormsFolder,
    SdtmFolder,
    StudyPlace,
    read_trial,
)
from cartrial.errors import DataError, StudyError
from cartrial.results.dlt_review import DltEvent, DltReview

WIDTH = 80  # columns of the terminal
INDENT = " " * 4


def dlt(
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    as_json: AsJson = False,
) -> None:
    """Show each subject's status in the window of dose-limiting toxicity.

    One line for each infused subject: what the clauses of the study and the investigator propose,
    and what the committee decided; then where they disagree, and each pause rule.
    """
    with doing("deriving"):
        given = read_trial(study, forms, sdtm)
        if given.study.dlt is None:
            raise StudyError("study.yaml: dlt: must be given to judge DLT, got nothing")
        analysis = analysed(given, cutoff)
        if not analysis.adam.has(Addl):
            raise DataError("the data must tell of a DLT, got no events, visits or verdicts")
        review = pipeline.review_dlt(given.study, analysis.adam)
    tell(analysis.findings)
    if as_json:
        typer.echo(json.dumps(_as_data(review), ensure_ascii=False, indent=2))
        return
    for line in _lines(review):
        typer.echo(line)


# ---------------------------------------------------------------- for a person
def _lines(review: DltReview) -> Iterator[str]:
    yield from _statuses(review)
    if review.events:
        yield from ("", "Clauses that are met or cannot be settled yet")
        for event in review.events:
            yield from _event(event)
    if review.unjudged:
        yield from ("", "Clauses that nothing is held against")
        for clause, why in review.unjudged:
            yield from _wrapped(f"{clause.id}  {why}")
    if review.apart:
        yield from ("", "Disagreements")
        for event, what in review.apart:
            yield from _wrapped(f"{event.subject}  {event.term}: {what}")
    if review.pauses:
        yield from ("", "Pause rules")
        for rule in review.pauses:
            yield from _wrapped(f"{rule.state:7}  {rule.label}. {rule.sentence}")


def _statuses(review: DltReview) -> Iterator[str]:
    rows, adam = review.statuses, review.adam
    interim, window = rows["DLTINTDY"].drop_nulls(), rows["DLTWIN"].drop_nulls()
    first = f"to day {interim[0]}" if len(interim) else ""
    whole = f"to day {window[0]}" if len(window) else ""
    yield f"DLT at the data cut of {adam.cutoff}" if adam.cutoff else "DLT"
    yield ""
    if rows.is_empty():
        yield "No subject is infused yet."
        return
    width = _wide("subject", rows["subject"])
    early, late = _wide(first, rows["DLTINT"]), _wide(whole, rows["DLTSTAT"])
    yield f"{'subject':{width}}  level  {first:{early}}  {whole:{late}}  days  why"
    for row in rows.iter_rows(named=True):
        level = row["EVALLVL"] or row["DOSELVL"] or "?"
        head = (
            f"{row['subject']:{width}}  {level:>5}  {row['DLTINT'] or '':{early}}  "
            f"{row['DLTSTAT']:{late}}  {row['DLTFUP'] if row['DLTFUP'] is not None else '?':>4}  "
        )
        room = max(WIDTH - len(head), 20)
        first_line, *more = textwrap.wrap(_why(row), room) or [""]
        yield f"{head}{first_line}".rstrip()
        yield from (" " * len(head) + line for line in more)


def _wide(title: str, cells: pl.Series) -> int:
    return max(map(len, (title, *cells.drop_nulls())))


def _why(row: dict[str, Any]) -> str:
    if row["DLTSTAT"] != "DLT":
        return str(row["DLTREAS"])
    day = "day not known" if row["DLTDAY"] is None else f"day {row['DLTDAY']}"
    clause, reason = row["DLTCLAUS"], row["DLTREAS"]
    named = f" ({clause})" if clause and f"clause {clause}" not in reason else ""
    return f"{day}: {row['DLTTERM'] or 'no event named'}{named}, {reason}"


def _event(event: DltEvent) -> Iterator[str]:
    day = f"met on day {event.met}" if event.met is not None else "met, day not known"
    settled = day if event.verdict == "Y" else f"open: {event.why}"
    yield from _wrapped(f"{event.subject}  {event.clause}  {event.term}: {settled}")
    yield from _wrapped(event.evidence, indent=INDENT * 2)


def _wrapped(text: str, *, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent or INDENT)


# ---------------------------------------------------------------- for a program
def _as_data(review: DltReview) -> dict[str, Any]:
    cut = review.adam.cutoff
    return {
        "study": review.study.id,
        "cutoff": cut.isoformat() if cut else None,
        "subjects": [_subject(row) for row in review.statuses.iter_rows(named=True)],
        "clauses": [_as_record(event) for event in review.events],
        "not_judged": [{"clause": clause.id, "why": why} for clause, why in review.unjudged],
        "disagreements": [
            {"subject": event.subject, "event": event.number, "what": what}
            for event, what in review.apart
        ],
        "pause_rules": [
            {
                "rule": rule.label,
                "state": rule.state,
                "subjects": list(rule.subjects),
                "reason": rule.sentence,
            }
            for rule in review.pauses
        ],
    }


def _subject(row: dict[str, Any]) -> dict[str, Any]:
    names = {
        "level": "EVALLVL",
        "level_given": "DOSELVL",
        "status": "DLTSTAT",
        "interim": "DLTINT",
        "days": "DLTFUP",
        "reason": "DLTREAS",
        "day_met": "DLTDAY",
        "onset": "DLTONSDY",
        "clause": "DLTCLAUS",
        "event": "DLTAENO",
        "adjudication": "DLTADJ",
    }
    return {"subject": row["subject"]} | {name: row[column] for name, column in names.items()}


def _as_record(event: DltEvent) -> dict[str, Any]:
    return {
        "subject": event.subject,
        "event": event.number,
        "term": event.term,
        "clause": event.clause,
        "verdict": "met" if event.verdict == "Y" else "open",
        "onset": event.onset,
        "day_met": event.met,
        "why_open": event.why or None,
        "evidence": event.evidence,
        "investigator": event.investigator,
        "adjudication": event.committee,
    }
