"""A trial as the command line names it: a study file or folder, with forms or SDTM.

cartrial report TRIAL                      a folder: study.yaml, and forms/ or sdtm/ beside it
cartrial report study.yaml --forms DIR
cartrial report study.yaml --sdtm DIR
cartrial report --sdtm DIR                 a minimal study is drafted, and said to be so
"""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from cartrial.adam.dose_limiting.clause_names import check_organ_classes
from cartrial.cdisc.terminology import Terminology, study_terminology
from cartrial.errors import DataError, StudyError
from cartrial.forms.folder import read_forms
from cartrial.protocol.read import FILE, read_study
from cartrial.sdtm.domains.ae import Ae
from cartrial.sdtm.draft import draft_study
from cartrial.sdtm.file.folder import read_sdtm
from cartrial.trial import REMEDY, Trial, trial_of_forms


def _date(given: str) -> dt.datetime:
    """The date of an option, as YYYY-MM-DD."""
    try:
        return dt.datetime.strptime(given, "%Y-%m-%d")
    except ValueError:
        raise typer.BadParameter(f"must be a date as YYYY-MM-DD, got {given}") from None


StudyPlace = Annotated[
    Path | None,
    typer.Argument(
        metavar="STUDY",
        help="Study file, or a folder that holds study.yaml and forms/ or sdtm/.",
        show_default=False,
    ),
]
FormsFolder = Annotated[
    Path | None,
    typer.Option("--forms", metavar="DIR", help="Folder of forms as CSV.", show_default=False),
]
SdtmFolder = Annotated[
    Path | None,
    typer.Option("--sdtm", metavar="DIR", help="Folder of SDTM datasets.", show_default=False),
]
Out = Annotated[
    Path, typer.Option("--out", metavar="DIR", help="Folder to write into.", show_default=False)
]
Cutoff = Annotated[
    dt.datetime | None,
    typer.Option(
        "--cutoff",
        metavar="DATE",
        parser=_date,
        help="Data cut: nothing after this date is used. Without it, the last date in the data.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machine reading.")]


def read_trial(place: Path | None, forms: Path | None, sdtm: Path | None) -> Trial:
    """The trial that a command was given."""
    if forms is not None and sdtm is not None:
        raise typer.BadParameter("must be given once: --forms DIR or --sdtm DIR, got both")
    if place is None:
        return _drafted(forms, sdtm)
    study = read_study(place)
    if forms is None and sdtm is None:
        forms, sdtm = _beside(place)
    if forms is not None:
        filled, found = read_forms(forms)
        return trial_of_forms(study, filled, found, forms)
    if sdtm is not None:
        read = read_sdtm(sdtm)
        check_organ_classes(study, read.of(Ae)["AEBODSYS"])
        return Trial(study, None, read, read.findings, sdtm)
    check_organ_classes(study, ())
    return Trial(study, None, None, ())


def terminology_of(place: Path | None) -> Terminology:
    """The controlled terminology that holds for the study that a command was given."""
    return study_terminology(place if place is None or place.is_dir() else place.parent)


def _drafted(forms: Path | None, sdtm: Path | None) -> Trial:
    if forms is not None or sdtm is None:
        got = "--forms alone" if forms else "nothing"
        raise StudyError(
            f"a study file or a study folder must be given, got {got}. "
            "`cartrial new NAME` writes one; with --sdtm DIR a minimal one is drafted"
        )
    read = read_sdtm(sdtm)
    study = draft_study(read, name=sdtm.resolve().name)
    typer.echo(f"cartrial: {study.drafted_from}", err=True)
    return Trial(study, None, read, read.findings, sdtm)


def _beside(place: Path) -> tuple[Path | None, Path | None]:
    folder = place if place.is_dir() else place.parent
    for name in ("forms", "sdtm"):
        if (folder / name).is_dir():
            return (folder / name, None) if name == "forms" else (None, folder / name)
    if place.is_dir():
        raise DataError(f"{place}: must hold forms/ or sdtm/ beside {FILE}, got neither. {REMEDY}")
    return None, None
