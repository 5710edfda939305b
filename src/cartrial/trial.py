"""A trial with its data, held against its study, and what is made of it as a whole.

The command line and the web application call this, each from its own door, so that the same data
make the same bytes.

Reading: the trial's own forms are held to their declarations, and an error in them stops an
analysis. SDTM may come from any system: what breaks the guide there is told, and the analysis goes
on with what is left.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from cartrial import pipeline
from cartrial import schema as s
from cartrial.adam.cut import last_date
from cartrial.adam.dataset import Adam
from cartrial.adam.dose_limiting.clause_names import check_organ_classes
from cartrial.adam.file.folder import write_adam
from cartrial.adam.subject.adsl import Adsl
from cartrial.cdisc.terminology import Terminology
from cartrial.errors import DataError
from cartrial.forms.adverse import AdverseEvent
from cartrial.forms.catalogue import Forms
from cartrial.forms.checks import Planned, check_forms
from cartrial.grading.ctcae.check import check_terms
from cartrial.protocol.study import Study
from cartrial.report.submission.delivery import Delivery
from cartrial.results.result import Results
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.file.folder import write_sdtm

SHOWN = 20  # findings that are written out before the rest is counted
REMEDY = "Give --forms DIR or --sdtm DIR, or put forms/ or sdtm/ beside the study file"
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


@dataclass(frozen=True)
class Trial:
    """A study with its data, what was found wrong in them, and the folder they are in."""

    study: Study
    forms: Forms | None
    sdtm: Sdtm | None
    findings: tuple[s.Finding, ...]
    folder: Path | None = None


@dataclass(frozen=True)
class Analysis:
    """A trial's SDTM and ADaM, and everything that was found in its data."""

    sdtm: Sdtm
    adam: Adam
    findings: tuple[s.Finding, ...]


def trial_of_forms(
    study: Study, forms: Forms, found: Sequence[s.Finding], folder: Path | None = None
) -> Trial:
    """The trial of forms as they were read, held against each other and the study."""
    check_organ_classes(study, forms.of(AdverseEvent)["organ_class"])
    checked = check_forms(forms, planned(study))
    if study.standards.by_ctcae_5:
        checked += check_terms(forms)
    return Trial(study, forms, None, (*found, *checked), folder)


def planned(study: Study) -> Planned:
    """What the study plans, as the checks of the forms take it."""
    clauses = study.dlt.clauses if study.dlt is not None else ()
    return Planned(
        levels=len(study.doses.levels),
        criteria=len(study.eligibility),
        analytes={
            method: tuple(a.name for a in study.analytes if a.method == method)
            for method in ("qPCR", "flow")
        },
        clauses=tuple(name for clause in clauses for name in (clause.id, clause.name)),
    )


def tabulated(trial: Trial) -> tuple[Sdtm, tuple[s.Finding, ...]]:
    """The trial's SDTM and what was found in its forms; errors in them stop here, all named."""
    if trial.forms is not None:
        _stop_at_errors(trial.findings)
        return pipeline.tabulate(trial.study, trial.forms), trial.findings
    if trial.sdtm is not None:
        return trial.sdtm, ()
    raise DataError(f"data must be given, got a study file alone. {REMEDY}")


def analysed(trial: Trial, cutoff: dt.date | None, *, today: dt.date) -> Analysis:
    """The trial's analysis datasets; errors in its forms stop here, all of them named."""
    sdtm, before = tabulated(trial)
    adam = pipeline.derive(trial.study, sdtm, cutoff)
    cut = (*_late_dates(sdtm, adam.cutoff, today), *_nobody(adam, cutoff))
    return Analysis(sdtm, adam, (*before, *cut, *adam.findings))


def results_of(trial: Trial, analysis: Analysis) -> Results:
    """The numbers of the report, with each step of the dose as it happened."""
    steps = pipeline.retrace(trial.study, analysis.sdtm, analysis.adam)
    return pipeline.analyse(trial.study, analysis.adam, steps)


def write_report(
    trial: Trial,
    analysis: Analysis,
    results: Results,
    folder: Path,
    *,
    rtf: bool = False,
    rtf_figures: bool = False,
) -> None:
    """Write the report with its numbers, the ADaM beneath them, and from forms the SDTM."""
    if trial.forms is not None:
        write_sdtm(analysis.sdtm, folder / "sdtm", form="csv")
        write_sdtm(analysis.sdtm, folder / "sdtm" / "parquet", form="parquet")
    write_adam(analysis.adam, folder / "adam")
    pipeline.publish(results, folder, rtf=rtf, rtf_figures=rtf_figures)


def known_at(trial: Trial, cutoff: dt.date | None) -> Trial:
    """The trial with its forms as they were known at the data cut, so that the SDTM is of that day.

    Forms with errors stay: nothing is analysed of them.
    """
    if trial.forms is None or cutoff is None or s.errors(trial.findings):
        return trial
    return replace(trial, forms=pipeline.known_at(trial.study, trial.forms, cutoff))


def deliver(
    trial: Trial,
    analysis: Analysis,
    results: Results,
    folder: Path,
    *,
    terminology: Terminology,
    study_file: bytes | None,
) -> Delivery:
    """Write the whole data package; the trial is as it was known at the data cut."""
    delivery = Delivery(
        study=trial.study,
        sdtm=analysis.sdtm,
        adam=analysis.adam,
        findings=analysis.findings,
        terminology=terminology,
        collected=trial.forms is not None,
        software={"Python": python_version()} | {name: version(name) for name in MADE_WITH},
        study_file=study_file,
    )
    return pipeline.package(delivery, results, folder)


def _stop_at_errors(findings: tuple[s.Finding, ...]) -> None:
    faults = s.errors(findings)
    if len(faults) == 1:
        raise DataError(str(faults[0]))
    if faults:
        lines = [str(fault) for fault in faults[:SHOWN]]
        if len(faults) > SHOWN:
            lines.append(f"and {len(faults) - SHOWN} more. `cartrial check` lists all")
        told = "\n  ".join(lines)
        raise DataError(f"the forms must be free of errors, got {len(faults)}:\n  {told}")


def _nobody(adam: Adam, cutoff: dt.date | None) -> list[s.Finding]:
    """A data cut before the first consent leaves nobody to analyse."""
    if cutoff is None or adam.of(Adsl).height:
        return []
    rule, remedy = "leave a subject who had consented", "Give another --cutoff"
    return [s.Finding("data cut", "", "", rule, f"{adam.cutoff}", remedy, "warning")]


def _late_dates(sdtm: Sdtm, cutoff: dt.date | None, today: dt.date) -> list[s.Finding]:
    """A data cut after the last date in the data, or after today: pending subjects hang on it."""
    last = last_date(sdtm)
    if cutoff is None or last is None:
        return []
    late = [("today", today)] if cutoff > today else []
    late += [("the last date in the data", last)] if cutoff > last else []
    remedy = "Give another --cutoff, or correct the date"
    return [
        s.Finding(
            "data cut", "", "", f"not lie after {what}, {day}", f"{cutoff}", remedy, "warning"
        )
        for what, day in late
    ]
