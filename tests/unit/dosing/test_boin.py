"""BOIN: the next dose from a trial written in one line (N complete, T DLT, `.` pending)."""

from dataclasses import replace

import pytest

from cartrial.dosing.boin import recommend, replay, select_mtd
from cartrial.dosing.state import outcomes
from cartrial.errors import RuleError
from cartrial.protocol.study import Boin, Dlt

DESIGN = Boin(target=0.30)
RULE = Dlt(definition="any", window=84, escalate_after=28, escalate_complete=3)


def next_dose(line, *, levels=3, rule=RULE, **state):
    return recommend(DESIGN, rule, replace(outcomes(line, levels=levels), **state))


@pytest.mark.parametrize(
    ("line", "level", "reason"),
    [
        ("", 1, "nobody treated: start at dose level 1"),
        ("1NNN", 2, "0 DLT in 3 at dose level 1: escalate"),
        ("1NNT", 1, "1 DLT in 3 at dose level 1: stay"),
        ("1NNN 2NTT", 1, "2 DLT in 3 at dose level 2: de-escalate"),
        ("1NNN 2NTN 2NNN", 3, "1 DLT in 6 at dose level 2: escalate"),
        ("1NTT", 1, "2 DLT in 3 at dose level 1: de-escalate"),
        ("1NNN 2TTT", 1, "3 DLT in 3 at dose level 2: barred"),
        ("1NNN 2NNN 3NNN", 3, "0 DLT in 3 at dose level 3: stay at the highest level"),
        ("1NNX", 1, "0 DLT in 2 at dose level 1, 1 more to complete the cohort: stay"),
        ("1N", 1, "0 DLT in 1 at dose level 1, 2 more to complete the cohort: stay"),
        ("1N.", 1, "0 DLT in 1 at dose level 1, 1 more to complete the cohort: stay"),
    ],
)
def test_the_next_dose(line, level, reason):
    found = next_dose(line)
    assert (found.level, found.wait, found.reason) == (level, False, reason)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1NN.", "0 DLT in 2 at dose level 1, 1 pending: wait"),
        ("1N.m", "0 DLT in 1 at dose level 1, 1 pending, 1 maturing: wait"),
        ("1NNN 2...", "0 DLT in 0 at dose level 2, 3 pending: wait"),
        ("1NNN 2TN.", "1 DLT in 2 at dose level 2, 1 pending: wait"),
    ],
)
def test_the_next_cohort_waits_for_those_in_the_window(line, reason):
    found = next_dose(line)
    assert (found.level, found.wait, found.stop, found.reason) == (None, True, False, reason)


def test_it_does_not_wait_where_the_dose_is_too_toxic_whatever_they_show():
    assert next_dose("1NNN 2TT.").level == 1
    assert next_dose("1TT.").wait  # there is no lower dose
    assert next_dose("1TTN 1T..").eliminated == frozenset()
    assert next_dose("1TTT 1TT.").stop


def test_a_barred_dose_stays_barred_with_all_above_it():
    barred = next_dose("1NNN 2TTT").eliminated
    assert barred == {2, 3}
    again = next_dose("1NNN 2TTT 1NNN", eliminated=barred)
    assert (again.level, again.reason) == (
        1,
        "0 DLT in 6 at dose level 1: stay, dose level 2 is barred",
    )
    diluted = next_dose("1NNN 2TTT 2NNN 1NNN", eliminated=barred)
    assert diluted.level == 1
    overruled = next_dose("1NNN 2TTT 2NNN", eliminated=barred)
    assert overruled.level == 1


def test_dose_1_barred_ends_the_escalation():
    found = next_dose("1TTT")
    assert found.stop
    assert found.reason == "3 DLT in 3 at dose level 1: barred; no dose level is left: stop"


def test_no_escalation_before_enough_subjects_have_completed_the_window():
    strict = Dlt(definition="any", window=84, escalate_complete=4)
    assert next_dose("1NNN", rule=strict).reason == (
        "0 DLT in 3 at dose level 1: stay, 3 of 4 have completed the window"
    )
    assert next_dose("1NNN", rule=None).level == 2


def test_no_escalation_before_every_subject_has_been_followed_long_enough():
    short = outcomes("1NNN", levels=3, followed=27)
    assert recommend(DESIGN, RULE, short).reason == (
        "0 DLT in 3 at dose level 1: stay, 3 followed for less than 28 days"
    )


def test_the_committees_level_is_the_current_one():
    again = next_dose("1NNN 2NTT", decided=1)
    assert (again.level, again.places) == (1, 3)
    assert again.reason == "0 DLT in 3 at dose level 1, 3 more to complete the cohort: stay"


def test_subjects_of_an_earlier_cohort_do_not_fill_the_running_one():
    found = next_dose("1NNN 2NNN 3NTT 2NN")
    assert (found.level, found.places) == (2, 1)
    assert next_dose("1NNN 2NNN 3NT 2NNN").level == 3


def test_a_subject_counted_at_another_level_leaves_a_place_in_its_cohort():
    state = outcomes("1NNN 2NNN", levels=3)
    low = replace(state.patients[3], level=1, assigned=2)
    mixed = replace(state, patients=(*state.patients[:3], low, *state.patients[4:]))
    found = recommend(DESIGN, RULE, mixed)
    assert (found.level, found.places) == (2, 1)
    assert found.reason == "0 DLT in 2 at dose level 2, 1 more to complete the cohort: stay"


def test_a_running_cohort_without_dlt_is_not_cut_short_for_an_earlier_one():
    assert next_dose("1NNN 2NNN 3NTTTN 2NNN 3NN").level == 3
    assert next_dose("1NNN 2NNN 3NTTTN 2NNN 3NNN").level == 2


def test_a_level_barred_on_the_way_is_found_in_the_history():
    state = replay(DESIGN, outcomes("1NNN 2TTT 2NNN 2NNN", levels=3))
    assert state.eliminated == {2, 3}
    assert replay(DESIGN, outcomes("1NNN 2TNN 2TTN", levels=3)).eliminated == frozenset()


@pytest.mark.parametrize(
    ("line", "mtd"),
    [
        ("1NNN 2NNN 3NTTN", 3),
        ("1NNN 2NNN 3NTTT", 2),
        ("1NNN 2NTN 2NNT 3TTT", 2),
        ("1TTT", None),
        ("", None),
        ("1NNN 2NNN", 2),
    ],
)
def test_the_mtd_is_the_dose_nearest_to_the_target(line, mtd):
    assert select_mtd(DESIGN, outcomes(line, levels=3)) == mtd


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "1NQ",
            "outcomes: 1NQ: must be written with N T . m X, got Q",
        ),
        ("NN", "outcomes: NN: must begin with a level from 1 to 3"),
        ("4N", "outcomes: 4N: must begin with a level from 1 to 3"),
        ("1.[x]", "outcomes: days must be written [30], got [x]"),
    ],
)
def test_a_trial_that_cannot_be_read_is_refused(line, message):
    with pytest.raises(RuleError) as fault:
        outcomes(line, levels=3)
    assert str(fault.value) == message


def test_a_pending_subject_may_carry_its_days():
    patients = outcomes("2N.[30].[61].", levels=3).patients
    assert [p.followed for p in patients] == [84, 30, 61, 0]
    assert {p.level for p in patients} == {2}
