"""`cartrial dose table`: what a design decides, for every outcome at a dose."""

import json
from collections.abc import Iterator
from typing import Any

import typer

from cartrial.cli.dose.asked import (
    Cohort,
    DesignKind,
    MaxSubjects,
    StudyFile,
    Target,
    design_of,
    name_of,
    overrides,
    study_of,
    subjects_of,
)
from cartrial.cli.trial import AsJson
from cartrial.dosing.decision import Decision
from cartrial.dosing.decision_table.pending import WORDS, PendingRow, pending_rows
from cartrial.dosing.decision_table.rule import Range, limits, ranges, rows_of, rule_of
from cartrial.dosing.design import boin
from cartrial.dosing.designs import target_of
from cartrial.errors import RuleError
from cartrial.protocol.design import Design, OptimalInterval

ORDER = (Decision.ESCALATE, Decision.STAY, Decision.DEESCALATE, Decision.ELIMINATE)
LETTERS = dict(zip(ORDER, "ESDU", strict=True))
Rows = dict[int, dict[Decision, Range]]


def table(
    study: StudyFile = None,
    design: DesignKind = None,
    target: Target = None,
    cohort: Cohort = None,
    max_subjects: MaxSubjects = None,
    as_json: AsJson = False,
) -> None:
    """Print the decision table of a design.

    A row for each number of patients at a dose, and the DLTs among them with which the dose goes
    up, stays, goes down, or is barred with all above it. A time-to-event design has a second table,
    with patients in the window.
    """
    asked = study_of(study, overrides(design, target, cohort, None, subjects=max_subjects))
    chosen, most = design_of(asked), subjects_of(asked)
    rule = rule_of(chosen)
    if rule is None:
        raise RuleError(
            f"decision table: the design must decide on one dose by itself, got {chosen.kind}. "
            "`cartrial dose paths` shows what it does"
        )
    rows = {n: ranges(rule, treated=n) for n in rows_of(chosen, most=most)}
    pending = pending_rows(chosen, most=most)
    if as_json:
        typer.echo(json.dumps(_as_data(chosen, rows, pending), ensure_ascii=False, indent=2))
        return
    for line in _lines(chosen, rows, pending):
        typer.echo(line)


def _lines(design: Design, rows: Rows, pending: tuple[PendingRow, ...]) -> Iterator[str]:
    target = target_of(design)
    yield name_of(design) + (f", target {target:g}" if target is not None else "")
    if isinstance(design, OptimalInterval):
        lower, upper = boin.boundaries(design)
        yield f"escalate at a DLT rate up to {lower:.3f}, de-escalate from {upper:.3f} on"
    yield ""
    yield "DLTs among the patients at a dose, nobody in the window"
    yield "patients" + "".join(f"{WORDS[decision]:>13}" for decision in ORDER)
    for n, found in rows.items():
        yield f"{n:8}" + "".join(f"{_shown(found.get(decision)):>13}" for decision in ORDER)
    if pending:
        yield ""
        yield "With patients in the window: the windows behind them, added up, may decide"
        yield "patients  DLTs  pending  decision"
    for row in pending:
        open_ = _shown(Range(row.pending, row.most))
        yield f"{row.treated:8}  {row.dlts:4}  {open_:>7}  {row.words}"


def _shown(found: Range | None) -> str:
    if found is None:
        return "-"
    return f"{found.fewest}" if found.fewest == found.most else f"{found.fewest}-{found.most}"


def _as_data(design: Design, rows: Rows, pending: tuple[PendingRow, ...]) -> dict[str, Any]:
    bounds = boin.boundaries(design) if isinstance(design, OptimalInterval) else None
    return {
        "design": design.kind,
        "target": target_of(design),
        "boundaries": bounds,
        "rows": [_row(n, found) for n, found in rows.items()],
        "pending": [
            {
                "treated": row.treated,
                "dlts": row.dlts,
                "pending": [row.pending, row.most],
                "decisions": [
                    {"from_windows": since, "decision": WORDS[decision]}
                    for since, decision in row.decisions
                ],
            }
            for row in pending
        ],
    }


def _row(treated: int, found: dict[Decision, Range]) -> dict[str, Any]:
    """A row by its limits, null for never, and by the letter of each number of DLTs."""
    letters = [
        LETTERS[decision]
        for dlts in range(treated + 1)
        for decision, (fewest, most) in found.items()
        if fewest <= dlts <= most
    ]
    return {"treated": treated, **limits(found)._asdict(), "decisions": "".join(letters)}
