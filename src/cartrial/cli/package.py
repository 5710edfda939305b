"""`cartrial package`: a trial as one folder to hand over."""

import datetime as dt
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Annotated

import typer

from cartrial import pipeline
from cartrial import schema as s
from cartrial.cli.analysis import analysed, tell
from cartrial.cli.count import counted
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.cli.trial import (
    Cutoff,
    FormsFolder,
    SdtmFolder,
    StudyPlace,
    Trial,
    read_trial,
    terminology_of,
)
from cartrial.protocol.read import FILE
from cartrial.report.submission.delivery import Delivery
from cartrial.report.submission.manifest import replacing_package, verify

LISTED = "csdrg.pdf and adrg.pdf list all"  # those of the guides are among them
MADE_WITH = (
    "cartrial",
    "polars",
    "dataframely",
    "pydantic",
    "numpy",
    "scipy",
    "odmlib",
    "rtflite",
    "typst",
    "altair",
    "vl-convert-python",
)


def package(
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    out: Annotated[Path | None, option("out", "DIR", "Folder to write into.")] = None,
    verified: Annotated[
        Path | None,
        option("verify", "DIR", "Check the files of a package by its manifest, in place of --out."),
    ] = None,
) -> None:
    """Write a trial's whole data package: data, define.xml, results, report, manifest.

    SDTM and ADaM as SAS transport files and Dataset-JSON, each with define.xml and a reviewer's
    guide; annotated forms; the report with its numbers; and `manifest.json`, which lists each file
    with its SHA-256. The same data give the same bytes. A folder that holds anything but an earlier
    package is refused. With `--verify` nothing is written.
    """
    if (out is None) == (verified is None):
        raise typer.BadParameter("--out DIR or --verify DIR must be given, got both or neither")
    if verified is not None:
        _verify(verified)
    elif out is not None:
        with replacing_package(out) as fresh:
            delivery = _write(study, forms, sdtm, cutoff, fresh)
        tell(delivery.findings, listed=LISTED)
        typer.echo("\n".join(_lines(delivery, out)))


def _verify(folder: Path) -> None:
    differences = verify(folder)
    for one in differences:
        typer.echo(one)
    if differences:
        raise typer.Exit(1)
    typer.echo(f"{folder}: every file is as the manifest says")


def _write(
    place: Path | None,
    forms: Path | None,
    sdtm: Path | None,
    cutoff: dt.datetime | None,
    folder: Path,
) -> Delivery:
    with doing("analysing"):
        trial = _at(read_trial(place, forms, sdtm), cutoff)
        analysis = analysed(trial, cutoff)
        steps = pipeline.retrace(trial.study, analysis.sdtm, analysis.adam)
        results = pipeline.analyse(trial.study, analysis.adam, steps)
    delivery = Delivery(
        study=trial.study,
        sdtm=analysis.sdtm,
        adam=analysis.adam,
        findings=analysis.findings,
        terminology=terminology_of(place),
        collected=trial.forms is not None,
        software={"Python": python_version()} | {name: version(name) for name in MADE_WITH},
        study_file=_study_file(place),
    )
    with doing("writing the package"):
        return pipeline.package(delivery, results, folder)


def _at(trial: Trial, cutoff: dt.datetime | None) -> Trial:
    """The trial with its forms as they were known at the data cut, so that the SDTM is of that day.

    Forms with errors stay: nothing is analysed of them.
    """
    if trial.forms is None or cutoff is None or s.errors(trial.findings):
        return trial
    return replace(trial, forms=pipeline.known_at(trial.study, trial.forms, cutoff.date()))


def _study_file(place: Path | None) -> bytes | None:
    """The study file as it stands; none where the study was drafted."""
    return None if place is None else (place / FILE if place.is_dir() else place).read_bytes()


def _lines(delivery: Delivery, out: Path) -> list[str]:
    return [
        f"{delivery.study.id}: {counted(delivery.subjects, 'subject')}, {delivery.cut}",
        *(str(out / name) for name in ("README.txt", "manifest.json")),
    ]
