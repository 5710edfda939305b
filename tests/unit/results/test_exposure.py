from cartrial.results.exposure import exposure
from tests.unit.results.made import cell, labels, output, trial, who, why

ADSL = """
subject  TRT01AN  SAFFL  CARDOSP  CARDOSA  CARDOSR  CARDOSU
A        1        Y      1        1        1.0      10^6/kg
B        1        Y      1        0.7      0.7      10^6/kg
C        2        Y      2        2.6      1.3      10^6/kg
D        2        Y      2        -        -        10^6/kg
"""
ADEX = """
subject  EXTRT        EXCAT            DOSEA  DOSEU
A        Fludarabine  LYMPHODEPLETION  30     mg/m2
A        Fludarabine  LYMPHODEPLETION  30     mg/m2
A        Fludarabine  LYMPHODEPLETION  30     mg/m2
B        Fludarabine  LYMPHODEPLETION  30     mg/m2
B        Fludarabine  LYMPHODEPLETION  -      mg/m2
C        Fludarabine  LYMPHODEPLETION  45     mg/m2
"""


def test_the_dose_given_stands_against_the_planned_one():
    table = output(exposure(trial(ADSL=ADSL, ADEX=ADEX)), "exposure")
    assert cell(table, "Given, percent of planned") == {
        "n": 3,
        "median": 100,
        "min": 70,
        "max": 130,
    }
    assert who(table, "Less than 80% of planned") == "B"
    assert who(table, "More than 120% of planned") == "C"
    assert cell(table, "Less than 80% of planned")["of"] == 3
    assert who(table, "Dose given not known") == "D"


def test_a_lymphodepletion_dose_that_is_not_known_is_in_no_total():
    table = output(exposure(trial(ADSL=ADSL, ADEX=ADEX)), "lymphodepletion")
    assert who(table, "Given") == "A B C"
    assert who(table, "Total dose (mg/m2)") == "A C"
    assert cell(table, "Percent of planned") == {"n": 2, "median": 75, "min": 50, "max": 100}


def test_doses_that_were_not_collected_are_one_line():
    parts = exposure(trial(ADSL="subject  SAFFL\nA  Y"))
    assert [part.output.empty for part in parts] == [
        "Not collected: the dose given.",
        "Not collected: lymphodepletion.",
    ]


def test_without_a_planned_dose_the_ratio_says_so():
    made = trial(ADSL="subject  TRT01AN  SAFFL  CARDOSA\nA  1  Y  2")
    table = output(exposure(made), "exposure")
    assert why(table, "Given, percent of planned", "n") == "no planned dose to compare with"
    assert not any(label.startswith("Planned dose") for label in labels(table))


def test_doses_in_several_units_are_not_added_up():
    mixed = ADEX.replace("C        Fludarabine  LYMPHODEPLETION  45     mg/m2", "") + (
        "C        Fludarabine  LYMPHODEPLETION  45     mg\n"
    )
    table = output(exposure(trial(ADSL=ADSL, ADEX=mixed)), "lymphodepletion")
    assert who(table, "Given") == "A B C"
    assert why(table, "Total dose", "n") == "doses in mg and mg/m2"
