"""ICAHT: the ten published synthetic patients (see README.md)."""

import csv
from pathlib import Path

import pytest

from cartrial.grading.icaht import icaht, run_grade

FOLDER = Path(__file__).parent


def rows(name):
    with (FOLDER / name).open(encoding="utf-8") as file:
        return {row["patient"]: row for row in csv.DictReader(file)}


SERIES, PUBLISHED = rows("series.csv"), rows("published.csv")


def graded(patient):
    row = SERIES[patient]
    pairs = (pair.split(":") for pair in row["counts"].split())
    counts = [(int(day), int(count) / 1000) for day, count in pairs]
    return icaht(counts, followed_to=int(row["followed_to"]), stop=row["stop"])


def days(run):
    return run.days if run else 0


@pytest.mark.parametrize("patient", PUBLISHED)
def test_the_longest_runs(patient):
    found, published = graded(patient), PUBLISHED[patient]
    assert days(found.severe) == int(published["severe"])
    assert days(found.profound) == int(published["profound"])


@pytest.mark.parametrize("patient", PUBLISHED)
def test_the_early_grade(patient):
    assert graded(patient).early.certain == int(PUBLISHED[patient]["early"])


@pytest.mark.parametrize("patient", PUBLISHED)
def test_the_late_grade(patient):
    late, published = graded(patient).late, PUBLISHED[patient]["late"]
    assert late.certain == (int(published) if published else None)
    assert (late.words == "not assessable") == (published == "")


def test_patient_8_is_grade_3_by_the_runs_alone():
    published = PUBLISHED["8"]
    assert run_grade(severe=int(published["severe"]), profound=int(published["profound"])) == 3
