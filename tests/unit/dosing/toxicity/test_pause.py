"""Pause rules of the packaged study."""

from cartrial.dosing.state import outcomes
from cartrial.dosing.toxicity.clauses import judge
from cartrial.dosing.toxicity.pause import pause_verdicts
from cartrial.protocol.clause import PauseRule
from cartrial.protocol.read import packaged_study
from tests.unit.dosing.toxicity.courses import toxic

RULES = packaged_study().pause_rules
WORST = {"yes": 2, "open": 1, "no": 0}


def verdicts(events, line="1NNN", rules=RULES):
    answers = [
        {
            subject: max((judge(rule, one, window=None).verdict for one in mine), key=WORST.get)
            for subject, mine in events.items()
            if mine
        }
        for rule in rules
    ]
    return pause_verdicts(rules, answers, state=outcomes(line, levels=3), target=0.30)


def toxicity(kind, grade, *, related=True):
    return toxic(kind, f"day 5 G{grade}, over day 9", related=related)


def test_nothing_serious_meets_no_rule():
    found = verdicts({"001": [toxicity("CRS", 2)], "002": []})
    assert [v.met for v in found] == [False, False, False, False]
    assert found[1].sentence == "not met: 0 subjects, limit 2"
    assert found[3].sentence == "not met: 0 DLT in 3 at dose level 1, P(rate > 0.3) = 0.24"


def test_the_second_subject_with_crs_of_grade_4_pauses_the_trial():
    one = {"001": [toxicity("CRS", 4), toxicity("CRS", 4)]}
    assert verdicts(one)[1].met is False
    assert verdicts(one)[1].sentence == "not met: 1 subject, limit 2"
    two = verdicts(one | {"002": [toxicity("CRS", 5)]})[1]
    assert (two.met, two.subjects) == (True, ("001", "002"))
    assert two.sentence == "met: 001, 002"


def test_an_unrelated_death_does_not_count_against_the_product():
    assert verdicts({"001": [toxicity("adverse event", 5, related=False)]})[0].met is False
    assert verdicts({"001": [toxicity("adverse event", 5)]})[0].met is True


def test_an_unknown_grade_is_not_no():
    found = verdicts({"001": [toxicity("ICANS", "1-4")]})[2]
    assert (found.met, found.subjects) == (None, ("001",))
    assert found.sentence == ("cannot be told: 0 subjects, limit 1, and not settled in 001")


def test_a_dlt_rate_that_is_too_likely_above_the_target_names_level_and_subjects():
    found = verdicts({}, "1NNN 2TTTN")[3]
    assert (found.met, found.subjects) == (True, ("004", "005", "006"))
    assert found.sentence == "met: 3 DLT in 4 at dose level 2, P(rate > 0.3) = 0.97"


def test_before_anybody_is_settled_no_rate_is_met():
    assert verdicts({}, "1...")[3].sentence == "not met: no subject is settled"


def test_a_rule_selects_like_a_dlt_clause():
    rule = PauseRule(
        name="Second long severe toxicity",
        toxicity="adverse event",
        group="non-haematological",
        grade=3,
        longer_than=7,
        count=2,
    )
    long, short = (toxic("adverse event", f"day 400 G3, over day {day}") for day in (408, 407))
    assert verdicts({"001": [long], "002": [short]}, rules=(rule,))[0].met is False
    assert verdicts({"001": [long], "002": [long]}, rules=(rule,))[0].subjects == ("001", "002")
    lasts = toxic("adverse event", "day 400 G3, seen day 402")
    assert verdicts({"001": [long], "002": [lasts]}, rules=(rule,))[0].met is None
