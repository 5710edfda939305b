"""`cartrial cdisc check`: SDTM and ADaM held against the guides, rule by rule."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from cartrial import pipeline
from cartrial import schema as s
from cartrial.adam.conformance.rules import RULES as ADAM_RULES
from cartrial.adam.file.folder import adam_datasets, read_adam
from cartrial.cdisc.dataset import Dataset
from cartrial.cdisc.datasets import read_datasets
from cartrial.cli.analysis import analysed
from cartrial.cli.count import counted
from cartrial.cli.progress import doing
from cartrial.cli.trial import AsJson, StudyPlace, read_trial, terminology_of
from cartrial.errors import DataError
from cartrial.sdtm.conformance.rules import RULES as SDTM_RULES
from cartrial.sdtm.file.folder import sdtm_datasets

ALONE = "give a study with its data, or --sdtm DIR, or --adam DIR"

SdtmFiles = Annotated[
    Path | None,
    typer.Option(
        "--sdtm", metavar="DIR", help="Folder of SDTM, checked as it stands.", show_default=False
    ),
]
AdamFiles = Annotated[
    Path | None,
    typer.Option(
        "--adam", metavar="DIR", help="Folder of ADaM, checked as it stands.", show_default=False
    ),
]


@dataclass(frozen=True)
class Given:
    """The datasets that are checked, what they are of, and how their files were odd."""

    name: str
    sdtm: tuple[Dataset, ...]
    adam: tuple[Dataset, ...]
    remarks: tuple[s.Finding, ...] = ()


def check(
    study: StudyPlace = None,
    sdtm: SdtmFiles = None,
    adam: AdamFiles = None,
    as_json: AsJson = False,
) -> None:
    """Check SDTM and ADaM against the guides and the terminology.

    With STUDY alone both are made from its data, as they would be submitted. Folders are checked as
    they stand: CSV, SAS transport, Dataset-JSON or Parquet of any system; ADaM is held against SDTM
    where both are given. Prints one line for each rule, dataset and variable. Exit code 0: no error
    (there may be warnings); 1: errors; 10 or 11: the study or the data could not be read.
    """
    with doing("checking"):
        given = _made(study) if sdtm is None and adam is None else _read(sdtm, adam)
        terminology = terminology_of(study)
        start = perf_counter()
        found = pipeline.conform(given.sdtm, given.adam, terminology)
        seconds = perf_counter() - start
    findings = (*given.remarks, *found)
    faults = s.errors(findings)
    if as_json:
        typer.echo(json.dumps(_as_data(given, findings), ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            typer.echo(f"{finding.severity:7}  {finding}")
        typer.echo(f"{_summed_up(given, findings)}, in {seconds:.2f} s")
    if faults:
        raise typer.Exit(1)


def _made(study: Path | None) -> Given:
    """The trial's own datasets, as they would be submitted."""
    if study is None:
        raise DataError(f"data must be given, got nothing. To check, {ALONE}")
    trial = read_trial(study, None, None)
    analysis = analysed(trial, None)
    return Given(
        trial.study.id,
        tuple(sdtm_datasets(analysis.sdtm, "xpt")),
        tuple(adam_datasets(analysis.adam, "xpt")),
    )


def _read(sdtm: Path | None, adam: Path | None) -> Given:
    """The datasets of folders, as they stand."""
    folders = [folder for folder in (sdtm, adam) if folder is not None]
    tabulated = read_datasets(sdtm) if sdtm is not None else None
    analysed = read_adam(adam) if adam is not None else None
    read = [one for one in (tabulated, analysed) if one is not None]
    return Given(
        " and ".join(str(folder) for folder in folders),
        tuple(tabulated.datasets.values()) if tabulated else (),
        tuple(analysed.datasets.values()) if analysed else (),
        tuple(remark for one in read for remark in one.findings),
    )


def _as_data(given: Given, findings: Iterable[s.Finding]) -> dict[str, object]:
    severities = Counter(finding.severity for finding in findings)
    return {
        "data": given.name,
        "sdtm": [dataset.name for dataset in given.sdtm],
        "adam": [dataset.name for dataset in given.adam],
        "rules": _rules(given),
        "errors": severities["error"],
        "warnings": severities["warning"],
        "findings": [finding.as_dict() for finding in findings],
    }


def _rules(given: Given) -> int:
    return len(SDTM_RULES) * bool(given.sdtm) + len(ADAM_RULES) * bool(given.adam)


def _summed_up(given: Given, findings: Iterable[s.Finding]) -> str:
    severities = Counter(finding.severity for finding in findings)
    found = [counted(severities[kind], kind, none="no") for kind in ("error", "warning")]
    parts = [
        f"{counted(len(datasets), 'dataset')} of {kind}"
        for kind, datasets in (("SDTM", given.sdtm), ("ADaM", given.adam))
        if datasets
    ]
    return f"{given.name}: {', '.join(parts)}, {_rules(given)} rules, {', '.join(found)}"
