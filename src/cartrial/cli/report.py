"""`cartrial report`: a trial from its data to its report."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any

import typer

from cartrial import schema as s
from cartrial.adam.dataset import DATASETS
from cartrial.cli.analysis import analysed, tell
from cartrial.cli.output import datasets_in, replacing
from cartrial.cli.progress import doing
from cartrial.cli.trial import (
    AsJson,
    Cutoff,
    FormsFolder,
    Out,
    SdtmFolder,
    StudyPlace,
    read_trial,
)
from cartrial.report.rtf.names import BOOK, FOLDER, SUFFIX, names
from cartrial.results.result import Headline, Results
from cartrial.sdtm.domain import DOMAINS
from cartrial.sdtm.file.relrec import NAME as RELREC
from cartrial.trial import results_of, write_report

Rtf = Annotated[
    bool, typer.Option("--rtf", help="Write the tables and listings as RTF too, into rtf/.")
]
RtfFigures = Annotated[
    bool, typer.Option("--rtf-figures", help="The same, and the figures as pictures in RTF.")
]


def report(
    out: Out,
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    rtf: Rtf = False,
    rtf_figures: RtfFigures = False,
    as_json: AsJson = False,
) -> None:
    """Analyse a trial and write its report as HTML and PDF.

    Prints one line for each registered outcome and each pause rule. Writes `report.html`,
    `report.pdf`, `results/`, `adam/`, from forms `sdtm/`, where the study names a design
    `protocol-text.md`, and if asked `rtf/`; all of it is computed before the first file is
    replaced. An error in the forms stops the report; what breaks the guide in SDTM is told, and the
    report goes on.
    """
    with doing("analysing"):
        trial = read_trial(study, forms, sdtm)
        analysis = analysed(trial, cutoff)
        results = results_of(trial, analysis)
    owned = [
        *_datasets("adam", DATASETS),
        *(_datasets("sdtm", (*DOMAINS, RELREC)) if trial.forms is not None else ()),
        *(Path(FOLDER) / f"{name}{SUFFIX}" for name in names(results)),
    ]
    with doing("writing the report"), replacing(out, owned=owned) as fresh:
        write_report(trial, analysis, results, fresh, rtf=rtf, rtf_figures=rtf_figures)
    tell(analysis.findings)
    if as_json:
        told = _as_data(results, analysis.findings, out, rtf=rtf or rtf_figures)
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_lines(results, out, rtf=rtf or rtf_figures)))


def _datasets(below: str, names: Collection[str]) -> list[Path]:
    return [
        *datasets_in(below, names, "csv"),
        *datasets_in(f"{below}/parquet", names, "parquet"),
    ]


def _lines(results: Results, out: Path, *, rtf: bool) -> list[str]:
    study = results.study
    cut = f", data cut {results.cutoff}" if results.cutoff else ""
    outcomes = [line for line in results.headlines if not line.state]
    rules = [line for line in results.headlines if line.state]
    width = max((len(line.label) for line in outcomes), default=0)
    return [
        f"{study.id}: {study.title}{cut}",
        "",
        *(f"{line.label:{width}}  {line.sentence}" for line in outcomes),
        *(["", "Pause rules"] if rules else []),
        *(f"{line.label}: {line.state}. {line.sentence}" for line in rules),
        "",
        f"{out / 'report.html'}",
        f"{out / 'report.pdf'}",
        *(f"{out / f'{prose.id}.md'}" for prose in results.prose),
        *([f"{_book(out)}"] if rtf else []),
    ]


def _book(out: Path) -> Path:
    return out / FOLDER / f"{BOOK}{SUFFIX}"


def _as_data(
    results: Results, findings: tuple[s.Finding, ...], out: Path, *, rtf: bool
) -> dict[str, Any]:
    faults = len(s.errors(findings))
    return {
        "study": results.study.id,
        "title": results.study.title,
        "drafted_from": results.study.drafted_from or None,
        "cutoff": results.cutoff.isoformat() if results.cutoff else None,
        "outcomes": [_headline(line) for line in results.headlines if not line.state],
        "pause_rules": [_headline(line) for line in results.headlines if line.state],
        "findings": {"errors": faults, "warnings": len(findings) - faults},
        "files": {"html": str(out / "report.html"), "pdf": str(out / "report.pdf")}
        | {prose.id: str(out / f"{prose.id}.md") for prose in results.prose}
        | ({"rtf": str(_book(out))} if rtf else {}),
    }


def _headline(line: Headline) -> dict[str, Any]:
    said = {"section": line.section, "label": line.label, "sentence": line.sentence}
    state = {"state": line.state} if line.state else {}
    return said | state | {"subjects": list(line.subjects)}
