"""The design of the dose escalation: its decision table, what it does on average, and in words."""

from cartrial.results.decision_table import decision_table
from cartrial.results.operating import judgement_of, operating
from cartrial.results.population import Trial
from cartrial.results.protocol_text import protocol_text
from cartrial.results.table import Part


def dose_design(trial: Trial) -> tuple[Part, ...]:
    """What follows from the study file alone; nothing where it names no design."""
    study, design = trial.study, trial.study.design
    if design is None:
        return ()
    judgement = judgement_of(study, design)
    return (
        decision_table(study, design),
        *operating(study, design, judgement),
        protocol_text(study, design, judgement),
    )
