"""`cartrial recommend`: the dose of the next cohort by the study's design."""

import json

import typer

from cartrial import pipeline
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


def recommend(
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    as_json: AsJson = False,
) -> None:
    """Recommend the dose of the next cohort.

    By the design of the study file and the DLT status of every subject at the data cut. It is a
    recommendation: the safety committee decides.
    """
    with doing("deriving"):
        trial = read_trial(study, forms, sdtm)
        analysis = analysed(trial, cutoff)
        advice = pipeline.recommend(trial.study, analysis.adam)
    tell(analysis.findings)
    label = trial.study.level_label(advice.level) if advice.level else None
    if as_json:
        told = {
            "study": trial.study.id,
            "cutoff": cut.isoformat() if (cut := analysis.adam.cutoff) else None,
            "level": advice.level,
            "dose": label,
            "wait": advice.wait,
            "reason": advice.reason,
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    said = "wait" if advice.wait else f"dose level {advice.level}: {label}" if label else "stop"
    typer.echo(f"{said}\t{advice.reason}")
