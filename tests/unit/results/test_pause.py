from cartrial.results.pause import pause_rules
from tests.unit.results.made import trial

ADSL = """
SAFFL = Y
TRT01AN = 1
TRTSDT = 2025-01-01
subject  DTHCARFL
A        -
B        -
C        -
"""
ADAE = """
TRTEMFL = Y
ARELFL = Y
subject  AENO  AECAT  ATOXGRN  ASTDAY  AEOUT
A        1     CRS    4        5       RECOVERED
B        1     CRS    4        6       RECOVERED
C        1     ICANS  3        7       RECOVERED
"""


def states(**datasets: str) -> list[str]:
    return [line.state for line in pause_rules(trial(**{"ADSL": ADSL, **datasets}))]


def test_a_rule_is_met_by_so_many_subjects():
    assert states(ADAE=ADAE) == ["not met", "met", "not met", "not assessable"]


def test_the_subjects_of_a_rule_that_is_met_are_named():
    met = pause_rules(trial(ADSL=ADSL, ADAE=ADAE))[1]
    assert met.subjects == ("A", "B")
    assert met.sentence == "A, B."


def test_a_death_adjudicated_as_related_meets_the_rule_whatever_the_grade_recorded():
    related = ADSL.replace("C        -", "C        Y")
    assert states(ADSL=related, ADAE=ADAE)[0] == "met"


def test_a_fatal_event_that_nobody_adjudicated_leaves_the_rule_open():
    fatal = ADAE.replace("7       RECOVERED", "7       FATAL")
    assert states(ADAE=fatal)[0] == "not assessable"


def test_rules_without_their_data_are_not_assessable():
    assert states() == ["not assessable"] * 4


def test_the_dlt_rate_is_judged_where_there_is_a_dlt_status():
    addl = "subject  DOSELVL  EVALLVL  DLTSTAT  DLTFUP\n" + "\n".join(
        f"{subject}  1  1  DLT  84" for subject in "ABC"
    )
    assert states(ADAE=ADAE, ADDL=addl)[3] == "met"
