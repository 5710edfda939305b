"""A trial's analysis as the commands ask for it, and what is said of findings on the way."""

import datetime as dt

import typer

from cartrial import schema as s
from cartrial import trial as trials
from cartrial.cli.count import counted
from cartrial.trial import Analysis, Trial


def analysed(trial: Trial, cutoff: dt.datetime | None) -> Analysis:
    """The trial's analysis datasets; errors in its forms stop here, all of them named."""
    return trials.analysed(trial, cutoff.date() if cutoff else None, today=dt.date.today())


def tell(findings: tuple[s.Finding, ...], *, listed: str = "`cartrial check` lists all") -> None:
    """Findings that did not stop the command, summed up on standard error."""
    if findings:
        number = counted(len(findings), "finding")
        typer.echo(f"cartrial: {number}: {s.summary(findings, listed=listed)}", err=True)


def tell_each(findings: tuple[s.Finding, ...]) -> None:
    """Findings that `cartrial check` does not list, one a line on standard error."""
    for finding in findings:
        typer.echo(f"cartrial: {finding}", err=True)
