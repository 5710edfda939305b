"""CTCAE grades do not determine an ASTCT grade: the published patients of README.md."""

import csv
import datetime as dt
from dataclasses import asdict, replace
from pathlib import Path

import polars as pl
import pytest

from cartrial.grading.crs import SCALE, CrsSigns, crs_grade
from cartrial.grading.episodes import derive_crs_grades

with Path(__file__).with_name("crs.csv").open(encoding="utf-8") as file:
    PATIENTS = {row["patient"]: row for row in csv.DictReader(file)}
EVENTS = ("fever", "hypotension", "hypoxia")
FEVER = {1: 38.0, 2: 39.0, 3: 40.0, 4: 40.0, 5: 38.0}  # °C, the least that a CTCAE grade tells


def ctcae(patient: str) -> dict[str, int]:
    return {event: int(grade) for event in EVENTS if (grade := PATIENTS[patient][event])}


def signs_of(patient: str) -> CrsSigns:
    """What the CTCAE grades tell of the signs of CRS.

    Fever tells the least temperature, not its cause; hypotension tells a sign, not the number of
    vasopressors; hypoxia tells no device. An event that is not named is unknown.
    """
    grades = ctcae(patient)
    return CrsSigns(
        temperature=FEVER.get(grades.get("fever", 0)),
        hypotension=True if "hypotension" in grades else None,
    )


@pytest.mark.parametrize("patient", PATIENTS)
def test_ctcae_grades_give_no_astct_grade_and_what_is_missing_is_named(patient: str) -> None:
    grade = crs_grade(signs_of(patient), was_open=False)
    assert grade.words == "not assessable"
    assert (grade.lowest, grade.highest) == (0, 4)
    assert {
        "Fever has a cause other than CRS",
        "Hypotension has a cause other than CRS",
        "Vasopressors, vasopressin not counted",
        "Vasopressin",
        "Oxygen support",
        "Oxygen need has a cause other than CRS",
    } <= set(grade.missing)


@pytest.mark.parametrize("patient", PATIENTS)
def test_even_if_all_is_due_to_crs_the_grade_is_open_and_holds_the_published_one(
    patient: str,
) -> None:
    due = {"other_cause": False, "pressure_other_cause": False, "oxygen_other_cause": False}
    signs = replace(signs_of(patient), **due)
    grade = crs_grade(signs, was_open=False)
    assert grade.certain is None
    assert grade.words == f"at least grade {2 if signs.hypotension else 1}"
    assert grade.lowest <= int(PATIENTS[patient]["crs"]) <= grade.highest == 4


def test_what_ctcae_tells_is_kept_as_an_input() -> None:
    grade = crs_grade(signs_of("2"), was_open=False)
    assert dict(grade.inputs) == {
        "Highest temperature since the last assessment": "39 °C",
        "Hypotension": "yes",
        "An episode of CRS is open": "no",
    }


def test_the_recorded_grade_stays_beside_the_derived_one_with_its_own_scale() -> None:
    at = dt.datetime(2020, 1, 1)
    rows = [
        {
            "subject": patient,
            "at": at,
            "grade": int(row["crs"]),
            **asdict(signs_of(patient)),
        }
        for patient, row in PATIENTS.items()
    ]
    graded = derive_crs_grades(pl.DataFrame(rows, infer_schema_length=None))
    recorded = {row["subject"]: (row["grade"], row["words"]) for row in graded.to_dicts()}
    assert recorded == {
        patient: (int(row["crs"]), "not assessable") for patient, row in PATIENTS.items()
    }
    assert {row["scale"] for row in PATIENTS.values()}.isdisjoint({SCALE})
