"""`cartrial web import`: forms as CSV into the trial."""

from pathlib import Path
from typing import Annotated

import typer

from cartrial import schema as s
from cartrial.capture.serve.stand import stand
from cartrial.cli.analysis import tell
from cartrial.cli.count import counted
from cartrial.cli.option import option
from cartrial.cli.trial import read_trial
from cartrial.cli.web.place import Home, Study
from cartrial.errors import DataError

SHOWN = 10


def import_(
    study: Study,
    forms: Annotated[Path, option("forms", "DIR", "Folder of forms as CSV.")],
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Reason, entered with each row.")
    ] = "",
    home: Home = None,
    write: Annotated[
        bool, typer.Option("--write", help="Enter the rows; without it they are counted alone.")
    ] = False,
) -> None:
    """Fill the trial from forms as CSV, with one reason.

    Counts what is new in each form. Nothing is entered where a row breaks its declaration, or says
    something else than its record does: a record is changed in the browser, by a person.
    """
    if write and not reason.strip():
        raise typer.BadParameter("--write must have --reason TEXT, got none")
    trial = read_trial(study, forms, None)
    assert trial.forms is not None
    _refuse_faults(trial.findings)  # before anything is made
    stand(study, home=home)
    from cartrial.capture.deployment import deployment
    from cartrial.capture.serve import importing, prepare, server

    server.check_stopped(deployment().home)
    prepare.prepare()
    found = importing.compare(trial.forms)
    for form, number in found.by_form().items():
        typer.echo(f"{form:24}{number:8}")
    typer.echo(f"{'new in all':24}{len(found.new):8}")
    typer.echo(f"{'there already':24}{found.same:8}")
    tell(trial.findings)
    _refuse_rows(found.other, found.unknown)
    if not write:
        typer.echo("Nothing was entered. `--write --reason TEXT` enters these rows")
        return
    number = importing.enter(found, reason)
    typer.echo(f"{counted(number, 'row')} entered")


def _refuse_faults(findings: tuple[s.Finding, ...]) -> None:
    faults = s.errors(findings)
    if faults:
        lines = [str(fault) for fault in faults[:SHOWN]]
        if len(faults) > SHOWN:
            lines.append(f"and {len(faults) - SHOWN} more; `cartrial check` lists all")
        told = "\n  ".join(lines)
        raise DataError(f"the forms must be free of errors, got {len(faults)}:\n  {told}")


def _refuse_rows(other: tuple[object, ...], unknown: tuple[str, ...]) -> None:
    if other:
        raise DataError(
            f"each row must be new or as its record is, got {counted(len(other), 'row')} that "
            "differ. Change a record in the browser"
        )
    if unknown:
        raise DataError(f"each form must be one that a trial enters, got {', '.join(unknown)}")
