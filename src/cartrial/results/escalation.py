"""The escalation as it happened: each step of the dose, with what the design said on that day.

From `adam.retrace`, and the DLT status of each subject at the data cut (ADDL). The last line is
today: what the design says at the data cut.
"""

from typing import Any

import polars as pl

from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.retrace import Step, asked
from cartrial.dosing.decision import Recommendation
from cartrial.dosing.designs import DESIGNS
from cartrial.dosing.state import LETTERS, State
from cartrial.protocol.design import Design
from cartrial.protocol.study import Study
from cartrial.results.dlt import NO_RULE, NOT_COLLECTED
from cartrial.results.figures import DoseGiven, DoseStep
from cartrial.results.population import Trial
from cartrial.results.result import Figure
from cartrial.results.table import Drawn, Filled, Part, counted, listing, nothing, tidy

ID, TITLE = "escalation", "The escalation as it happened"
NOW, NOBODY = "now", "nobody"
NOTHING = "Nothing has happened: no decision on the dose, and nobody was infused."
NO_STEP = "No step is known: no decision on the dose, and no infusion with a date and a level."
Row = dict[str, Any]
COLUMNS = ("Known, and what the design said", "The committee", "Infused then")


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
        (f"{number}: {step.on}", _line(step, given.filter(pl.col("step") == number)))
        for number, step in enumerate(trial.steps, start=1)
    ]
    early = given.filter(pl.col("step").is_null() | (pl.col("step") == 0))
    return listing(
        ID,
        "escalation",
        TITLE,
        population=trial.infused.label,
        columns=COLUMNS,
        lines=[*lines, _today(trial)] if lines else [],
        none=NOTHING if given.is_empty() else NO_STEP,
        footnotes=(
            "Known: the trial on that day, with the data cut there: the subjects in the order of "
            f"infusion, after their dose level. {_letters()}; in brackets the days seen.",
            f"Said: by {DESIGNS[design.kind].name} and the rules of the study, on what was known.",
            _apart(trial),
            f"Infused before the first step, or on an unknown day: {', '.join(early['subject'])}."
            if lines and not early.is_empty()
            else "",
            "Infused then: subjects with their DLT status at the data cut.",
        ),
        source="ADDL, and decisions of the committee",
        of_subjects=False,
    )


def _line(step: Step, given: pl.DataFrame) -> tuple[str, ...]:
    return (
        _on(step.before, _said(step.said, step.why_not)),
        _decided(step),
        "; ".join(_status(row) for row in given.iter_rows(named=True)) or NOBODY,
    )


def _today(trial: Trial) -> tuple[str, tuple[str, ...]]:
    state, found, why_not = asked(trial.study, trial.adam)
    label = f"{NOW} {trial.adam.cutoff}" if trial.adam.cutoff else NOW
    return label, (_on(state, _said(found, why_not)), "Not decided yet", NOBODY)


def _on(state: State, said: str) -> str:
    """What the design said, after the trial on which it said so."""
    return f"{state.line} → {said}" if state.patients else f"{said[:1].upper()}{said[1:]}"


def _said(found: Recommendation | None, why_not: str) -> str:
    """A recommendation: where to, and why; or why there is none."""
    if found is None:
        return f"no dose: {why_not}"
    where = "wait" if found.wait else "stop" if found.level is None else f"level {found.level}"
    return f"{where}. {found.reason[:1].upper()}{found.reason[1:]}"


def _decided(step: Step) -> str:
    if not step.decision:
        return f"Not recorded; level {step.level} was infused"
    word = step.decision.capitalize()
    where = word if step.level is None else f"{word}: level {step.level}"
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


def _status(row: Row) -> str:
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
    infused = _infused(trial, given)
    steps = _steps(trial, infused)
    data = {
        "escalation_infused": tidy(DoseGiven, infused),
        "escalation_steps": tidy(DoseStep, steps),
    }
    figure = Figure(
        "escalation",
        "escalation",
        "escalation",
        "Dose level and DLT of each subject",
        trial.infused.label,
        x="Subject, in the order of infusion",
        y="Dose level",
        data=tuple(data) if infused else (),
        footnotes=(
            "A point is a subject at the level given, with its DLT status at the data cut. The "
            "line is the level in force; a number is a step of the table, d8 the day of a DLT.",
        ),
        empty="" if infused else "Nobody was infused on a known day.",
    )
    return Drawn(figure, data if infused else {})


def _infused(trial: Trial, given: pl.DataFrame) -> list[Row]:
    known = given.drop_nulls(["TRTSDT", "DOSELVL"])
    return [
        {
            "subject": row["subject"],
            "order": order,
            "on": row["TRTSDT"],
            "level": row["DOSELVL"],
            "group": _name(trial.study, row["DOSELVL"]),
            "status": row["DLTSTAT"],
            "words": _status(row).removeprefix(f"{row['subject']} "),
            "reason": row["DLTREAS"],
        }
        for order, row in enumerate(known.iter_rows(named=True), start=1)
    ]


def _steps(trial: Trial, infused: list[Row]) -> list[Row]:
    """Each step from its place among the infused to that of the next."""
    days = [row["on"] for row in infused]
    places = [sum(day < step.on for day in days) + 0.5 for step in trial.steps]
    ends = [*places, len(days) + 0.5][1:]
    return [
        {
            "number": number,
            "place": place,
            "until": end,
            "level": step.level,
            "label": None if place in places[number:] else _numbers(places, place),
            "on": step.on,
            "decision": step.decision or "not recorded",
            "said": _said(step.said, step.why_not),
        }
        for number, (step, place, end) in enumerate(
            zip(trial.steps, places, ends, strict=True), start=1
        )
    ]


def _numbers(places: list[float], place: float) -> str:
    """The numbers of the steps in a place."""
    return ", ".join(f"{n}" for n, other in enumerate(places, start=1) if other == place)


def _name(study: Study, level: int) -> str:
    known = level <= len(study.doses.levels)
    return study.level_label(level) if known else f"level {level}"
