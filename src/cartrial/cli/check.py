"""`cartrial check`: every finding in a trial's data, with table, row, rule and remedy."""

import json

import typer

from cartrial import schema as s
from cartrial.cli.analysis import analysed
from cartrial.cli.count import counted
from cartrial.cli.progress import doing
from cartrial.cli.trial import AsJson, FormsFolder, SdtmFolder, StudyPlace, read_trial
from cartrial.trial import Trial


def check(
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    as_json: AsJson = False,
) -> None:
    """Check a trial's data against their declarations and the study.

    Prints one line for each finding: its severity, then table, row, rule, value and remedy. Exit
    code 0: no error (there may be warnings); 1: errors; 10 or 11: the study file or the data could
    not be read at all.
    """
    with doing("checking"):
        trial = read_trial(study, forms, sdtm)
        findings = _all_findings(trial)
    faults = s.errors(findings)
    if as_json:
        told = {
            "study": trial.study.id,
            "errors": len(faults),
            "warnings": len(findings) - len(faults),
            "findings": [finding.as_dict() for finding in findings],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{finding.severity:7}  {finding}")
        typer.echo(_summed_up(trial, len(faults), len(findings) - len(faults)))
    if faults:
        raise typer.Exit(1)


def _all_findings(trial: Trial) -> tuple[s.Finding, ...]:
    """What was found on reading and, where nothing stops them, in SDTM and ADaM made of it."""
    stopped = trial.forms is not None and s.errors(trial.findings)
    alone = trial.forms is None and trial.sdtm is None
    return trial.findings if stopped or alone else analysed(trial, None).findings


def _summed_up(trial: Trial, errors: int, warnings: int) -> str:
    source = trial.forms or trial.sdtm
    if source is None:
        return f"{trial.study.id}: the study file is in order; no data were given"
    kind = "form" if trial.forms else "domain"
    return (
        f"{trial.study.id}: {counted(len(source.tables), kind, none='no')}, "
        f"{counted(errors, 'error', none='no')}, {counted(warnings, 'warning', none='no')}"
    )
