import pytest

from cartrial.results.baseline import baseline
from tests.unit.results.made import cell, labels, trial, who

ADSL = """
subject  TRT01AN  SAFFL  AGE  SEX  RACE   ISS  HIRISKFL
A        1        Y      50   F    ASIAN  I    Y
B        1        Y      60   M    ASIAN  II   -
C        2        Y      70   M    ASIAN  I    N
D        -        -      20   F    ASIAN  I    N
"""


def table():
    return baseline(trial(ADSL=ADSL))[0]


def test_measured_values_are_of_the_infused_alone():
    assert cell(table(), "Mean (SD)") == pytest.approx({"n": 3, "mean": 60, "sd": 10})
    assert cell(table(), "Median (min, max)") == {"n": 3, "median": 60, "min": 50, "max": 70}


def test_one_value_has_no_standard_deviation():
    assert cell(table(), "Mean (SD)", "2 × 10⁶/kg") == {"n": 1, "mean": 70, "sd": None}


def test_categories_keep_their_subjects_and_unknown_is_one():
    assert who(table(), "Male") == "B C"
    assert who(table(), "I") == "A C"
    assert who(table(), "Yes") == "A"
    assert who(table(), "Unknown") == "B"


def test_race_is_left_out_where_all_are_of_one():
    assert "Race" not in labels(table())


def test_what_was_not_collected_is_named():
    [note] = [n for n in table().output.footnotes if n.startswith("Not collected")]
    assert "ECOG performance status" in note
    assert "ISS stage" not in note.replace("R-ISS stage", "")


def test_time_since_diagnosis_says_from_when_to_when():
    known = baseline(trial(ADSL="subject  TRT01AN  SAFFL  MDXDUR\nA  1  Y  40.5"))[0]
    assert known.output.footnotes[1].startswith("Time since diagnosis: to the date of consent")
    assert not any("Time since diagnosis:" in note for note in table().output.footnotes)


def test_where_nobody_was_infused_that_is_said():
    [empty] = baseline(trial(ADSL="subject  SAFFL\nA  -"))
    assert empty.output.empty == "Nobody was infused."


def test_nothing_collected_is_one_line():
    [empty] = baseline(trial(ADSL="subject  SAFFL\nA  Y"))
    assert empty.output.empty == "Not collected: characteristics of the subjects at baseline."
