import pytest

from cartrial.results.adverse import adverse
from tests.unit.results.made import cell, labels, output, trial, who, why

ADSL = """
subject  TRT01AN  SAFFL
A        1        Y
B        1        Y
C        2        Y
D        -        -
"""
ADAE = """
subject  AEDECOD  AEBODSYS  ATOXGRN  SAFFL  TRTEMFL  ARELFL  ARELMFL  REGFL  TABFL  AESER  AEOUT
A        Rash     Skin      2        Y      Y        Y       -        Y      Y      N      RECOVERED
A        Rash     Skin      3        Y      Y        Y       -        Y      Y      Y      RECOVERED
A        Fever    General   1        Y      Y        Y       -        Y      -      N      RECOVERED
B        Rash     Skin      1        Y      Y        Y       Y        Y      Y      N      RECOVERED
B        Itch     Skin      -        Y      Y        Y       -        Y      Y      -      RECOVERED
B        Cough    Lung      2        Y      Y        -       -        Y      Y      N      RECOVERED
C        Rash     Skin      4        Y      -        Y       -        -      Y      N      RECOVERED
C        Sepsis   Infect    5        Y      Y        Y       -        Y      Y      Y      FATAL
D        Cough    Lung      1        -      -        -       -        -      Y      N      RECOVERED
"""
ONE, TWO = "1 × 10⁶/kg", "2 × 10⁶/kg"


def parts():
    return adverse(trial(ADSL=ADSL, ADAE=ADAE))


def test_the_registered_table_holds_related_events_after_the_infusion_that_stand_alone():
    table = output(parts(), "ae_registered")
    assert cell(table, "Number of events") == {"events": 5, "n": 3}
    assert labels(table) == [
        "Number of events",
        "Any event",
        "Grade 3 or higher",
        "Grade missing",
        "Skin",
        "Grade 3 or higher",
        "Grade missing",
        "Rash",
        "Grade 3 or higher",
        "Itch",
        "Grade missing",
        "Infect",
        "Grade 3 or higher",
        "Sepsis",
        "Grade 3 or higher",
    ]


def test_a_subject_counts_once_at_its_worst_grade():
    table = output(parts(), "ae_registered")
    assert cell(table, "Rash") == pytest.approx({"n": 2, "of": 3, "percent": 200 / 3})
    assert who(table, "Rash") == "A B"
    assert who(table, "Grade 3 or higher", nth=2) == "A"
    assert cell(table, "Rash", TWO)["n"] == 0


def test_a_missing_grade_has_its_own_line_and_is_no_grade():
    table = output(parts(), "ae_registered")
    assert who(table, "Grade missing") == "B"
    grades = output(parts(), "ae_registered_grades")
    assert who(grades, "Itch", "Grade missing") == "B"
    assert [cell(grades, "Itch", f"Grade {n}")["n"] for n in range(1, 6)] == [0] * 5


def test_the_grades_of_a_line_add_up_to_any():
    grades = output(parts(), "ae_all_grades")
    for row in grades.output.rows:
        found = {
            c["group"]: c["value"]
            for c in grades.cells
            if c["row"] == row.number and c["statistic"] == "n"
        }
        assert found.pop("Any") == sum(found.values())


def test_all_events_hold_every_cause_and_time_and_those_who_were_not_infused():
    table = output(parts(), "ae_all")
    assert cell(table, "Number of events")["events"] == 8
    assert cell(table, "Number of events", "Not infused") == {"events": 1, "n": 1}
    assert who(table, "Cough") == "B"
    assert who(table, "Cough", "Not infused") == "D"


def test_the_overview_says_where_causality_is_missing():
    table = output(parts(), "ae_overview")
    assert cell(table, "All recorded events")["events"] == 8
    assert cell(table, "Any event")["n"] == 3
    assert cell(table, "Serious", nth=1) == pytest.approx({"n": 2, "of": 3, "percent": 200 / 3})
    assert who(table, "Fatal") == "C"
    assert cell(table, "Causality missing, counted as related") == {"events": 1, "n": 1}


def test_serious_events_after_the_infusion_stand_by_term():
    table = output(parts(), "ae_serious")
    assert cell(table, "Number of events") == {"events": 2, "n": 2}
    assert who(table, "Rash") == "A"
    assert who(table, "Sepsis") == "C"
    assert "Itch" not in labels(table)
    unsaid = "Not said to be serious or not, and not counted as serious: 1 event."
    assert unsaid in table.output.footnotes


def test_seriousness_that_was_not_collected_is_not_none():
    ae = "SAFFL = Y\nTRTEMFL = Y\nsubject  AEDECOD  ATOXGRN\nA  Rash  2"
    table = output(adverse(trial(ADSL=ADSL, ADAE=ae)), "ae_serious")
    assert table.output.empty == "Not collected: whether an event was serious."


def test_the_grade_is_said_to_be_the_worst_from_the_infusion_on():
    notes = " ".join(output(parts(), "ae_all_grades").output.footnotes)
    assert "the worst from the infusion on" in notes
    assert "of an event that ended before it" in notes
    assert "Causality missing, counted as related: 1 event." in (
        output(parts(), "ae_registered").output.footnotes
    )


def test_the_share_of_an_empty_group_is_missing_with_its_reason():
    table = output(parts(), "ae_overview")
    assert cell(table, "Any event", "4 × 10⁶/kg")["percent"] is None
    assert why(table, "Any event", "percent", "4 × 10⁶/kg") == "nobody in this group"


def test_terms_in_capitals_are_written_as_sentences():
    ae = ADAE.replace("Rash", "RASH").replace("Itch", "ITCH").replace("Fever", "FEVER")
    ae = ae.replace("Sepsis", "SEPSIS").replace("Cough", "COUGH")
    table = output(adverse(trial(ADSL=ADSL, ADAE=ae)), "ae_all")
    assert "Rash" in labels(table)


def test_adverse_events_that_were_not_collected_are_one_line():
    [table] = adverse(trial(ADSL=ADSL))
    assert table.output.empty == "Not collected: adverse events (no AE data)."


def test_collected_without_an_event_is_a_table_of_zeros():
    header = ADAE.strip().splitlines()[0]
    table = output(adverse(trial(ADSL=ADSL, ADAE=header)), "ae_registered")
    assert table.output.empty == ""
    assert cell(table, "Any event")["n"] == 0


def test_the_overview_counts_what_is_of_special_interest_and_dose_limiting():
    events = """
    SAFFL = Y
    TRTEMFL = Y
    subject  AEDECOD  ATOXGRN  AESIFL  AEDLT  ARELFL  REGFL
    A        Sepsis   4        Y       Y      Y       Y
    B        Rash     1        -       N      -       Y
    C        CRS      2        Y       -      Y       Y
    """
    table = output(adverse(trial(ADSL=ADSL, ADAE=events)), "ae_overview")
    assert who(table, "Of special interest") == "A C"
    assert who(table, "Dose-limiting by the investigator") == "A"
    assert why(table, "Serious", "n") == "not collected"
