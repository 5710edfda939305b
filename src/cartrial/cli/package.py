"""`cartrial package`: a trial as one folder to hand over."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from cartrial.cli.analysis import analysed, tell
from cartrial.cli.count import counted
from cartrial.cli.option import option
from cartrial.cli.progress import doing
from cartrial.cli.trial import (
    Cutoff,
    FormsFolder,
    SdtmFolder,
    StudyPlace,
    read_trial,
    terminology_of,
)
from cartrial.protocol.read import FILE
from cartrial.report.submission.delivery import Delivery
from cartrial.report.submission.manifest import replacing_package, verify
from cartrial.trial import deliver, known_at, results_of

LISTED = "csdrg.pdf and adrg.pdf list all"  # those of the guides are among them


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
        trial = known_at(read_trial(place, forms, sdtm), cutoff.date() if cutoff else None)
        analysis = analysed(trial, cutoff)
        results = results_of(trial, analysis)
    with doing("writing the package"):
        return deliver(
            trial,
            analysis,
            results,
            folder,
            terminology=terminology_of(place),
            study_file=_study_file(place),
        )


def _study_file(place: Path | None) -> bytes | None:
    """The study file as it stands; none where the study was drafted."""
    return None if place is None else (place / FILE if place.is_dir() else place).read_bytes()


def _lines(delivery: Delivery, out: Path) -> list[str]:
    return [
        f"{delivery.study.id}: {counted(delivery.subjects, 'subject')}, {delivery.cut}",
        *(str(out / name) for name in ("README.txt", "manifest.json")),
    ]
