"""Pause rules on the front page: each met, not met, or not assessable, with its subjects.

Reading: every adverse event of an infused subject that began or worsened after the infusion is
held against the rules, up to the data cut. A death that was adjudicated as related to the product
counts as an event of grade 5; a related event with a fatal outcome that nobody has adjudicated
leaves the grade unknown.
"""

from typing import Literal

import polars as pl

from cartrial.adam.adae import Adae
from cartrial.adam.addl import Addl
from cartrial.adam.state import dosing_state
from cartrial.dosing.dlt import Toxicity, ToxicityEvent
from cartrial.dosing.pause import PauseVerdict, pause_verdicts
from cartrial.dosing.state import State as Escalation
from cartrial.protocol.study import PauseRule
from cartrial.results.population import Trial
from cartrial.results.result import Headline

State = Literal["met", "not met", "not assessable"]
SYNDROMES: dict[str, Toxicity] = {"CRS": "CRS", "ICANS": "ICANS"}
FATAL = 5


def pause_rules(trial: Trial) -> tuple[Headline, ...]:
    """One line for each pause rule of the study."""
    rules, study = trial.study.pause_rules, trial.study
    target = None if study.design is None else study.design.target
    has_dlt = study.dlt is not None and trial.adam.has(Addl)
    state = (
        dosing_state(study, trial.adam) if has_dlt else Escalation(levels=len(study.doses.levels))
    )
    verdicts = pause_verdicts(rules, events(trial), state=state, target=target)
    return tuple(
        _line(rule, verdict, assessable=has_dlt if rule.toxicity == "DLT rate" else graded(trial))
        for rule, verdict in zip(rules, verdicts, strict=True)
    )


def graded(trial: Trial) -> bool:
    """Whether adverse events were collected."""
    return trial.adam.has(Adae)


def events(trial: Trial) -> dict[str, list[ToxicityEvent]]:
    """The toxicities of each infused subject as the rules see them."""
    found: dict[str, list[ToxicityEvent]] = {s: [] for s in sorted(trial.infused.everyone)}
    rows = trial.frame(Adae).filter(pl.col("TRTEMFL") == "Y")
    for row in rows.sort("subject", "ASEQ").iter_rows(named=True):
        if row["subject"] in found:
            found[row["subject"]].append(_event(row))
    related = trial.adsl.filter((pl.col("SAFFL") == "Y") & (pl.col("DTHCARFL") == "Y"))
    for subject, number in related.select("subject", "DTHAENO").iter_rows():
        found[subject].append(ToxicityEvent(number or 0, "other", FATAL, True, None))
    return found


def _event(row: dict[str, object]) -> ToxicityEvent:
    grade, onset = row["ATOXGRN"], row["ASTDAY"]
    fatal = str(row["AEOUT"] or "").upper() == "FATAL"
    number = row["AENO"] or row["AESEQ"]
    return ToxicityEvent(
        number=number if isinstance(number, int) else 0,
        toxicity=SYNDROMES.get(str(row["AECAT"]), "other"),
        grade=None if fatal and grade != FATAL else _whole(grade),
        related=row["ARELFL"] == "Y",
        onset=_whole(onset),
    )


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _line(rule: PauseRule, verdict: PauseVerdict, *, assessable: bool) -> Headline:
    if not assessable:
        said = "The events it counts were not collected."
        return Headline("front", rule.name, said, "not assessable")
    states: dict[bool | None, State] = {True: "met", False: "not met", None: "not assessable"}
    state = states[verdict.met]
    reason = verdict.sentence.partition(": ")[2] or verdict.sentence  # the state stands before it
    sentence = f"{reason[:1].upper()}{reason[1:]}."
    return Headline("front", rule.name, sentence, state, verdict.subjects)
