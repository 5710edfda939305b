"""What a proposal freezes: the decision record, the follow-up of each subject, the table, the head.

The record is the text that `cartrial dose next --record` writes, so that `--replay` makes it again.
Its SHA-256 is what both people have read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from cartrial.capture.dose.known import Known, known_of
from cartrial.capture.ledger.read import Head
from cartrial.capture.trail.verify_trail import sha256
from cartrial.dosing.conduct.record import DecisionRecord, read_record
from cartrial.dosing.decision_table.rule import limits, ranges, rows_of, rule_of
from cartrial.dosing.state import Patient
from cartrial.forms.catalogue import Forms
from cartrial.forms.conduct import DoseDecision
from cartrial.protocol.study import Study

ESCALATE, STAY, DEESCALATE, STOP, WAIT = "escalate", "stay", "de-escalate", "stop", "wait"
MOST = 18  # patients in a decision table where the study plans no number
STUDY = ("study", "study_sha256", "design", "dlt", "rules")
FORM = "dose_decision"


def frozen(record: DecisionRecord, entry: Head, head: Head) -> dict[str, Any]:
    """The content that a proposal holds of the record; texts, lists and mappings only."""
    text = record.as_text()
    return {
        "record": text,
        "sha256": sha256(text),
        "head": f"{head.seq}:{head.hash}",
        "data": f"{entry.seq}:{entry.hash}",
        "follow_up": [list(one) for one in follow_up(record)],
        "table": [list(row) for row in table_of(record)],
    }


def thawed(text: str) -> DecisionRecord:
    """The record of a frozen text."""
    return read_record(text, place="frozen record")


def follow_up(record: DecisionRecord) -> Iterator[tuple[str, str, str, str, str]]:
    """Each subject, its level, status, documented days, and the part of the window behind it."""
    window = record.dlt.window if record.dlt else 0
    for patient in record.state.patients:
        part = min(patient.followed / window, 1.0) if window else 0.0
        days = str(patient.followed)
        yield patient.subject, str(patient.level), patient.status, days, f"{part:.3f}"


def table_of(record: DecisionRecord) -> Iterator[tuple[str, str, str, str]]:
    """The decision table: patients, most DLTs to escalate, fewest to de-escalate, and to bar."""
    rule = rule_of(record.design)
    if rule is None:
        return
    for treated in rows_of(record.design, most=record.state.planned or MOST):
        row = limits(ranges(rule, treated=treated))
        cells = (row.escalate, row.deescalate, row.eliminate)
        escalate, down, bar = ("" if cell is None else str(cell) for cell in cells)
        yield str(treated), escalate, down, bar


def recommended(record: DecisionRecord) -> tuple[str, int | None]:
    """What the design recommends as a decision: its word and level; a wait has no level."""
    found = record.recommendation
    if found.wait:
        return WAIT, None
    return word(record.state.current, found.level or 0), found.level or 0


def recommendation(study: Study, record: DecisionRecord) -> Mapping[str, Any]:
    """What is recommended, as a page says it: the move, the dose, how many subjects, and why."""
    what, level = recommended(record)
    return {
        "what": "start" if level and not record.state.current else what,
        "level": level or None,
        "label": study.level_label(level) if level else "",
        "places": _places(record),
        "reason": record.recommendation.reason,
    }


def _places(record: DecisionRecord) -> str:
    """How many subjects are to be treated, in words; empty where nobody is."""
    found = record.recommendation
    if not found.level:
        return ""
    if found.begun:
        return f"{found.places} to complete a cohort with {found.begun} in it"
    return f"{found.places} in a new cohort"


def word(from_level: int, to_level: int) -> str:
    """The decision that leads from one level to another; 0 is no level, and the end."""
    if not to_level:
        return STOP
    if to_level == from_level:
        return STAY
    return ESCALATE if to_level > from_level else DEESCALATE


def changed_since(kept: DecisionRecord, now: DecisionRecord) -> tuple[str, ...]:
    """What the recommendation rests on and is no longer as it was frozen, a line each."""
    before = {patient.subject: patient for patient in kept.state.patients}
    after = {patient.subject: patient for patient in now.state.patients}
    lines = [f"{name}: was {_said(before[name])}, is gone" for name in before.keys() - after.keys()]
    for name, patient in after.items():
        if name not in before:
            lines.append(f"{name}: new, {_said(patient)}")
        elif patient != before[name]:
            lines.append(f"{name}: was {_said(before[name])}, is {_said(patient)}")
    lines.sort()
    if (kept.state.decided, kept.state.ended) != (now.state.decided, now.state.ended):
        lines.append("the committee has decided since")
    if recommended(kept) != recommended(now):
        lines.append(f"the recommendation was {_asked(kept)}, is {_asked(now)}")
    if any(getattr(kept, part) != getattr(now, part) for part in STUDY):
        lines.append("the study file is another")
    return tuple(lines)


def _said(patient: Patient) -> str:
    met = f" on day {patient.met}" if patient.status == "DLT" and patient.met is not None else ""
    days = f", {patient.followed} days documented" if patient.open else ""
    return f"{patient.status}{met} at dose level {patient.level}{days}"


def _asked(record: DecisionRecord) -> str:
    what, level = recommended(record)
    return f"{what} (dose level {level})" if level else what


def as_known_then(known: Known, kept: DecisionRecord, number: int | None) -> Known:
    """What today's data say at the cut of a frozen record, before the decision made on it."""
    forms, day = _before(known.forms, number), kept.data_cut or known.day
    return known_of(known.study, known.study_sha256, forms, known.entry, day)


def _before(forms: Forms, number: int | None) -> Forms:
    """The forms without a decision and those after it."""
    if number is None or not forms.has(DoseDecision):
        return forms
    kept = forms.tables[FORM].filter(pl.col("number") < number)
    return replace(forms, tables={**forms.tables, FORM: kept})
