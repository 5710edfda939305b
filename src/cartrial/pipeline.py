"""The steps of a trial's analysis, each pure but the last, which writes.

    forms --tabulate--> SDTM --derive--> ADaM --analyse--> results --publish--> a folder
                          │                ├--recommend--> the next dose
                          │                ├--review_dlt--> DLT and pause rules
                          │                ├--review_response--> response by subject and visit
                          └--retrace--> the escalation as it happened, for the results

The command line and the web application call these and nothing else.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from cartrial.adam import retrace as _retrace
from cartrial.adam.conformance.rules import check_datasets
from cartrial.adam.cut import cut_sdtm
from cartrial.adam.dataset import Adam
from cartrial.adam.derive import derive_adam
from cartrial.adam.file.define import define_adam
from cartrial.adam.file.folder import adam_datasets, write_adam
from cartrial.adam.file.folder import lost_in_ascii as adam_lost_in_ascii
from cartrial.adam.retrace import Step
from cartrial.adam.state import dosing_state
from cartrial.cdisc.dataset import Dataset
from cartrial.cdisc.define.model import ResultDisplay
from cartrial.cdisc.define.write import write_define
from cartrial.cdisc.form import Form
from cartrial.cdisc.terminology import Terminology
from cartrial.dosing.conduct import next_dose
from cartrial.dosing.conduct.record import DecisionRecord
from cartrial.dosing.override import NOTHING, Overrides
from cartrial.dosing.state import State
from cartrial.errors import StudyError
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.report.publish import publish_report
from cartrial.report.submission.delivery import Delivery
from cartrial.report.submission.package import write_package
from cartrial.results import dlt_review
from cartrial.results.analyse import analyse_trial
from cartrial.results.dlt_review import DltReview
from cartrial.results.response import review
from cartrial.results.response.review import ResponseReview
from cartrial.results.result import Results
from cartrial.schema import Finding
from cartrial.sdtm import tabulate as _tabulate
from cartrial.sdtm.conformance.rules import check_conformance
from cartrial.sdtm.define.define import define_sdtm
from cartrial.sdtm.domain import Sdtm
from cartrial.sdtm.file.folder import lost_in_ascii as sdtm_lost_in_ascii
from cartrial.sdtm.file.folder import sdtm_datasets, write_sdtm
from cartrial.sdtm.terms.terminology import check_terminology


def tabulate(study: Study, forms: Forms) -> Sdtm:
    """The collected forms as SDTM."""
    return _tabulate.tabulate(study, forms)


def known_at(study: Study, forms: Forms, cutoff: dt.date) -> Forms:
    """The forms as they were known at a data cut."""
    return _tabulate.to_forms(study, cut_sdtm(study, tabulate(study, forms), cutoff))


def write_tabulation(
    study: Study,
    sdtm: Sdtm,
    folder: Path,
    *,
    form: Form,
    terminology: Terminology,
    collected: bool = True,
) -> tuple[Finding, ...]:
    """Write the domains in a form of file, with define.xml and define.html beside them.

    SDTM that was not `collected` on forms is another system's. What is returned is what the text
    lost in this form.
    """
    write_sdtm(sdtm, folder, form=form)
    write_define(define_sdtm(study, sdtm, terminology, form=form, collected=collected), folder)
    return tuple(sdtm_lost_in_ascii(sdtm)) if form == "xpt" else ()


def derive(study: Study, sdtm: Sdtm, cutoff: dt.date | None = None) -> Adam:
    """The analysis datasets at the data cut; without one, the last date in the data."""
    return derive_adam(study, sdtm, cutoff)


def conform(
    sdtm: Sequence[Dataset], adam: Sequence[Dataset], terminology: Terminology
) -> list[Finding]:
    """What breaks the guides or the terminology in datasets as they travel."""
    words = check_terminology({one.name: one.frame for one in sdtm}, terminology)
    structure = check_conformance(sdtm) if sdtm else []
    return [*structure, *words, *check_datasets(adam, sdtm)]


def write_analysis(
    study: Study,
    adam: Adam,
    folder: Path,
    *,
    also: Form | None = None,
    terminology: Terminology,
    displays: tuple[ResultDisplay, ...] = (),
) -> tuple[Finding, ...]:
    """Write the analysis datasets, with define.xml and define.html beside those of each form.

    What is returned is what the text lost in a form.
    """
    write_adam(adam, folder, also=also)
    described: Mapping[Form, Path] = {"csv": folder, **({also: folder / also} if also else {})}
    for form, place in described.items():
        write_define(define_adam(study, adam, terminology, form=form, displays=displays), place)
    return tuple(adam_lost_in_ascii(adam)) if also == "xpt" else ()


def escalation_state(study: Study, adam: Adam) -> State:
    """Who was treated at which dose level, what is known of each, what the committee decided."""
    return dosing_state(study, adam)


def recommend(
    study: Study,
    adam: Adam,
    *,
    overrides: Overrides = NOTHING,
    study_sha256: str | None = None,
) -> DecisionRecord:
    """The dose of the next cohort by the study's design, with all that it was made of.

    `overrides` are what was given in place of values of the study, the hash is that of its file.
    """
    if study.design is None:
        raise StudyError("study.yaml: design: must be given to recommend a dose, got nothing")
    state = dosing_state(study, adam)
    return DecisionRecord(
        cartrial=version("cartrial"),
        study=study.id,
        study_sha256=study_sha256,
        data_cut=adam.cutoff,
        overrides=overrides,
        design=study.design,
        dlt=study.dlt,
        rules=study.rules,
        state=state,
        recommendation=next_dose.recommend(study.design, study.dlt, state, study.rules),
    )


def review_dlt(study: Study, adam: Adam) -> DltReview:
    """The DLT status of each subject, the clauses behind it, disagreements, and pause rules."""
    return dlt_review.review_dlt(study, adam)


def review_response(study: Study, adam: Adam) -> ResponseReview:
    """Each subject's response by visit, the investigator's beside the derived, and why."""
    return review.review_response(study, adam)


def retrace(study: Study, sdtm: Sdtm, adam: Adam) -> tuple[Step, ...]:
    """Each step of the dose up to the data cut of `adam`, and what the design said on that day."""
    return _retrace.retrace(study, sdtm, adam)


def analyse(study: Study, adam: Adam, steps: Sequence[Step] = ()) -> Results:
    """The numbers of the report; `steps` are those of the dose, as they happened."""
    return analyse_trial(study, adam, steps)


def package(given: Delivery, results: Results, folder: Path) -> Delivery:
    """Write the whole data package; of the SDTM, what was known at the data cut.

    What is returned was written: its findings are also those of the guides and the terminology.
    """
    sdtm = cut_sdtm(given.study, given.sdtm, given.adam.cutoff)
    datasets = tuple(sdtm_datasets(sdtm, "xpt")), tuple(adam_datasets(given.adam, "xpt"))
    lost = (*sdtm_lost_in_ascii(sdtm), *adam_lost_in_ascii(given.adam))
    found = (*given.findings, *conform(*datasets, given.terminology), *lost)
    delivery = replace(given, sdtm=sdtm, findings=tuple(dict.fromkeys(found)))
    write_package(delivery, results, folder)
    return delivery


def publish(
    results: Results, folder: Path, *, rtf: bool = False, rtf_figures: bool = False
) -> tuple[Path, ...]:
    """Write results, `report.html`, `report.pdf`, and if asked `rtf/`; the paths written."""
    return publish_report(results, folder, rtf=rtf, rtf_figures=rtf_figures)
