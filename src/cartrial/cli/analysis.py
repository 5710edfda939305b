"""From a trial's data to its analysis datasets, and what is said of findings on the way.

Reading: the trial's own forms are held to their declarations, and an error in them stops an
analysis. SDTM may come from any system: what breaks the guide there is told, and the analysis goes
on with what is left.
"""

import datetime as dt

import typer

from cartrial import pipeline
from cartrial import schema as s
from cartrial.adam.dataset import Adam
from cartrial.cli.trial import REMEDY, Trial
from cartrial.errors import DataError
from cartrial.sdtm.domain import Sdtm

SHOWN = 20  # findings that are written out before the rest is counted


def analysed(trial: Trial, cutoff: dt.datetime | None) -> tuple[Sdtm, Adam]:
    """The trial's SDTM and ADaM; errors in its forms stop here, all of them named."""
    if trial.forms is not None:
        _stop_at_errors(trial.findings)
        sdtm = pipeline.tabulate(trial.study, trial.forms)
    elif trial.sdtm is not None:
        sdtm = trial.sdtm
    else:
        raise DataError(f"data must be given, got a study file alone. {REMEDY}")
    return sdtm, pipeline.derive(trial.study, sdtm, cutoff.date() if cutoff else None)


def tell(findings: tuple[s.Finding, ...]) -> None:
    """Findings that did not stop the command, summed up on standard error."""
    if findings:
        told = s.summary(findings)
        typer.echo(f"cartrial: {len(findings)} finding{'s'[: len(findings) > 1]}: {told}", err=True)


def _stop_at_errors(findings: tuple[s.Finding, ...]) -> None:
    faults = s.errors(findings)
    if len(faults) == 1:
        raise DataError(str(faults[0]))
    if faults:
        lines = [str(fault) for fault in faults[:SHOWN]]
        if len(faults) > SHOWN:
            lines.append(f"and {len(faults) - SHOWN} more. `cartrial check` lists all")
        told = "\n  ".join(lines)
        raise DataError(f"the forms must be free of errors, got {len(faults)}:\n  {told}")
