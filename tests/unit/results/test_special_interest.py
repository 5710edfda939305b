from cartrial.adam.adverse.special_interest import CATEGORIES
from cartrial.results.special_interest import special_interest
from tests.unit.results.made import cell, labels, output, trial, who

ADSL = """
SAFFL = Y
subject  TRT01AN
A        1
B        2
"""
ADAE = """
SAFFL = Y
subject  ATOXGRN  TRTEMFL  AESIFL  AESICAT    AECAT
A        1        Y        Y       CRS        CRS
A        3        Y        Y       Infection  -
A        2        Y        Y       Infection  -
B        -        Y        Y       Infection  -
B        4        -        Y       Infection  -
B        3        Y        -       -          -
"""


def table():
    return output(special_interest(trial(ADSL=ADSL, ADAE=ADAE)), "ae_special")


def test_events_after_the_infusion_are_counted_by_category():
    assert cell(table(), "Number of events") == {"events": 4, "n": 2}
    assert who(table(), "Infection") == "A B"
    assert who(table(), "CRS") == "A"


def test_a_subject_counts_at_its_worst_grade_and_a_missing_grade_has_its_line():
    assert labels(table())[-3:] == ["Infection", "Grade 3 or higher", "Grade missing"]
    assert who(table(), "Grade 3 or higher", nth=1) == "A"
    assert who(table(), "Grade missing", nth=1) == "B"


def test_every_category_has_its_line():
    assert set(CATEGORIES) <= set(labels(table()))
    assert cell(table(), "Second malignancy")["n"] == 0


def test_what_may_be_a_prolonged_cytopenia_is_said_and_not_counted():
    rows = ADAE.strip().splitlines()
    wider = [rows[0], f"{rows[1]}  AESIUFL", *(f"{row}  -" for row in rows[2:])]
    wider.append("A        3        Y        -       -          -      Y")
    parts = special_interest(trial(ADSL=ADSL, ADAE="\n".join(wider)))
    found = output(parts, "ae_special")
    assert cell(found, "Number of events")["events"] == 4
    assert "prolonged: 1 more cytopenia of 1 subject" in found.output.footnotes[-1]


def test_without_adverse_events_nothing_is_shown():
    [found] = special_interest(trial(ADSL=ADSL))
    assert found.output.empty == "Not collected: adverse events (no AE data)."
