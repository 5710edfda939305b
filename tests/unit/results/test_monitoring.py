import pytest

from cartrial.protocol.monitoring import MonitoringRule
from cartrial.protocol.read import packaged_study
from cartrial.results.monitoring import monitoring, monitoring_lines, seen_of
from tests.unit.results.made import cell, labels, output, trial, who

ADSL = """
SAFFL = Y
TRT01AN = 1
TRTSDT = 2025-01-01
LSTALVDT = 2025-12-31
subject  FUDUR  DTHFL  DTHDT       DTHADJFL  DTHCARFL
A        20     Y      2025-01-21  Y         Y
B        30     Y      2025-01-31  -         -
C        40     Y      2025-02-10  Y         -
D        200    -      -           -         -
E        89     -      -           -         -
F        90     -      -           -         -
G        91     Y      2025-04-02  Y         Y
H        10     Y      -           Y         Y
"""
DEATH = MonitoringRule(
    endpoint="treatment-related death", limit=0.3, probability=0.8, after=3, within=90
)
RESPONSE = MonitoringRule(endpoint="response", limit=0.5, probability=0.2)
ADRS = """
PARAMCD = CRSP
subject  AVAL
A        0
B        0
"""


def study(*rules: MonitoringRule):
    return packaged_study().model_copy(update={"monitoring": rules})


def test_a_death_counts_in_its_window_by_its_adjudication():
    seen = seen_of(trial(study(DEATH), ADSL=ADSL), DEATH)
    assert "".join(sorted(seen.certain)) == "A"
    assert "".join(sorted(seen.possible)) == "BH"  # awaits adjudication; related, without a date
    # C died of something else; E is not followed to day 90 yet; G died on day 91
    assert "".join(sorted(seen.known)) == "ABCDFGH"


def test_without_a_window_every_infused_subject_counts():
    rule = DEATH.model_copy(update={"within": None})
    seen = seen_of(trial(study(rule), ADSL=ADSL), rule)
    assert "".join(sorted(seen.known)) == "ABCDEFGH"
    assert "".join(sorted(seen.certain)) == "AGH"
    assert "".join(sorted(seen.possible)) == "B"


def test_a_rule_is_held_against_what_is_certain_and_what_is_possible():
    # 1 of 7 for certain, 3 of 7 possibly: P(rate > 0.3) of Beta(2, 7) and of Beta(4, 5)
    table = output(monitoring(trial(study(DEATH), ADSL=ADSL)), "monitoring")
    certain = cell(table, "Probability that the rate is above 30%")["percent"]
    possible = cell(
        table, "Probability that the rate is above 30%, if these are due to the treatment"
    )
    # P(Beta(2, 7) > p) = P(at most 1 of 8 by p), P(Beta(4, 5) > p) = P(at most 3 of 8 by p)
    assert certain == pytest.approx(100 * (0.7**8 + 8 * 0.3 * 0.7**7))
    by_hand = 0.7**8 + 8 * 0.3 * 0.7**7 + 28 * 0.09 * 0.7**6 + 56 * 0.027 * 0.7**5
    assert possible["percent"] == pytest.approx(100 * by_hand)
    assert cell(table, "Stop")["text"] == ("only if the 2 possible deaths are due to the treatment")
    [line] = monitoring_lines(trial(study(DEATH), ADSL=ADSL))
    assert (line.state, line.subjects) == ("not assessable", ("A", "B", "H"))
    assert line.sentence.startswith("Died of the treatment 1 of 7, possibly 3.")


def test_too_few_responders_reach_the_bound_and_those_not_yet_assessed_count_for_nothing():
    found = trial(study(RESPONSE), ADSL=ADSL, ADRS=ADRS)
    table = output(monitoring(found), "monitoring")
    assert who(table, "Subjects who count") == "A B"
    assert cell(table, "Probability that the rate is above 50%")["percent"] == pytest.approx(12.5)
    [line] = monitoring_lines(found)
    assert (line.state, line.sentence) == (
        "met",
        "Responders 0 of 2. Stop: yes, the bound is reached.",
    )


def test_a_rule_is_not_asked_before_its_first_number():
    late = RESPONSE.model_copy(update={"after": 6})
    [line] = monitoring_lines(trial(study(late), ADSL=ADSL, ADRS=ADRS))
    assert line.state == "not met"
    assert line.sentence.endswith("Stop: not asked before 6 subjects, 2 so far.")


def test_what_was_not_collected_is_said_and_no_verdict_is_made():
    found = trial(study(RESPONSE), ADSL=ADSL)
    [line] = monitoring_lines(found)
    assert (line.state, line.sentence) == ("not assessable", "Not collected.")


def test_the_bounds_stand_for_each_number_of_subjects_up_to_the_planned():
    table = output(monitoring(trial(study(RESPONSE, DEATH), ADSL=ADSL)), "monitoring_bounds")
    assert labels(table)[0] == "1 subject"
    assert labels(table)[-1] == "18 subjects"
    found = [cell(table, f"{n} subjects", "Response")["text"] for n in (2, 3, 4)]
    assert found == ["0", "0", "1 or fewer"]
    assert cell(table, "2 subjects", "Treatment-related death") == {}
    assert cell(table, "3 subjects", "Treatment-related death")["text"] == "2 or more"


def test_a_rule_that_nobody_can_meet_never_stops():
    table = output(monitoring(trial(study(RESPONSE), ADSL=ADSL)), "monitoring_characteristics")
    assert cell(table, "True rate 90%", "Stops, %")["value"] < 2
    assert cell(table, "True rate 10%", "Subjects, mean")["value"] < 4


def test_without_a_rule_nothing_is_shown():
    assert monitoring(trial(study(), ADSL=ADSL)) == ()
