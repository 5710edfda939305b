from cartrial.results.flow import flow
from tests.unit.results.made import cell, labels, output, trial, who, why

ADSL = """
subject  TRT01PN  TRT01AN  APHFL  LDSTDT      SAFFL  EOSSTT        DTHFL  COMP2YFL  DCSREAS
A        1        1        Y      2024-01-01  Y      COMPLETED     -      Y         -
B        1        1        Y      2024-02-01  Y      DISCONTINUED  Y      Y         DEATH
C        2        2        Y      2025-12-01  Y      ONGOING       -      -         -
D        2        -        Y      -           -      DISCONTINUED  -      -         TOO ILL
E        -        -        -      -           -      ONGOING       -      -         -
"""
FOLLOWED = "LSTALVDT = 2026-01-20\n"


def test_each_step_counts_its_subjects():
    table = output(flow(trial(ADSL=FOLLOWED + ADSL)), "flow")
    assert cell(table, "Consented")["n"] == 5
    assert cell(table, "Leukapheresed")["n"] == 4
    assert cell(table, "Lymphodepletion begun")["n"] == 3
    assert who(table, "Infused") == "A B C"
    assert who(table, "Not infused") == "D E"
    assert who(table, "Completed 2 years") == "A B"
    assert cell(table, "Completed 2 years")["of"] == 3
    assert who(table, "Still followed at the data cut") == "C"


def test_every_reason_is_said_and_waiting_is_not_a_reason():
    table = output(flow(trial(ADSL=FOLLOWED + ADSL)), "flow")
    assert who(table, "Too ill") == "D"
    assert who(table, "Still in the study at the data cut") == "E"
    assert who(table, "Death") == "B"


def test_a_step_that_was_not_collected_is_not_nobody():
    table = output(flow(trial(ADSL="subject  TRT01AN  SAFFL\nA  1  Y")), "flow")
    assert cell(table, "Leukapheresed")["n"] is None
    assert why(table, "Leukapheresed", "n") == "not collected"
    assert "Died" not in labels(table)
    assert why(table, "Died, among the infused", "n") == "not collected: no dates of follow-up"


def test_populations_without_their_data_are_not_collected():
    adsl = "subject  SAFFL  DLTEVLFL\nA  Y  Y\nB  Y  Y\nC  Y  -"
    made = trial(ADSL=adsl, ADDL="subject  DLTSTAT\nA  complete\nB  DLT\nC  pending")
    table = output(flow(made), "populations")
    assert who(table, "DLT-evaluable") == "A B"
    assert why(table, "Response-evaluable", "n") == "not collected"
