from dataclasses import replace

import polars as pl
import pytest

from cartrial import schema as s
from cartrial.forms.adverse import AeGrade
from cartrial.forms.catalogue import Forms
from cartrial.forms.checks import Planned, check_forms
from cartrial.forms.laboratory import Laboratory
from tests.unit.forms.tables import filled

PLANNED = Planned(levels=3, criteria=5, analytes={"qPCR": ("CAR",), "flow": ("CAR+ T cells",)})
ENROLLED = """
    subject  consented   born
    001-001  2024-01-10  1961-05-17
    001-002  2024-02     1950
"""


def found(demographics: str = ENROLLED, **tables: str) -> list[str]:
    return [str(f) for f in check_forms(filled(demographics=demographics, **tables), PLANNED)]


def test_forms_that_agree_have_no_finding() -> None:
    given = """
        subject  number  at          level
        001-001  1       2024-03-01  1
    """
    assert found(infusion=given) == []


def test_a_subject_outside_demographics_is_told_once_for_all_forms() -> None:
    contact = """
        subject  on          status
        001-009  2024-03-01  alive
    """
    pulse = """
        subject  at                pulse
        001-009  2024-04-01T08:00  80
    """
    (told,) = found(survival_contact=contact, vital_signs=pulse)
    assert told.startswith("vital_signs.csv: subject 001-009: subject: must stand in demographics")
    assert "got 2 rows of a subject that does not, in 2 forms. " in told


def test_rows_of_a_subject_outside_demographics_are_counted() -> None:
    given = """
        subject  on          status
        001-009  2024-03-01  alive
        001-009  2024-04-01  alive
        001-001  2024-04-01  alive
    """
    assert found(survival_contact=given) == [
        "survival_contact.csv: subject 001-009: subject: must stand in demographics.csv, "
        "got 2 rows of a subject that does not. Add the subject there, or correct it here"
    ]


def test_an_event_before_birth_is_named_without_the_date_of_birth() -> None:
    given = """
        subject  number  term   scale  started
        001-001  1       Fever  CTCAE  1951-05-16
        001-002  1       Fever  CTCAE  1949
    """
    first, second = (line for line in found(adverse_event=given) if "birth" in line)
    assert first == (
        "adverse_event.csv: subject 001-001, number 1: started: must not be before the date of "
        "birth, got 1951-05-16. Correct it, or the date of birth in demographics.csv"
    )
    assert "got 1949." in second
    assert "1961" not in first
    assert "1950" not in second


@pytest.mark.parametrize("started", ["1961-05-17", "1961-05", "1961", "2024"])
def test_a_date_that_may_be_after_birth_is_no_finding(started: str) -> None:
    given = f"""
        subject  number  term   scale  started
        001-001  1       Fever  CTCAE  {started}
    """
    assert not [line for line in found(adverse_event=given) if "birth" in line]


def test_an_infusion_before_consent() -> None:
    given = """
        subject  number  at
        001-001  1       2024-01-09T23:59
        001-002  1       2024-02
    """
    assert found(infusion=given) == [
        "infusion.csv: subject 001-001, number 1: at: must not be before informed consent, got "
        "2024-01-09T23:59. Correct it, or the date of consent in demographics.csv"
    ]


def test_an_event_after_death_but_not_the_committee() -> None:
    lines = found(
        death="""
            subject  on          cause    adjudicated
            001-001  2024-06-30  myeloma  no
        """,
        dlt_adjudication="""
            subject  verdict  decided
            001-001  no DLT   2024-08-01
        """,
        vital_signs="""
            subject  at                pulse
            001-001  2024-06-30T23:00  80
            001-001  2024-07-01T00:00  80
        """,
        survival_contact="""
            subject  on          status
            001-001  2024-07-09  dead
            001-001  2024-07-10  alive
        """,
    )
    assert [line.partition(". ")[0] for line in lines] == [
        "vital_signs.csv: subject 001-001, at 2024-07-01T00:00: at: "
        "must not be after the subject's death, got 2024-07-01T00:00",
        "survival_contact.csv: subject 001-001, on 2024-07-10: on: "
        "must not be after the subject's death, got 2024-07-10",
    ]


def test_an_end_before_its_start() -> None:
    given = """
        subject  number  drug         kind         started     ended
        001-001  1       Tocilizumab  tocilizumab  2024-03-03  2024-03-02
        001-001  2       Tocilizumab  tocilizumab  2024-03-03  2024-03
    """
    assert found(medication=given) == [
        "medication.csv: subject 001-001, number 1: ended: must not be before `started` of its "
        "row, got 2024-03-02"
    ]


def test_a_level_above_the_plan() -> None:
    given = """
        subject  number  level
        001-001  1       3
        001-002  1       4
    """
    assert found(infusion=given) == [
        "infusion.csv: subject 001-002, number 1: level: must be at most 3, as the study file "
        "has 3 dose levels, got 4"
    ]


def test_an_analyte_that_the_study_does_not_name() -> None:
    given = """
        subject  at          analyte  specimen  status        lloq
        001-001  2024-03-01  CAR      blood     not detected  -
        001-001  2024-03-01  CD19     blood     not detected  -
    """
    assert found(car_transgene=given) == [
        "car_transgene.csv: subject 001-001, at 2024-03-01, analyte CD19, specimen blood: "
        "analyte: must be an analyte of the study file (CAR), got CD19. "
        "Add it under `analytes` there"
    ]


def test_a_study_without_analytes_plans_none() -> None:
    given = """
        subject  at          analyte  specimen  status
        001-001  2024-03-01  CAR      blood     not detected
    """
    forms = filled(demographics=ENROLLED, car_flow=given)
    (finding,) = check_forms(forms, Planned(levels=1, criteria=0, analytes={}))
    assert finding.must == "be an analyte of the study file (none by flow is there)"


def test_an_unknown_laboratory_unit_is_told_once() -> None:
    given = """
        subject  at          analyte  specimen  value  unit
        001-001  2024-03-01  HGB      blood     90     g/L
        001-001  2024-03-02  HGB      blood     9.1    furlong
        001-001  2024-03-03  HGB      blood     9.2    furlong
    """
    (line,) = found(laboratory=given)
    assert line.startswith(
        "laboratory.csv: subject 001-001, at 2024-03-02, analyte HGB, specimen blood: unit: "
        "must be a unit of HGB, such as "
    )
    assert line.endswith(", got furlong (and 1 more row)")


def test_an_unknown_laboratory_code_is_a_warning_with_the_nearest_code() -> None:
    given = """
        subject  at          analyte  specimen  value  unit
        001-001  2024-03-01  NEUTR    blood     2      10^9/L
    """
    (finding,) = check_forms(filled(demographics=ENROLLED, laboratory=given), PLANNED)
    assert finding.severity == "warning"
    assert finding.remedy == "Did you mean NEUT?"


def test_m_protein_of_serum_is_not_counted_by_the_day() -> None:
    given = """
        subject  on          specimen    m_protein  unit
        001-001  2024-03-01  serum       12         g/24h
        001-001  2024-03-01  24 h urine  120        mg/24h
    """
    assert found(m_protein=given) == [
        "m_protein.csv: subject 001-001, on 2024-03-01, specimen serum: unit: must be one of "
        "g/L, g/dL in serum, got g/24h"
    ]


def test_grades_and_decisions_name_an_event_of_their_subject() -> None:
    lines = found(
        adverse_event="""
            subject  number  term   scale
            001-001  1       Fever  CTCAE
        """,
        ae_grade="""
            subject  number  since       grade
            001-001  1       2024-03-02  2
            001-001  2       2024-03-02  3
        """,
        medication="""
            subject  number  drug         kind         event
            001-002  1       Tocilizumab  tocilizumab  1
        """,
    )
    assert lines == [
        "ae_grade.csv: subject 001-001, number 2, since 2024-03-02: number: "
        "must be the number of an event of the subject in adverse_event.csv, got 2",
        "medication.csv: subject 001-002, number 1: event: "
        "must be the number of an event of the subject in adverse_event.csv, got 1",
    ]


def test_a_sign_belongs_to_a_syndrome() -> None:
    lines = found(
        adverse_event="""
            subject  number  term   scale  syndrome  component_of
            001-001  1       CRS    ASTCT  CRS       -
            001-001  2       Fever  CTCAE  -         1
            001-001  3       Chill  CTCAE  -         2
            001-001  4       Sweat  CTCAE  -         9
        """,
        ae_grade="""
            subject  number  since       grade
            001-001  1       2024-03-02  2
            001-001  2       2024-03-02  2
            001-001  3       2024-03-02  1
            001-001  4       2024-03-02  1
        """,
    )
    assert lines == [
        "adverse_event.csv: subject 001-001, number 4: component_of: "
        "must be the number of an event of the subject in adverse_event.csv, got 9",
        "adverse_event.csv: subject 001-001, number 3: component_of: "
        "must name an event with a syndrome (CRS or ICANS), got 2",
    ]


def test_an_event_without_a_grade_is_a_warning() -> None:
    given = """
        subject  number  term   scale
        001-001  1       Fever  CTCAE
        001-001  2       Chill  CTCAE
    """
    forms = filled(demographics=ENROLLED, adverse_event=given)
    (finding,) = check_forms(forms, PLANNED)
    assert (finding.severity, finding.got) == ("warning", "2 events without a grade")
    graded = dict(forms.tables) | {"ae_grade": s.empty(AeGrade)}
    each = check_forms(Forms(graded), PLANNED)
    assert [(f.severity, f.rows) for f in each] == [
        ("warning", "subject 001-001, number 1"),
        ("warning", "subject 001-001, number 2"),
    ]


def test_infusions_count_from_one() -> None:
    given = """
        subject  number
        001-001  2
        001-002  1
        001-002  2
    """
    assert found(infusion=given) == [
        "infusion.csv: subject 001-001, number 2: number: "
        "must count a subject's infusions as 1, 2, ... without a gap, got 2"
    ]


def test_a_published_count_never_stands_beside_the_subjects_it_counts() -> None:
    margin = """
        analysis  group  category   subjects  of  scale    source
        CRS       All    any grade  25        33  unknown  paper
    """
    assert found(published_margin=margin) == []
    event = """
        subject  number  term  scale  syndrome
        001-001  1       CRS   ASTCT  CRS
    """
    line = found(published_margin=margin, adverse_event=event)[-1]
    assert line.startswith(
        "published_margin.csv: analysis CRS, group All, category any grade: analysis: "
        "must stand for what was not collected by subject, got CRS"
    )


def test_a_verdict_names_a_clause_of_the_study_or_says_its_reason_in_words() -> None:
    verdicts = """
        subject  verdict  decided     met         clause
        001-001  DLT      2024-03-01  2024-03-01  {}
    """
    planned = replace(PLANNED, clauses=("crs-3", "CRS of grade 3", "seizure", "Seizure"))

    def said(clause: str, plan: Planned = planned) -> list[str]:
        forms = filled(demographics=ENROLLED, dlt_adjudication=verdicts.format(clause))
        found = check_forms(forms, plan)
        assert all(finding.severity == "warning" for finding in found)
        return [str(finding) for finding in found]

    for known in ("crs-3", "CRS-3", "Seizure", "sepsis with shock", "-"):
        assert said(known) == []
    assert said("crs-33") == [
        "dlt_adjudication.csv: subject 001-001: clause: must be the id of a clause of the study "
        "file, or a reason in words, got another word. Did you mean crs-3?"
    ]
    assert said("crs-33", PLANNED) == []


@pytest.mark.parametrize("column", ["value", "low", "high"])
def test_a_laboratory_value_or_limit_below_0_is_an_error(column: str) -> None:
    cells = {"value": "40", "low": "35", "high": "50"} | {column: "-4"}
    if column == "high":
        cells["low"] = "-5"
    raw = pl.DataFrame(
        {"subject": "001", "at": "2024-03-01", "analyte": "ALB", "specimen": "serum", "unit": "g/L"}
        | cells
    )
    found = s.parse(Laboratory, raw, place="laboratory.csv").findings
    [line] = [str(one) for one in found if one.column == column]
    assert line.endswith(f"specimen serum: {column}: must be at least 0, got -4.0")


FAULTS = {  # one in each form, that the others do not share
    "vital_signs": "subject  at                pulse\n001-001  1950-04-01T08:00  80",
    "survival_contact": "subject  on          status\n001-009  2024-03-01  alive",
    "infusion": "subject  number  at          level\n001-001  2       2024-03-01  4",
    "adverse_event": "subject  number  term   scale  started\n001-001  1       Fever  CTCAE  1949",
    "laboratory": "subject  at  specimen  analyte  value  unit\n001-001  2024  blood  HGB  12  mL",
}


@pytest.mark.parametrize("form", FAULTS)
def test_what_is_found_in_some_rows_is_what_all_forms_find_in_them(form: str) -> None:
    forms = filled(demographics=ENROLLED, **FAULTS)
    every = check_forms(forms, PLANNED)
    mine = check_forms(forms, PLANNED, Forms({form: forms.tables[form]}))
    assert mine
    assert mine == [finding for finding in every if finding.table == f"{form}.csv"]
