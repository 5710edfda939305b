"""The rules that a study lays around its design, on trials written in one line."""

from dataclasses import replace

import pytest

from cartrial.dosing.conduct.next_dose import recommend
from cartrial.dosing.state import outcomes
from cartrial.protocol.design import Boin, RollingSix, TiteBoin
from cartrial.protocol.model_design import Crm
from cartrial.protocol.rules import Rules, TooToxic
from cartrial.protocol.study import Dlt

BOIN = Boin(target=0.3)
TITE = TiteBoin(target=0.3)
JUMPS = Crm(target=0.3, skeleton=(0.05, 0.1, 0.15, 0.3), skip=True)
WINDOW = Dlt(definition="any", window=84)
STRICT = Dlt(definition="any", window=84, escalate_after=28, escalate_complete=3)


def told(line, *, design=BOIN, dlt=WINDOW, levels=3, planned=None, decided=None, **rules):
    state = replace(outcomes(line, levels=levels), planned=planned)
    if decided is not None:
        state = replace(state, decided=decided[0], decided_after=decided[1])
    return recommend(design, dlt, state, Rules(**rules))


def test_no_untried_level_is_skipped():
    assert told("1NNN", design=JUMPS, levels=4).level == 4
    held = told("1NNN", design=JUMPS, levels=4, no_skipping=True)
    assert held.level == 2
    assert held.reason.endswith("; no level is skipped: 2")
    assert told("", design=Boin(target=0.3, start=2), no_skipping=True).level == 2


@pytest.mark.parametrize(
    ("line", "level", "reason"),
    [
        ("1NNN 1NN.[20]", None, "1 pending: wait, 1 followed for less than 28 days"),
        ("1NN.[30]", None, "1 pending: wait, 2 of 3 have completed the window"),
        ("1NNN 1NN.[30]", 2, "1 pending: escalate"),
        ("1NNN 2T", 2, "2 more to complete the cohort: stay"),
    ],
)
def test_no_escalation_before_the_follow_up_of_a_time_to_event_design(line, level, reason):
    found = told(line, design=TITE, dlt=STRICT)
    assert (found.level, found.wait) == (level, level is None)
    assert found.reason.endswith(reason)


def test_while_the_follow_up_is_short_more_may_be_treated_at_the_dose():
    found = told("1NN.[30]", design=TITE, dlt=STRICT, while_short="stay")
    assert found.level == 1
    assert found.reason.endswith("1 pending: stay, 2 of 3 have completed the window")
    assert told("1NX", design=Boin(target=0.3, cohort=1), dlt=STRICT).level == 1


def test_a_maturing_event_holds_a_time_to_event_design_up():
    held = told("1NNN 2NNm", design=TITE)
    assert held.reason == "0 DLT in 2 at dose level 2, 1 pending: escalate; 1 maturing: wait"
    assert told("1NNN 2NNm", design=TITE, maturing="no follow-up").level == 3
    assert told("1NNN 2TTm", design=TITE).level == 1
    assert told("1Nm", design=TITE).level == 1  # the cohort is completed all the same
    assert told("1m", design=RollingSix()).level == 1  # weighs nobody


def test_a_maturing_event_never_weighs_as_free_of_toxicity():
    assert told("1NNN 2NT.[80]", design=TITE).level == 2
    assert told("1NNN 2NTm[80]", design=TITE, maturing="no follow-up").level == 1


def test_no_cohort_opens_beside_another():
    found = told("1NNN 2NN.[60]", design=TITE, parallel_cohorts=False)
    assert found.reason.endswith("escalate; 1 of another cohort still in the window: wait")
    assert told("1NNN 2N.[60]", design=TITE, parallel_cohorts=False).places == 1
    assert told("1NNN 2NNN", design=TITE, parallel_cohorts=False).level == 3


def test_the_trial_ends_where_the_lowest_dose_is_too_toxic():
    limit = TooToxic(rate=0.3, probability=0.9)
    crm = Crm(target=0.3, skeleton=(0.1, 0.25, 0.4))
    assert told("1TTT", design=crm).level == 1
    found = told("1TTT", design=crm, too_toxic=limit)
    assert found.stop
    assert found.eliminated == {1, 2, 3}
    assert found.reason.endswith("; P(DLT rate at dose level 1 > 0.3) is 0.992: stop")
    assert told("1TT", design=crm, too_toxic=limit).level == 1  # too few to tell


def test_a_subject_in_the_window_does_not_make_a_dose_too_toxic():
    limit = TooToxic(rate=0.3, probability=0.9)
    assert not told("1TT..", too_toxic=limit).stop
    assert told("1TTT.", too_toxic=limit).stop


def test_the_trial_ends_with_enough_at_a_dose():
    assert told("1NNT 1NNT", most_at_dose=9).places == 3
    found = told("1NNT 1NNT 1NNT", most_at_dose=9)
    assert (found.stop, found.reason.endswith("; 9 subjects at dose level 1: stop")) == (True, True)
    assert told("1NNT 1NNT", most_at_dose=8).places == 2
    assert told("1NNT 1NNN", most_at_dose=6).level == 2  # enough at the dose left behind


def test_the_trial_ends_once_the_planned_are_infused():
    unasked = told("1NNN 2NNN", planned=6)
    assert unasked.level == 3
    assert unasked.reason.endswith(": escalate; 6 of 6 planned subjects are infused")
    assert told("1NNN 2NNN", planned=7).reason.endswith("; 6 of 7 planned subjects are infused")
    assert told("1NNN 2NNN", planned=9).reason.endswith(": escalate")
    found = told("1NNN 2NNN", planned=6, stop_at_planned=True)
    assert found.reason.endswith("; all 6 planned subjects are infused: stop")
    assert told("1NNN 2NN.", planned=6, stop_at_planned=True).stop
    assert told("1NNN 2NNN", planned=8, stop_at_planned=True).places == 2
    assert not told("1NNN 2NNN", stop_at_planned=True).stop


def test_who_replaces_another_may_be_outside_the_planned():
    assert told("1NNX 1N 2NX", planned=6, stop_at_planned=True).stop
    apart = told("1NNX 1N 2NX", planned=6, stop_at_planned=True, replacements_count=False)
    assert (apart.level, apart.places) == (2, 2)


def test_who_is_not_evaluable_leaves_the_place_to_another():
    assert told("1NNX").places == 1
    assert told("1NNX", replacement=False).reason == "0 DLT in 2 at dose level 1: escalate"


def test_the_first_of_a_cohort_is_followed_before_the_next():
    opens = told("1NNN", sentinel=14)
    assert (opens.level, opens.places) == (2, 1)
    assert opens.reason.endswith("escalate; the first is followed for 14 days before the next")
    early = told("1NNN 2.[5]", sentinel=14)
    assert early.wait
    assert early.reason.endswith("; the first of the cohort is followed for 5 of 14 days: wait")
    assert told("1NNN 2.[14]", sentinel=14).places == 2
    assert told("1NNN 2.[20].[3]", sentinel=14).places == 1
    assert told("1NNN 2m[40]", sentinel=14).reason.endswith("is maturing: wait")
    assert told("1NNN 2X", sentinel=14).places == 1  # the next is the first
    assert told("1NNN 2X", sentinel=14, replacement=False).places == 1


def test_each_cohort_has_its_own_sentinel():
    assert told("1NNT 1.[5]", sentinel=14).wait
    assert told("1NNT 1.[15]", sentinel=14).places == 2


def test_a_new_cohort_is_provisional_until_the_committee_has_decided():
    found = told("1NNN", committee=True)
    assert (found.level, found.provisional) == (2, True)
    assert found.reason == (
        "0 DLT in 3 at dose level 1: escalate; provisional until the committee has decided"
    )
    assert told("1TTT", committee=True).provisional
    assert not told("", committee=True).provisional
    assert not told("1NN", committee=True).provisional
    assert not told("1NN.", committee=True).provisional


def test_the_decision_of_the_committee_makes_it_final():
    found = told("1NNN", committee=True, decided=(2, 3))
    assert (found.level, found.places, found.provisional) == (2, 3, False)
    again = told("1NNN", committee=True, decided=(1, 3))
    assert (again.level, again.places, again.provisional) == (1, 3, False)
    later = told("1NNN 2NNN", committee=True, decided=(2, 3))
    assert (later.level, later.provisional) == (3, True)


def test_the_rules_act_together_in_their_order():
    found = told("1NNN", planned=6, sentinel=14, committee=True, stop_at_planned=True)
    assert (found.level, found.places, found.provisional) == (2, 1, True)
    assert found.reason == (
        "0 DLT in 3 at dose level 1: escalate; the first is followed for 14 days before the next; "
        "provisional until the committee has decided"
    )


def test_without_rules_a_study_is_conducted_by_its_design():
    assert told("1NNN") == recommend(BOIN, WINDOW, outcomes("1NNN", levels=3))
