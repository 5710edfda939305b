"""`cartrial export redcap`: the forms as a REDCap project."""

import typer

from cartrial import schema as s
from cartrial.cli.analysis import tell
from cartrial.cli.count import counted
from cartrial.cli.output import replacing
from cartrial.cli.progress import doing
from cartrial.cli.trial import FormsFolder, Out, StudyPlace, read_trial
from cartrial.errors import DataError
from cartrial.forms.catalogue import FORMS, Forms
from cartrial.intake.redcap.write import write_redcap

REMEDY = "SDTM has no forms: give --forms DIR"


def redcap(out: Out, study: StudyPlace = None, forms: FormsFolder = None) -> None:
    """Write the forms as a REDCap project: dictionary, events and records.

    Without a study, every form is an instrument and there are no records: a project to collect a
    trial in. Rows that break their form are left out, and told.
    """
    with doing("writing the project"):
        filled = Forms({name: s.empty(form) for name, form in FORMS.items()})
        findings: tuple[s.Finding, ...] = ()
        if study is not None:
            trial = read_trial(study, forms, None)
            if trial.forms is None:
                raise DataError(f"{study}: must hold forms, got none. {REMEDY}")
            filled, findings = trial.forms, trial.findings
        with replacing(out) as fresh:
            write_redcap(filled, fresh)
    tell(findings)
    rows = sum(table.height for _, table in filled)
    instruments = counted(len(filled.tables), "instrument")
    typer.echo(f"{instruments}, {counted(rows, 'row')} of forms, in {out}")
