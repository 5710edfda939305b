from typing import Any

import pytest

from cartrial.report.submission.guide import Chapter, Guide, Rows, guide_pdf
from cartrial.report.submission.registry import registry_guide
from cartrial.results.analyse import analyse_trial
from cartrial.results.registry import results_section
from tests.unit.results.made import trial

ADSL = """
LSTALVDT = 2026-01-20
SAFFL = Y
AGE = 60
subject  TRT01PN  TRT01AN  EOSSTT        DTHFL  COMP2YFL  SEX
A        1        1        COMPLETED     -      Y         F
B        1        1        DISCONTINUED  Y      -         M
C        2        2        ONGOING       -      -         F
"""
ADAE = """
SAFFL = Y
TRTEMFL = Y
subject  AEDECOD    AEBODSYS                     AESER
B        Pneumonia  Infections and infestations  Y
C        Cough      -                            N
"""


@pytest.fixture(scope="module")
def guide() -> Guide:
    made = trial(ADSL=ADSL, ADAE=ADAE)
    results = analyse_trial(made.study, made.adam)
    return registry_guide(results, results_section(made.study, made.adam, results))


def chapter(guide: Guide, title: str, below: str = "") -> Chapter:
    found = next(one for one in guide.chapters if one.title == title)
    return next((one for one in found.below if one.title == below), found)


def rows(found: Chapter) -> list[Any]:
    return [part for part in found.parts if isinstance(part, Rows)]


def test_the_flow_stands_as_it_is_typed_in(guide: Guide):
    milestones, reasons = rows(chapter(guide, "Participant flow", "Overall Study"))
    assert milestones.header == ("Milestone", "1 × 10⁶/kg", "2 × 10⁶/kg", "4 × 10⁶/kg")
    assert milestones.rows[0] == ("STARTED", "2", "1", "0")
    assert milestones.rows[-2:] == (
        ("COMPLETED", "1", "0", "0"),
        ("NOT COMPLETED", "1", "1", "0"),
    )
    assert reasons.rows == (
        ("Death", "1", "0", "0"),
        ("Still in follow-up at the data cut", "0", "1", "0"),
    )


def test_a_characteristic_has_its_kind_and_its_numbers(guide: Guide):
    age = chapter(guide, "Baseline characteristics", "Age, Continuous")
    assert age.parts[0] == "Data: MEDIAN; FULL_RANGE; years"
    assert rows(age)[0].rows[-1][1] == "60.0 (60.0 to 60.0)"


def test_an_outcome_that_is_not_posted_has_no_table(guide: Guide):
    dlt = chapter(guide, "Outcome measures", "Incidence of DLT")
    assert "Reporting status: NOT_POSTED" in dlt.parts
    assert rows(dlt) == []


def test_events_stand_with_affected_at_risk_and_events(guide: Guide):
    serious = chapter(guide, "Adverse events", "Serious adverse events")
    [table] = rows(serious)
    assert table.rows == (
        ("Pneumonia", "Infections and infestations", "1 / 2 [1]", "0 / 1 [0]", "0 / 0 [0]"),
    )
    [totals] = rows(chapter(guide, "Adverse events"))
    assert totals.rows[0] == ("All-cause mortality", "1 / 2", "0 / 1", "0 / 0")


def test_it_is_paper_twice_alike(guide: Guide):
    assert guide_pdf(guide) == guide_pdf(guide)
