"""The escalation as it happened: each step of the dose, with what the design said on that day.

From `adam.retrace`, and the DLT status of each subject at the data cut (ADDL). The last line is
today: what the design says at the data cut.
"""

import datetime as dt
from collections.abc import Sequence

import polars as pl

from cartrial.adam.addl import Addl
from cartrial.adam.retrace import Step
from cartrial.adam.state import dosing_state
from cartrial.dosing.conduct import recommend
from cartrial.dosing.decision import Recommendation
from cartrial.dosing.designs import DESIGNS
from cartrial.dosing.state import LETTERS
from cartrial.protocol.design import Design
from cartrial.protocol.study import Study
from cartrial.results.dlt import NO_RULE, NOT_COLLECTED
from cartrial.results.figures import DoseGiven, DoseStep
from cartrial.results.population import Trial
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, Filled, Part, counted, listing, nothing, tidy

ID, TITLE = "escalation", "The escalation as it happened"
NOW, NOBODY = "now", "nobody"
COLUMNS = ("Date", "Known on the day", "The design", "The committee", "Infused then")


def escalation(trial: Trial) -> tuple[Part, ...]:
    """The steps with the subjects infused after each, and their figure."""
    study = trial.study
    if study.design is None:
        return ()
    if study.dlt is None or not trial.adam.has(Addl):
        why = NO_RULE if study.dlt is None else NOT_COLLECTED
        return (nothing(ID, "escalation", TITLE, "", why),)
    given = _given(trial)
    return _listing(trial, study.design, given), _figure(trial, given)


def _given(trial: Trial) -> pl.DataFrame:
    """The infused subjects in the order of infusion, with the step after which each was infused."""
    when = trial.adsl.select("subject", "TRTSDT", "TRTSDTM")
    rows = trial.frame(Addl).join(when, on="subject")
    ordered = rows.sort("TRTSDT", "TRTSDTM", "subject", nulls_last=True)
    starts = [step.on for step in trial.steps]
    after = [
        None if on is None else sum(start <= on for start in starts) for on in ordered["TRTSDT"]
    ]
    return ordered.with_columns(step=pl.Series(after, dtype=pl.Int64))


# ---------------------------------------------------------------- listing
def _listing(trial: Trial, design: Design, given: pl.DataFrame) -> Filled:
    lines = [
        (f"{number}", _line(trial.study, step, given.filter(pl.col("step") == number)))
        for number, step in enumerate(trial.steps, start=1)
    ]
    early = given.filter(pl.col("step").is_null() | (pl.col("step") == 0))
    return listing(
        ID,
        "escalation",
        TITLE,
        population=trial.infused.label,
        columns=COLUMNS,
        lines=[*lines, (NOW, _today(trial, design))] if lines else [],
        none="Nothing has happened: no decision on the dose, and nobody was infused.",
        footnotes=(
            "Known on the day: the subjects in the order of infusion, after their dose level. "
            f"{_letters()}. In brackets: the days seen.",
            f"The design: what {DESIGNS[design.kind].name} and the rules of the study said on "
            "what was known then, with the data cut at that day.",
            _apart(trial),
            f"Infused before the first step, or on an unknown day: {', '.join(early['subject'])}."
            if lines and not early.is_empty()
            else "",
            "Infused then: subjects with their DLT status at the data cut.",
        ),
        source="ADDL, and decisions of the committee",
        of_subjects=False,
    )


def _line(study: Study, step: Step, given: pl.DataFrame) -> tuple[str, ...]:
    said = step.why_not if step.said is None else _said(study, step.said)
    return (
        f"{step.on}",
        step.before.line or NOBODY,
        said,
        _decided(study, step),
        "; ".join(_status(row) for row in given.iter_rows(named=True)) or NOBODY,
    )


def _today(trial: Trial, design: Design) -> tuple[str, ...]:
    study, state = trial.study, dosing_state(trial.study, trial.adam)
    found = recommend(design, study.dlt, state, study.rules)
    cut = f"{trial.adam.cutoff}" if trial.adam.cutoff else "no data cut"
    return cut, state.line or NOBODY, _said(study, found), "not decided yet", NOBODY


def _said(study: Study, found: Recommendation) -> str:
    """A recommendation: where to, and why."""
    where = "Wait" if found.wait else "Stop" if found.level is None else _level(study, found.level)
    return f"{where}: {found.reason}"


def _level(study: Study, level: int) -> str:
    return f"Level {level} ({study.level_label(level)})"


def _decided(study: Study, step: Step) -> str:
    if not step.decision:
        where = "" if step.level is None else f"; {_level(study, step.level)} was infused"
        return f"Not recorded{where}"
    word = step.decision.capitalize()
    where = word if step.level is None else f"{word}: {_level(study, step.level)}"
    return f"{where}. Other than the design" if differs(step) else where


def differs(step: Step) -> bool:
    """Whether the step went elsewhere than the design said."""
    return step.said is not None and (step.said.wait or step.said.level != step.level)


def _apart(trial: Trial) -> str:
    if not trial.steps:
        return ""
    apart = sum(differs(step) for step in trial.steps)
    steps = counted(len(trial.steps), "step")
    return f"{apart} of {steps} went elsewhere than the design said."


def _status(row: dict[str, object]) -> str:
    """A subject with its status: a DLT with its day, a pending one with its days."""
    status = f"{row['DLTSTAT']}"
    if status == "DLT" and row["DLTDAY"] is not None:
        status = f"DLT on day {row['DLTDAY']}"
    elif status == "pending":
        status = f"pending, {row['DLTFUP'] or 0} days"
    return f"{row['subject']} {status}"


def _letters() -> str:
    return ", ".join(f"{letter} {status}" for letter, status in LETTERS.items())


# ---------------------------------------------------------------- figure
def _figure(trial: Trial, given: pl.DataFrame) -> Drawn:
    infused, steps = _infused(trial, given), _steps(trial, given)
    data = {
        "escalation_infused": tidy(DoseGiven, infused),
        "escalation_steps": tidy(DoseStep, steps),
    }
    figure = Figure(
        "escalation",
        "escalation",
        "escalation",
        "Dose level and DLT of each subject over time",
        trial.infused.label,
        x="Date of infusion",
        y="Dose level",
        data=tuple(data) if infused else (),
        footnotes=(
            "A point is a subject on the day of its infusion, at the level given, with its DLT "
            "status at the data cut. The line is the level in force; a number is a step of the "
            "table.",
        ),
        empty="" if infused else "Nobody was infused on a known day.",
    )
    return Drawn(figure, data if infused else {})


def _infused(trial: Trial, given: pl.DataFrame) -> list[dict[str, object]]:
    known = given.drop_nulls(["TRTSDT", "DOSELVL"])
    return [
        {
            "subject": row["subject"],
            "on": row["TRTSDT"],
            "level": row["DOSELVL"],
            "group": _name(trial.study, row["DOSELVL"]),
            "status": row["DLTSTAT"],
            "words": _status(row).removeprefix(f"{row['subject']} "),
            "reason": row["DLTREAS"],
        }
        for row in known.iter_rows(named=True)
    ]


def _steps(trial: Trial, given: pl.DataFrame) -> list[dict[str, object]]:
    """Each step until the next one, the last until the data cut, or the last infusion."""
    dates = [on for on in (*given["TRTSDT"].drop_nulls(), trial.adam.cutoff) if on is not None]
    ends = _ends(trial.steps, max(dates, default=None))
    return [
        {
            "number": number,
            "from_on": step.on,
            "to_on": end,
            "level": step.level,
            "decision": step.decision or "not recorded",
            "said": step.why_not if step.said is None else _said(trial.study, step.said),
        }
        for number, (step, end) in enumerate(zip(trial.steps, ends, strict=True), start=1)
    ]


def _ends(steps: Sequence[Step], last: dt.date | None) -> list[dt.date]:
    return [*(step.on for step in steps[1:]), *(max(last or s.on, s.on) for s in steps[-1:])]


def _name(study: Study, level: int) -> str:
    known = level <= len(study.doses.levels)
    return study.level_label(level) if known else f"level {level}"
