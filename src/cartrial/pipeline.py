"""The steps of a trial's analysis, each pure but the last, which writes.

    forms --tabulate--> SDTM --derive--> ADaM --analyse--> results --publish--> a folder
                          │                ├--recommend--> the next dose
                          │                ├--review_dlt--> DLT and pause rules
                          │                ├--review_response--> response by subject and visit
                          └--retrace--> the escalation as it happened, for the results

The command line and the web application call these and nothing else.
"""

import datetime as dt
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from cartrial.adam import retrace as _retrace
from cartrial.adam.dataset import Adam
from cartrial.adam.derive import derive_adam
from cartrial.adam.retrace import Step
from cartrial.adam.state import dosing_state
from cartrial.dosing.conduct import next_dose
from cartrial.dosing.conduct.record import DecisionRecord
from cartrial.dosing.override import NOTHING, Overrides
from cartrial.dosing.state import State
from cartrial.errors import StudyError
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.report.publish import publish_report
from cartrial.results import dlt_review
from cartrial.results.analyse import analyse_trial
from cartrial.results.dlt_review import DltReview
from cartrial.results.response import review
from cartrial.results.response.review import ResponseReview
from cartrial.results.result import Results
from cartrial.sdtm import tabulate as _tabulate
from cartrial.sdtm.domain import Sdtm


def tabulate(study: Study, forms: Forms) -> Sdtm:
    """The collected forms as SDTM."""
    return _tabulate.tabulate(study, forms)


def derive(study: Study, sdtm: Sdtm, cutoff: dt.date | None = None) -> Adam:
    """The analysis datasets at the data cut; without one, the last date in the data."""
    return derive_adam(study, sdtm, cutoff)


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


def publish(results: Results, folder: Path) -> tuple[Path, ...]:
    """Write results, `report.html` and `report.pdf`; the paths written."""
    return publish_report(results, folder)
