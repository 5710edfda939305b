"""`cartrial derive`: a trial's analysis datasets with define.xml, without a report."""

from itertools import chain
from pathlib import Path
from typing import Annotated, Literal

import typer

from cartrial import pipeline
from cartrial.adam.dataset import DATASETS
from cartrial.cli.analysis import analysed, tell, tell_each
from cartrial.cli.output import check_apart, datasets_in, replacing
from cartrial.cli.progress import doing
from cartrial.cli.trial import (
    Cutoff,
    FormsFolder,
    Out,
    SdtmFolder,
    StudyPlace,
    read_trial,
    terminology_of,
)
from cartrial.sdtm.file.folder import SUBMITTED


def derive(
    out: Out,
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    form: Annotated[
        Literal["xpt", "json", "ndjson"] | None,
        typer.Option(
            "--format",
            help="Write SAS transport files (xpt) or Dataset-JSON as well.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Derive a trial's analysis datasets (ADaM) and write them.

    Each dataset is written to the folder as CSV and, in folders of their own, as Parquet and in
    the format that is asked for. `define.xml` stands beside them, and `define.html`, the same for a
    reader.
    """
    with doing("deriving"):
        trial = read_trial(study, forms, sdtm)
        check_apart(out, trial.folder)
        analysis = analysed(trial, cutoff)
        with replacing(out, owned=_owned()) as fresh:
            lost = pipeline.write_analysis(
                trial.study, analysis.adam, fresh, also=form, terminology=terminology_of(study)
            )
    tell(analysis.findings)
    tell_each(lost)
    for name, table in analysis.adam.tables.items():
        typer.echo(f"{name:6} {table.height:>6} records  {out / f'{name.lower()}.csv'}")


def _owned() -> list[Path]:
    """The datasets of each form, and what describes those in a folder of their own."""
    own = ("parquet", *SUBMITTED)
    described = [Path(form) / f"define.{ending}" for form in own for ending in ("xml", "html")]
    datasets = (datasets_in(form, DATASETS, form) for form in own)
    return [*datasets_in(".", DATASETS, "csv"), *chain.from_iterable(datasets), *described]
