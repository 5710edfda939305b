"""Pause rules on the front page: each met, not met, or not assessable, with its subjects.

Reading: the rules are held against every toxicity from the infusion to the data cut (ADDLEV). A
death that was adjudicated as related to the product is of grade 5; a related event with a fatal
outcome that nobody has adjudicated leaves the grade unknown.
"""

from typing import Literal

import polars as pl

from cartrial.adam.dose_limiting.addl import Addl
from cartrial.adam.dose_limiting.addlev import PAUSE_RULE, Addlev
from cartrial.adam.state import seen_state
from cartrial.adam.toxicity import NOT_COLLECTED, why_not_judged
from cartrial.dosing.state import State as Escalation
from cartrial.dosing.toxicity.clauses import Answer
from cartrial.dosing.toxicity.pause import Answers, PauseVerdict, pause_verdicts
from cartrial.protocol.clause import PauseRule
from cartrial.results.population import Trial
from cartrial.results.result import Headline

State = Literal["met", "not met", "not assessable"]
VERDICTS: dict[str, Answer] = {"Y": "yes", "U": "open"}


def pause_rules(trial: Trial) -> tuple[Headline, ...]:
    """One line for each pause rule of the study."""
    rules, study = trial.study.pause_rules, trial.study
    target = getattr(study.design, "target", None)  # not every design has one
    has_dlt = study.dlt is not None and trial.adam.has(Addl)
    state = seen_state(study, trial.adam) if has_dlt else Escalation(levels=len(study.doses.levels))
    answers = [_answers(trial, rule) for rule in rules]
    verdicts = pause_verdicts(rules, answers, state=state, target=target)
    return tuple(
        _line(rule, verdict, _why_not_assessable(trial, rule))
        for rule, verdict in zip(rules, verdicts, strict=True)
    )


def _why_not_assessable(trial: Trial, rule: PauseRule) -> str:
    """Why nothing can be said of a rule; empty where something can."""
    if rule.toxicity == "DLT rate":
        judged = trial.study.dlt is not None and trial.adam.has(Addl)
        return "" if judged else NOT_COLLECTED
    why = why_not_judged(rule, trial.study, trial.adam)
    return why or ("" if trial.adam.has(Addlev) else NOT_COLLECTED)


def _answers(trial: Trial, rule: PauseRule) -> Answers:
    """Whether each infused subject meets a rule, by its toxicities."""
    mine = trial.frame(Addlev).filter(
        pl.col("RULETYP") == PAUSE_RULE, pl.col("CLAUSTXT") == rule.name
    )
    found: dict[str, Answer] = dict.fromkeys(sorted(trial.infused.everyone), "no")
    for verdict in ("U", "Y"):  # one that is met outranks one that is open
        who = mine.filter(pl.col("VERDICT") == verdict)["subject"]
        found |= dict.fromkeys((one for one in who if one in found), VERDICTS[verdict])
    return found


def _line(rule: PauseRule, verdict: PauseVerdict, unknown: str) -> Headline:
    if unknown:
        said = f"{unknown[:1].upper()}{unknown[1:]}."
        return Headline("front", rule.name, said, "not assessable")
    states: dict[bool | None, State] = {True: "met", False: "not met", None: "not assessable"}
    state = states[verdict.met]
    reason = verdict.sentence.partition(": ")[2] or verdict.sentence  # the state stands before it
    sentence = f"{reason[:1].upper()}{reason[1:]}."
    return Headline("front", rule.name, sentence, state, verdict.subjects)
