from cartrial.results.listing import listings
from tests.unit.results.made import cell, output, trial, why

ADSL = """
TRTSDT = 2025-01-01
LSTALVDT = 2025-06-01
SAFFL = Y
subject  TRT01AN  DTHFL  DTHDT       DTHCAUS  DTHADJFL  DTHCARFL
A        1        Y      2025-01-11  SEPSIS   Y         Y
B        2        Y      2025-02-01  MYELOMA  -         -
C        2        -      -           -        -         -
"""
ADAE = """
subject  AEDECOD  AESER  ATOXGRN  AEREL  ASTDAY
A        Sepsis   Y      -        -      5
B        Rash     N      1        NONE   6
"""


def test_a_death_that_nobody_adjudicated_awaits_it():
    table = output(listings(trial(ADSL=ADSL)), "deaths")
    assert cell(table, "A", "Day") == {"text": "10"}
    assert cell(table, "A", "Related to the product") == {"text": "yes"}
    assert cell(table, "B", "Cause adjudicated") == {"text": "awaits adjudication"}
    assert cell(table, "B", "Related to the product") == {"text": "not known"}
    assert [row.label for row in table.output.rows] == ["A", "B"]


def test_a_serious_event_says_what_is_missing():
    table = output(listings(trial(ADSL=ADSL, ADAE=ADAE)), "serious_events")
    assert [row.label for row in table.output.rows] == ["A"]
    assert cell(table, "A", "Grade") == {"text": "grade missing"}
    assert cell(table, "A", "Causality") == {"text": "missing, counted as related"}
    assert why(table, "A", "text", "Outcome") == "not given"


def test_nothing_to_list_is_said():
    found = listings(trial(ADSL=ADSL, ADAE=ADAE.replace(" Y ", " N "), ADCE="subject\nA"))
    assert output(found, "serious_events").output.empty == "No serious adverse event."


def test_deaths_are_not_collected_where_nobody_was_followed():
    found = output(listings(trial(ADSL="subject  SAFFL\nA  Y")), "deaths")
    assert found.output.empty == "Not collected: deaths (no dates of follow-up)."


def test_an_episode_says_its_derived_grade_and_the_days_of_its_treatment():
    adce = """
    subject  ACAT   ATOXGRN  DTOXGR            TOCIFL  TOCIDAYS  STERFL  STERDAYS
    A        CRS    2        at least grade 1  Y       2         Y       -
    B        ICANS  1        -                 N       0         -       -
    """
    table = output(listings(trial(ADSL=ADSL, ADCE=adce)), "episodes")
    assert cell(table, "A", "Derived") == {"text": "at least grade 1"}
    assert cell(table, "A", "Tocilizumab") == {"text": "yes, 2 days"}
    assert cell(table, "A", "Steroid") == {"text": "yes"}
    assert cell(table, "B", "Derived") == {"text": "no assessment"}
    assert cell(table, "B", "Tocilizumab") == {"text": "no"}
    assert cell(table, "B", "Steroid") == {"text": "not collected"}
