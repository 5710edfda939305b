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
subject  AENO  AECAT  ATOXGRN
A        1     CRS    4
"""
ADDLEV = """
RULETYP = PAUSE RULE
subject  CLAUSTXT                                      VERDICT
A        Second subject with CRS of grade 4 or higher  Y
B        Second subject with CRS of grade 4 or higher  Y
"""


def states(**datasets: str) -> list[str]:
    return [line.state for line in pause_rules(trial(**{"ADSL": ADSL, **datasets}))]


def test_a_rule_is_met_by_so_many_subjects():
    assert states(ADAE=ADAE, ADDLEV=ADDLEV) == ["not met", "met", "not met", "not assessable"]


def test_the_subjects_of_a_rule_that_is_met_are_named():
    met = pause_rules(trial(ADSL=ADSL, ADAE=ADAE, ADDLEV=ADDLEV))[1]
    assert met.subjects == ("A", "B")
    assert met.sentence == "A, B."


def test_what_is_not_settled_leaves_a_rule_open_where_it_could_be_met():
    one = ADDLEV.replace("higher  Y\nB", "higher  U\nB")
    assert states(ADAE=ADAE, ADDLEV=one)[1] == "not assessable"
    both = f"{one}A        Second subject with CRS of grade 4 or higher  Y\n"
    assert states(ADAE=ADAE, ADDLEV=both)[1] == "met"


def test_a_dlt_clause_of_the_same_words_is_no_pause_rule():
    clause = ADDLEV.replace("PAUSE RULE", "DLT CLAUSE")
    assert states(ADAE=ADAE, ADDLEV=clause)[1] == "not met"


def test_rules_without_their_data_are_not_assessable():
    assert states() == ["not assessable"] * 4


def test_a_syndrome_seen_at_the_bedside_is_judged_without_adverse_events():
    seen = "PARAMCD = CRS\nsubject  ADAY\nA        3"
    assert states(ADTOX=seen, ADDLEV=ADDLEV) == [
        "not assessable",
        "met",
        "not assessable",
        "not assessable",
    ]


def test_the_dlt_rate_is_judged_where_there_is_a_dlt_status():
    addl = "subject  DOSELVL  EVALLVL  DLTSTAT  DLTFUP\n" + "\n".join(
        f"{subject}  1  1  DLT  84" for subject in "ABC"
    )
    assert states(ADAE=ADAE, ADDLEV=ADDLEV, ADDL=addl)[3] == "met"
