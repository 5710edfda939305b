import pytest

from cartrial import pipeline
from cartrial.adam.file.define import define_adam
from cartrial.cdisc.define.model import Define
from cartrial.cdisc.terminology import packaged
from cartrial.protocol.read import packaged_study
from cartrial.report.submission.delivery import Delivery
from cartrial.schema import Finding
from cartrial.sdtm.define.define import define_sdtm
from cartrial.virtual.scenario import packaged_scenario
from cartrial.virtual.trial import simulate_trial

STUDY = packaged_study()
FOUND = (
    Finding("AE", "001-001, 3", "AEDECOD", "be a term of CTCAE", "Feverr"),
    Finding("AE", "001-002, 1", "AEDECOD", "be a term of CTCAE", "Coug"),
    Finding("ADLB", "", "", "have results", "none", severity="warning"),
)


@pytest.fixture(scope="session")
def delivery() -> Delivery:
    """Six virtual subjects, with findings that are made up."""
    forms = simulate_trial(STUDY, subjects=6, seed=7, scenario=packaged_scenario()).forms
    sdtm = pipeline.tabulate(STUDY, forms)
    return Delivery(
        study=STUDY,
        sdtm=sdtm,
        adam=pipeline.derive(STUDY, sdtm),
        findings=FOUND,
        terminology=packaged(),
        collected=True,
        software={"Python": "3.11.0", "cartrial": "0.1.0"},
        study_file=b"a study file",
    )


@pytest.fixture(scope="session")
def sdtm_define(delivery: Delivery) -> Define:
    return define_sdtm(STUDY, delivery.sdtm, delivery.terminology, form="xpt")


@pytest.fixture(scope="session")
def adam_define(delivery: Delivery) -> Define:
    return define_adam(STUDY, delivery.adam, delivery.terminology, form="xpt")
