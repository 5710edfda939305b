from math import exp, log, sqrt

import pytest

from cartrial.results.kinetics.analyte import analytes
from cartrial.results.kinetics.parameters import parameter_table
from tests.unit.results.kinetics.trial import ADPP, small_trial
from tests.unit.results.made import cell, labels, who, why


def table(**instead: str):
    trial = small_trial(**instead)
    return parameter_table(trial, analytes(trial)[0])


def test_a_skewed_parameter_has_its_geometric_mean_and_cv():
    spread = [log(100), log(200), log(400)]
    middle = sum(spread) / 3
    variance = sum((x - middle) ** 2 for x in spread) / 2
    found = cell(table(), "Geometric mean (CV)")
    assert found["n"] == 3
    assert found["value"] == pytest.approx(200)
    assert found["cv"] == pytest.approx(100 * sqrt(exp(variance) - 1))
    assert cell(table(), "Median (min, max)") == {"n": 3, "median": 200, "min": 100, "max": 400}


def test_a_dose_level_with_one_value_has_no_cv():
    found = cell(table(), "Geometric mean (CV)", "2 × 10⁶/kg")
    assert found == {"n": 1, "value": pytest.approx(400), "cv": None}
    assert why(table(), "Geometric mean (CV)", "cv", "2 × 10⁶/kg") == "one value only"


def test_a_time_has_its_median_alone():
    rows = labels(table())
    of_tblq = rows[rows.index("Time to below quantification (day)") :]
    assert of_tblq[1:3] == ["Computed", "Median (min, max)"]


def test_why_a_parameter_is_missing_names_the_subjects_of_one_reason_together():
    notes = table().output.footnotes
    assert (
        "Time to below quantification: not computed in 3 subjects: B, D (still quantifiable at the "
        "last sample); C (no quantifiable sample)." in notes
    )
    assert any("D (sampled to day 7.0 only, not to day 28)" in note for note in notes)


def test_who_has_a_parameter_stands_behind_its_number():
    assert who(table(), "Computed") == "A B D"


def test_no_parameters_are_one_line():
    other = ADPP.replace("PPCAT = CAR DNA", "PPCAT = another")
    assert table(ADPP=other).output.empty == (
        "Not computed: no parameters of CAR DNA (no ADPP data)."
    )
