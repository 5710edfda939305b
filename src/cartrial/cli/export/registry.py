"""`cartrial export registry`: the results for ClinicalTrials.gov."""

from typing import Annotated

import typer

from cartrial import pipeline
from cartrial.cli.analysis import analysed, tell
from cartrial.cli.option import option
from cartrial.cli.output import replacing
from cartrial.cli.progress import doing
from cartrial.cli.trial import Cutoff, FormsFolder, Out, SdtmFolder, StudyPlace, read_trial
from cartrial.report.submission.registry import write_registry
from cartrial.results.registry import results_section
from cartrial.results.registry.event import Asked, Assessment


def registry(
    out: Out,
    study: StudyPlace = None,
    forms: FormsFolder = None,
    sdtm: SdtmFolder = None,
    cutoff: Cutoff = None,
    threshold: Annotated[
        float,
        typer.Option(
            help="Other adverse events: those in more than so many percent of a group, 5 at most.",
            min=0,
            max=5,
        ),
    ] = 5.0,
    assessment: Annotated[
        Assessment | None,
        option("assessment", "KIND", "How events were collected: systematic or non-systematic."),
    ] = None,
) -> None:
    """Write the results for ClinicalTrials.gov, as JSON and on paper.

    `results-section.json` is the resultsSection of a record (API version 2), `registry.pdf` the
    same for the person who types it in. The numbers are those of the report; no subject is named.
    """
    with doing("analysing"):
        trial = read_trial(study, forms, sdtm)
        analysis = analysed(trial, cutoff)
        steps = pipeline.retrace(trial.study, analysis.sdtm, analysis.adam)
        results = pipeline.analyse(trial.study, analysis.adam, steps)
        asked = Asked(threshold, assessment)
        section = results_section(trial.study, analysis.adam, results, asked)
    with doing("writing"), replacing(out) as fresh:
        written = write_registry(results, section, fresh)
    tell(analysis.findings)
    for path in written:
        typer.echo(out / path.name)
