"""`cartrial export odm`: the forms as a CDISC ODM file."""

import datetime as dt
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from cartrial.cdisc.dataset import START
from cartrial.cli.analysis import tell
from cartrial.cli.count import counted
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.cli.trial import FormsFolder, StudyPlace, read_trial
from cartrial.errors import DataError
from cartrial.intake.odm.write import OdmFile, by_subject, write_odm

REMEDY = "SDTM has no forms: give --forms DIR"


def odm(
    out: Annotated[Path, option("out", "FILE", "XML to write.")],
    study: StudyPlace = None,
    forms: FormsFolder = None,
) -> None:
    """Write the forms as CDISC ODM 1.3.2: their definition and their rows.

    Each form with its labels, units, limits and codes, and the rows subject by subject, as a
    snapshot. Rows that break their form are left out, and told.
    """
    with doing("writing the forms"):
        trial = read_trial(study, forms, None)
        if trial.forms is None:
            raise DataError(f"{study}: must hold forms, got none. {REMEDY}")
        id_, collected = trial.study.id, [name for name, _ in trial.forms]
        created = START.replace(tzinfo=dt.UTC)
        about = OdmFile(f"{id_}.forms", created, "cartrial", version("cartrial"))
        write_odm(about, trial.study, collected, by_subject(trial.forms), out)
    tell(trial.findings)
    rows = sum(table.height for _, table in trial.forms)
    typer.echo(f"{counted(len(collected), 'form')}, {counted(rows, 'row')}, in {out}")
