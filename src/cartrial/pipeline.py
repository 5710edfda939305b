"""The steps of a trial's analysis, each pure but the last, which writes.

    forms --tabulate--> SDTM --derive--> ADaM --analyse--> results --publish--> a folder
                                           ├--recommend--> the next dose
                                           └--review_dlt--> DLT and pause rules

The command line and the web application call these and nothing else.
"""

import datetime as dt
from pathlib import Path

from cartrial.adam.dataset import Adam
from cartrial.adam.derive import derive_adam
from cartrial.adam.state import dosing_state
from cartrial.dosing import conduct
from cartrial.dosing.decision import Recommendation
from cartrial.errors import StudyError
from cartrial.forms.catalogue import Forms
from cartrial.protocol.study import Study
from cartrial.report.publish import publish_report
from cartrial.results import dlt_review
from cartrial.results.analyse import analyse_trial
from cartrial.results.dlt_review import DltReview
from cartrial.results.result import Results
from cartrial.sdtm import tabulate as _tabulate
from cartrial.sdtm.domain import Sdtm


def tabulate(study: Study, forms: Forms) -> Sdtm:
    """The collected forms as SDTM."""
    return _tabulate.tabulate(study, forms)


def derive(study: Study, sdtm: Sdtm, cutoff: dt.date | None = None) -> Adam:
    """The analysis datasets at the data cut; without one, the last date in the data."""
    return derive_adam(study, sdtm, cutoff)


def recommend(study: Study, adam: Adam) -> Recommendation:
    """The dose of the next cohort by the study's design."""
    if study.design is None:
        raise StudyError("study.yaml: design: must be given to recommend a dose, got nothing")
    return conduct.recommend(study.design, study.dlt, dosing_state(study, adam), study.rules)


def review_dlt(study: Study, adam: Adam) -> DltReview:
    """The DLT status of each subject, the clauses behind it, disagreements, and pause rules."""
    return dlt_review.review_dlt(study, adam)


def analyse(study: Study, adam: Adam) -> Results:
    """The numbers of the report."""
    return analyse_trial(study, adam)


def publish(results: Results, folder: Path) -> tuple[Path, ...]:
    """Write results, `report.html` and `report.pdf`; the paths written."""
    return publish_report(results, folder)
