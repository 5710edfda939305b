"""The next dose of a running trial, written in one line (N complete, T DLT, `.` pending)."""

from dataclasses import replace

import pytest

from cartrial.dosing.conduct.next_dose import recommend, replay, select_mtd
from cartrial.dosing.designs import DESIGNS
from cartrial.dosing.state import outcomes
from cartrial.errors import RuleError, StudyError
from cartrial.protocol.design import (
    BfBoin,
    Boin,
    DecisionTable,
    IThreePlusThree,
    Keyboard,
    Mtpi2,
    RollingSix,
    ThreePlusThree,
    TiteBoin,
)
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm
from cartrial.protocol.study import Dlt

DESIGN = Boin(target=0.30)
RULE = Dlt(definition="any", window=84, escalate_after=28, escalate_complete=3)
WINDOW = Dlt(definition="any", window=84)
SKELETON = (0.1, 0.25, 0.4)
ALL = {
    "boin": DESIGN,
    "tite-boin": TiteBoin(target=0.3),
    "bf-boin": BfBoin(target=0.3),
    "3+3": ThreePlusThree(),
    "rolling-6": RollingSix(),
    "i3+3": IThreePlusThree(target=0.3),
    "mtpi-2": Mtpi2(target=0.3),
    "keyboard": Keyboard(target=0.3),
    "table": DecisionTable(rows={3: "ESDU", 6: "EESDUUU"}),
    "crm": Crm(target=0.3, skeleton=SKELETON),
    "tite-crm": TiteCrm(target=0.3, skeleton=SKELETON),
    "blrm": Blrm(doses=(1, 2, 4), reference=2, mean=(-0.8, 0), sd=(1, 0.5)),
}
every = pytest.mark.parametrize("kind", ALL)


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
        ("1NTT", 1, "2 DLT in 3 at dose level 1: stay at the lowest level"),
        ("1NNN 2TTT", 1, "3 DLT in 3 at dose level 2: barred"),
        ("1NNN 2NNN 3NNN", 3, "0 DLT in 3 at dose level 3: stay at the highest level"),
        ("1NNX", 1, "0 DLT in 2 at dose level 1, 1 more to complete the cohort: stay"),
        ("1N", 1, "0 DLT in 1 at dose level 1, 2 more to complete the cohort: stay"),
        ("1N.", 1, "0 DLT in 1 at dose level 1, 1 pending, 1 more to complete the cohort: stay"),
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
    assert again.reason == (
        "0 DLT in 3 at dose level 1, where the committee opened a cohort: 3 there"
    )


def test_a_dlt_after_the_decision_closes_a_cohort_that_nobody_was_infused_in():
    opened = {"decided": 2, "decided_after": 8}
    assert next_dose("1NNN 2TNTNN", **opened).reason.endswith("a cohort: 3 there")
    late = next_dose("1NNN 2TNTNT", **opened)
    assert (late.level, late.reason) == (1, "3 DLT in 5 at dose level 2: de-escalate")


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
    state = replay(DESIGN, RULE, outcomes("1NNN 2TTT 2NNN 2NNN", levels=3))
    assert state.eliminated == {2, 3}
    assert replay(DESIGN, RULE, outcomes("1NNN 2TNN 2TTN", levels=3)).eliminated == frozenset()


def by(kind, line, **state):
    return recommend(ALL[kind], WINDOW, replace(outcomes(line, levels=3), **state))


def test_every_kind_of_design_is_known():
    assert set(ALL) == set(DESIGNS)


@every
def test_any_design_starts_at_its_first_dose(kind):
    found = by(kind, "")
    assert (found.level, found.reason) == (1, "nobody treated: start at dose level 1")


@every
def test_any_design_goes_up_after_three_without_dlt_but_one_that_fears_overdose(kind):
    assert by(kind, "1NNN").level == (1 if kind == "blrm" else 2)


@pytest.mark.parametrize("kind", sorted(set(ALL) - {"3+3", "rolling-6"}))
def test_the_dose_goes_down_at_once_where_nothing_can_change_it(kind):
    found = by(kind, "1NNN 2TT.")
    assert (found.level, found.wait) == (1, False)
    assert found.reason.startswith("2 DLT in 2 ")
    assert found.reason.endswith(": de-escalate")
    assert found.eliminated == frozenset()  # the cohort is not full


@pytest.mark.parametrize("kind", ["crm", "tite-crm"])
@pytest.mark.parametrize("line", ["1NNN 2NNT 3TT", "1NNN 2NNT 3TT.", "1NNT 2NNN 3TT"])
def test_a_model_goes_down_as_far_as_what_was_seen_tells(kind, line):
    design = ALL[kind].model_copy(update={"skeleton": (0.12, 0.2, 0.3, 0.4, 0.5)})
    best = line.split("TT")[0] + "TTN"  # the third without DLT: one level down would do
    assert recommend(design, WINDOW, outcomes(best, levels=5)).level == 2
    assert recommend(design, WINDOW, outcomes(line, levels=5)).level == 1


def test_a_model_that_leaves_no_level_waits_for_those_in_the_window():
    assert by("blrm", "1NNT 2T.").wait
    assert by("blrm", "1NNT 2T").stop


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("3+3", "2 DLT in 2 at dose level 2: barred: stop, the MTD is dose level 1"),
        ("rolling-6", "2 DLT in 2 at dose level 2, 1 pending: barred: de-escalate"),
    ],
)
def test_two_dlts_bar_a_dose_of_the_rule_based_designs(kind, reason):
    found = by(kind, "1NNN 2TT.")
    assert (found.eliminated, found.reason) == ({2, 3}, reason)


def test_a_dose_that_is_found_does_not_end_the_trial_while_it_may_yet_be_too_toxic():
    assert by("3+3", "1NNN 2NNN 3NNT 3NN.").wait
    assert by("3+3", "1NNN 2NNN 3NNT 3NNN").reason.endswith("stop, the MTD is dose level 3")


@every
def test_any_design_but_rolling_six_completes_a_cohort(kind):
    found = by(kind, "1NX")
    told = (found.level, found.places, found.begun)
    assert told == ((1, 1, 0) if kind == "rolling-6" else (1, 2, 1))


@every
def test_only_a_design_for_it_decides_with_somebody_in_the_window(kind):
    found = by(kind, "1NNN 2NN.[60]")
    assert found.wait == (not DESIGNS[kind].late)
    if found.wait:
        assert found.reason == "0 DLT in 2 at dose level 2, 1 pending: wait"


@pytest.mark.parametrize(
    ("kind", "line", "level"),
    [
        ("boin", "1NN. 2NNN", 3),  # whatever the one at level 1 has, it does not bar level 2
        ("boin", "1TN. 2NNN", 3),
        ("boin", "1TT. 2NNN", None),  # a third DLT would bar level 1
        ("crm", "1NN. 2NNN", None),  # the model learns from every level
        ("tite-crm", "1NN. 2NNN", 3),
        ("3+3", "1NNT 1NN. 2NNN", None),  # a second DLT would bar level 1
    ],
)
def test_subjects_in_the_window_elsewhere_are_waited_for_where_they_matter(kind, line, level):
    found = by(kind, line)
    assert (found.level, found.wait) == (level, level is None)


def test_the_wait_for_another_level_is_told():
    told = "0 DLT in 3 at dose level 2, 1 pending at dose level 1: wait"
    assert by("crm", "1NN. 2NNN").reason == told


def test_a_time_to_event_design_weighs_the_days_that_were_seen():
    assert by("tite-boin", "1NNN 2NT.[60]").level == 1
    assert by("tite-boin", "1NNN 2NT.[80]").level == 2
    assert by("tite-crm", "1NNT 2N..").level == 1
    assert by("tite-crm", "1NNT 2N.[80].[80]").level == 2


def test_accrual_is_suspended_and_the_end_of_the_suspension_told():
    found = by("tite-boin", "1NNN 2N..")
    assert found.reason == "0 DLT in 1 at dose level 2, 2 pending: wait until one of them completes"
    arrival = TiteBoin(target=0.3, wakes="arrival")
    told = recommend(arrival, WINDOW, outcomes("1N..", levels=3)).reason
    assert told == "0 DLT in 1 at dose level 1, 2 pending: wait until the next patient arrives"


def test_rolling_six_takes_one_after_the_other():
    assert [by("rolling-6", line).level for line in ("1.", "1...", "1NNT 1..")] == [1, 1, 1]
    assert by("rolling-6", "1NNT 1...").wait
    assert by("rolling-6", "1NNN 1.").level == 1


def test_a_table_decides_where_it_has_a_row():
    assert by("table", "1NNN 2NNX 2N").level == 3
    with pytest.raises(RuleError, match="patients at a dose must be among its rows"):
        recommend(ALL["table"], None, outcomes("1NNN 2NNN 3NNN 2NNN 3NNN 3NNN", levels=3))


def test_the_recommendation_rests_on_what_is_told_in_full():
    assert by("boin", "1NNN 2NTX 2N 2TTT").full == (
        "dose level 1: 0 DLT in 3",
        "dose level 2: 4 DLT in 6, 1 not evaluable",
        "barred: dose level 2 and above",
        "design: BOIN, target 0.3",
        "escalate at a DLT rate up to 0.236, de-escalate from 0.359 on",
        "DLTs in 6: escalate with at most 1, de-escalate with 3 or more, bar with 4 or more",
    )
    assert by("tite-boin", "1NT.[60]").full[-1] == (
        "DLT rate with those in the window: 0.393 (imputation; 0.71 of 1 windows seen)"
    )
    assert by("table", "1NNN").full[-1] == "row of the table: ESDU"
    assert by("crm", "1NNN").full[-1] == (
        "DLT rates by the model, with 90 % limits: "
        "0.01 (0.00 to 0.37), 0.08 (0.00 to 0.55), 0.18 (0.00 to 0.67)"
    )
    assert by("blrm", "1NNN").full[-4:] == (
        "mean DLT rates: 0.14, 0.26, 0.42",
        "P(under-dosing): 0.66, 0.31, 0.10",
        "P(target interval): 0.27, 0.41, 0.28",
        "P(over-dosing), at most 0.25: 0.06, 0.28, 0.62",
    )


@every
def test_any_design_selects_a_dose_at_the_end(kind):
    state = outcomes("1NNN 2NNN 3TTT", levels=3)
    assert select_mtd(ALL[kind], WINDOW, state) == (1 if kind == "blrm" else 2)


def test_a_study_with_one_dose_stays_at_it():
    found = recommend(DESIGN, WINDOW, outcomes("1NNN", levels=1))
    assert found.reason == "0 DLT in 3 at dose level 1: stay at the highest level"
    with pytest.raises(RuleError, match=r"design\.skeleton: must have one rate for each of the 1"):
        recommend(ALL["crm"], WINDOW, outcomes("", levels=1))


def test_follow_up_has_no_weight_without_a_window():
    with pytest.raises(StudyError) as fault:
        recommend(ALL["tite-boin"], None, outcomes("1NN.", levels=3))
    assert str(fault.value) == (
        "study.yaml: dlt: must be given with a design that weighs follow-up (tite-boin), "
        "got nothing"
    )


def test_a_decision_of_the_committee_opens_a_cohort_of_its_own():
    found = next_dose("1NNN", decided=1, decided_after=3)
    assert (found.level, found.places, found.begun) == (1, 3, 0)
    assert found.reason == (
        "0 DLT in 3 at dose level 1, where the committee opened a cohort: 3 there"
    )


def test_an_escalation_that_the_committee_has_ended_is_at_its_end():
    found = next_dose("1NNN 2NN.", ended=True)
    assert found.stop
    assert found.reason == "the committee has ended it: stop"


def test_no_seventh_is_treated_at_a_level_of_a_rolling_six_whose_follow_up_is_short():
    early = Dlt(definition="any", window=84, escalate_after=28)
    found = recommend(RollingSix(), early, outcomes("1NNNNN.[10]", levels=3))
    told = "0 DLT in 5 at dose level 1, 1 pending: wait, 1 followed for less than 28 days"
    assert (found.wait, found.reason) == (True, told)
    assert recommend(RollingSix(), early, outcomes("1NNN.[10]", levels=3)).level == 1


def test_a_level_above_the_first_is_refused_while_nobody_is_known_to_be_infused():
    assert next_dose("", decided=1, decided_after=0).level == 1
    said = (
        "escalation: somebody must be infused before dose level 2, to which the committee has "
        "gone, got nobody. Give the infusions"
    )
    with pytest.raises(RuleError) as refused:
        next_dose("", decided=2, decided_after=0)
    assert str(refused.value) == said
