"""`cartrial tabulate`: a trial's forms as SDTM, with define.xml beside them."""

from typing import Annotated

import typer

from cartrial import pipeline
from cartrial.cdisc.form import Form
from cartrial.cli.analysis import tell, tell_each
from cartrial.cli.output import check_apart, datasets_in, replacing
from cartrial.cli.progress import doing
from cartrial.cli.trial import FormsFolder, Out, SdtmFolder, StudyPlace, read_trial, terminology_of
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.file.folder import sdtm_datasets
from cartrial.sdtm.file.relrec import NAME as RELREC
from cartrial.trial import tabulated


def tabulate(
    out: Out,
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    form: Annotated[
        Form,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="SAS transport (xpt), Dataset-JSON (json or ndjson), csv or parquet.",
        ),
    ] = "xpt",
) -> None:
    """Tabulate a trial's forms as SDTM, with define.xml beside the datasets.

    Each domain is a file, and so are its supplemental qualifiers and the relations between domains;
    `define.html` is the same description for a reader. SDTM of another system is written anew. The
    files for a submission (xpt, json, ndjson) leave out datasets without records.
    """
    with doing("tabulating"):
        trial = read_trial(study, forms, sdtm)
        check_apart(out, trial.folder)
        tables, findings = tabulated(trial)
        terminology = terminology_of(study)
        with replacing(out, owned=datasets_in(".", (*DOMAINS, RELREC), form)) as fresh:
            lost = pipeline.write_tabulation(
                trial.study,
                tables,
                fresh,
                form=form,
                terminology=terminology,
                collected=trial.forms is not None,
            )
    tell((*findings, *tables.findings))
    tell_each(lost)
    for dataset in sdtm_datasets(tables, form):
        path = out / f"{dataset.name.lower()}.{form}"
        typer.echo(f"{dataset.name:8} {dataset.frame.height:>6} records  {path}")
