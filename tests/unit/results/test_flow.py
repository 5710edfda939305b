import pytest

from cartrial.protocol.study import DAYS_PER_MONTH as M
from cartrial.results.flow import flow
from tests.unit.results.made import cell, labels, output, trial, who, why

ADSL = """
subject  TRT01PN  TRT01AN  APHFL  LDSTDT      SAFFL  EOSSTT        DTHFL  COMP2YFL  DCSREAS
A        1        1        Y      2024-01-01  Y      COMPLETED     -      Y         -
B        1        1        Y      2024-02-01  Y      DISCONTINUED  Y      -         DEATH
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
    assert who(table, "Completed 2 years") == "A"
    assert cell(table, "Completed 2 years")["of"] == 3
    assert who(table, "Still followed, 2 years not completed") == "C"


def test_every_reason_is_said_and_waiting_is_not_a_reason():
    table = output(flow(trial(ADSL=FOLLOWED + ADSL)), "flow")
    assert who(table, "Too ill") == "D"
    assert who(table, "Still in the study at the data cut") == "E"


ENDS = (
    "Completed 2 years",
    "Died before completing 2 years",
    "Left the study early, alive",
    "Still followed, 2 years not completed",
)
ENDED = """
SAFFL = Y
TRT01AN = 1
TRTSDT = 2023-01-01
LSTALVDT = 2026-01-20
subject  EOSSTT        DTHFL  DTHDT       DTHCAUS  COMP2YFL  DCSREAS    FUDUR
A        COMPLETED     -      -           -        Y         -          740
B        DISCONTINUED  Y      2023-01-31  SEPSIS   -         DEATH      30
C        DISCONTINUED  Y      2025-06-01  MYELOMA  Y         DEATH      882
D        DISCONTINUED  -      -           -        -         WITHDREW   60
E        COMPLETED     -      -           -        -         -          400
F        ONGOING       -      -           -        -         -          487
G        DISCONTINUED  Y      2023-02-01  SEPSIS   -         DEATH      31
H        ONGOING       Y      -           -        -         -          -
"""


def test_the_infused_are_parted_by_how_their_two_years_ended():
    table = output(flow(trial(ADSL=ENDED)), "flow")
    assert [who(table, label) for label in ENDS] == ["A C", "B G H", "D E", "F"]
    assert sum(cell(table, label)["n"] for label in ENDS) == cell(table, "Infused")["n"]


def test_the_reasons_for_leaving_are_of_the_infused_as_their_heading_is():
    some = ENDED.replace("SAFFL = Y\n", "").replace("subject  ", "subject  SAFFL  ")
    some = "\n".join(
        f"{line[0]}  {'-' if line[0] == 'F' else 'Y'}{line[1:]}" if line[1:2] == " " else line
        for line in some.splitlines()
    )
    table = output(flow(trial(ADSL=some)), "flow")
    assert who(table, "Withdrew") == "D"
    assert who(table, "Recorded as completed, before Month 24") == "E"
    assert cell(table, "Left the study early, alive")["of"] == 7
    assert cell(table, "Withdrew")["of"] == 7
    assert cell(table, "Consented")["n"] == 8


def test_deaths_are_counted_early_and_by_cause():
    table = output(flow(trial(ADSL=ENDED)), "flow")
    assert who(table, "Died, at any time") == "B C G H"
    assert who(table, "Within 30 days of the infusion") == "B"
    assert who(table, "Day of death not known") == "H"
    assert who(table, "Cause: sepsis") == "B G"
    assert who(table, "Cause: not given") == "H"


def test_the_follow_up_of_the_infused_is_in_months():
    table = output(flow(trial(ADSL=ENDED)), "flow")
    found = cell(table, "Follow-up of the infused (months), median (min, max)")
    assert found == pytest.approx({"n": 7, "median": 400 / M, "min": 30 / M, "max": 882 / M})


def test_the_columns_are_said_to_be_the_level_assigned():
    table, populations = flow(trial(ADSL=FOLLOWED + ADSL))
    assert any("level assigned" in note for note in table.output.footnotes)
    assert any("counts a subject at the level" in note for note in populations.output.footnotes)


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
