"""From a trial's data to its analysis datasets, and what is said of findings on the way.

Reading: the trial's own forms are held to their declarations, and an error in them stops an
analysis. SDTM may come from any system: what breaks the guide there is told, and the analysis goes
on with what is left.
"""

import datetime as dt
from dataclasses import dataclass

import typer

from cartrial import pipeline
from cartrial import schema as s
from cartrial.adam.cut import last_date
from cartrial.adam.dataset import Adam
from cartrial.adam.subject.adsl import Adsl
from cartrial.cli.count import counted
from cartrial.cli.trial import REMEDY, Trial
from cartrial.errors import DataError
from cartrial.sdtm.domain import Sdtm

SHOWN = 20  # findings that are written out before the rest is counted


@dataclass(frozen=True)
class Analysis:
    """A trial's SDTM and ADaM, and everything that was found in its data."""

    sdtm: Sdtm
    adam: Adam
    findings: tuple[s.Finding, ...]


def analysed(trial: Trial, cutoff: dt.datetime | None) -> Analysis:
    """The trial's analysis datasets; errors in its forms stop here, all of them named."""
    sdtm, before = tabulated(trial)
    adam = pipeline.derive(trial.study, sdtm, cutoff.date() if cutoff else None)
    cut = (*_late_dates(sdtm, adam.cutoff), *_nobody(adam, cutoff))
    return Analysis(sdtm, adam, (*before, *cut, *adam.findings))


def tabulated(trial: Trial) -> tuple[Sdtm, tuple[s.Finding, ...]]:
    """The trial's SDTM and what was found in its forms; errors in them stop here, all named."""
    if trial.forms is not None:
        _stop_at_errors(trial.findings)
        return pipeline.tabulate(trial.study, trial.forms), trial.findings
    if trial.sdtm is not None:
        return trial.sdtm, ()
    raise DataError(f"data must be given, got a study file alone. {REMEDY}")


def tell(findings: tuple[s.Finding, ...], *, listed: str = "`cartrial check` lists all") -> None:
    """Findings that did not stop the command, summed up on standard error."""
    if findings:
        number = counted(len(findings), "finding")
        typer.echo(f"cartrial: {number}: {s.summary(findings, listed=listed)}", err=True)


def tell_each(findings: tuple[s.Finding, ...]) -> None:
    """Findings that `cartrial check` does not list, one a line on standard error."""
    for finding in findings:
        typer.echo(f"cartrial: {finding}", err=True)


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


def _nobody(adam: Adam, cutoff: dt.datetime | None) -> list[s.Finding]:
    """A data cut before the first consent leaves nobody to analyse."""
    if cutoff is None or adam.of(Adsl).height:
        return []
    rule, remedy = "leave a subject who had consented", "Give another --cutoff"
    return [s.Finding("data cut", "", "", rule, f"{adam.cutoff}", remedy, "warning")]


def _late_dates(sdtm: Sdtm, cutoff: dt.date | None) -> list[s.Finding]:
    """A data cut after the last date in the data, or after today: pending subjects hang on it."""
    last, today = last_date(sdtm), dt.date.today()
    if cutoff is None or last is None:
        return []
    late = [("today", today)] if cutoff > today else []
    late += [("the last date in the data", last)] if cutoff > last else []
    remedy = "Give another --cutoff, or correct the date"
    return [
        s.Finding(
            "data cut", "", "", f"not lie after {what}, {day}", f"{cutoff}", remedy, "warning"
        )
        for what, day in late
    ]
