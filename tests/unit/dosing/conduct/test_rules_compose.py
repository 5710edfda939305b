"""Every rule around every sort of design: counting, with patients in the window, with a model."""

from dataclasses import replace

import pytest

from cartrial.dosing.conduct.next_dose import recommend
from cartrial.dosing.state import Patient, outcomes
from cartrial.errors import RuleError
from cartrial.protocol.design import Boin, RollingSix, ThreePlusThree, TiteBoin
from cartrial.protocol.model_design import Blrm, Crm, TiteCrm
from cartrial.protocol.rules import Rules, TooToxic
from cartrial.protocol.study import Dlt

SKELETON = (0.05, 0.2, 0.3)
WINDOW = Dlt(definition="any", window=84)
DESIGNS = {
    "counts": Boin(target=0.3),
    "counts in the window": TiteBoin(target=0.3),
    "model in the window": TiteCrm(target=0.3, skeleton=SKELETON, skip=True),
    "model": Crm(target=0.3, skeleton=SKELETON, skip=True),
    "model with overdose control": Blrm(
        doses=(1, 2, 4), reference=4, mean=(-1.5, 0.5), sd=(1, 0.5), choose="highest", skip=True
    ),
}
every = pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
in_the_window = pytest.mark.parametrize(
    "design", [d for name, d in DESIGNS.items() if "window" in name], ids=lambda d: d.kind
)


def told(design, line, *, dlt=WINDOW, planned=None, more=(), **rules):
    state = replace(outcomes(line, levels=3), planned=planned)
    state = replace(state, patients=state.patients + more)
    return recommend(design, dlt, state, Rules(**rules))


@every
def test_no_untried_level_is_skipped(design):
    jumps = told(design, "1NNN").level
    assert jumps == (3 if getattr(design, "skip", False) else 2)
    assert told(design, "1NNN", no_skipping=True).level == 2


@every
def test_nobody_goes_up_before_enough_have_completed_the_window(design):
    pairs = design.model_copy(update={"cohort": 2})
    three = WINDOW.model_copy(update={"escalate_complete": 3})
    assert told(pairs, "1NN").level > 1
    held = told(pairs, "1NN", dlt=three)
    assert (held.level, held.places) == (1, 2)
    assert held.reason.endswith("stay, 2 of 3 have completed the window")
    assert told(pairs, "1NN 1NN", dlt=three).level > 1


@in_the_window
def test_nobody_goes_up_before_everybody_was_followed_for_long_enough(design):
    days = WINDOW.model_copy(update={"escalate_after": 28})
    assert told(design, "1NN.[30]", dlt=days).level > 1
    assert told(design, "1NN.[20]", dlt=days).wait
    assert told(design, "1NN.[20]", dlt=days, while_short="stay").level == 1


@every
def test_the_trial_ends_where_the_lowest_dose_is_too_toxic(design):
    found = told(design, "1TTT", too_toxic=TooToxic(rate=0.3))
    assert (found.stop, found.eliminated) == (True, {1, 2, 3})


@every
def test_the_trial_ends_with_enough_at_a_dose_or_once_all_are_infused(design):
    assert told(design, "1NNT 1NNT").level == 1
    assert told(design, "1NNT 1NNT", most_at_dose=6).stop
    assert told(design, "1NNT 1NNT", most_at_dose=8).places == 2
    assert told(design, "1NNN", planned=3, stop_at_planned=True).stop
    assert told(design, "1NNN", planned=5, stop_at_planned=True).places == 2


@every
def test_the_first_of_a_cohort_is_followed_before_the_next(design):
    assert told(design, "1NNN", sentinel=14).places == 1
    assert told(design, "1NNN 2.[5]", sentinel=14).wait
    after = told(design, "1NNN 2.[14]", sentinel=14)
    assert (after.level, after.places) == (2, 2)
    assert told(design, "1NNN 2m[40]", sentinel=14).wait


@pytest.mark.parametrize("design", [ThreePlusThree(), RollingSix()], ids=["3+3", "rolling six"])
def test_the_dlt_of_somebody_who_was_replaced_counts_among_the_six(design):
    line = "1NNN 2NNN 2NNT"
    for more in ("", " 2T"):
        found = told(design, line + more)
        assert found.level == (3 if not more else None if design.kind == "3+3" else 1)
    passed = told(design, "1NNN 2NNN 2NNN 2T")
    assert passed.level == 3
    with pytest.raises(RuleError, match="patients must be at most 6"):
        told(design, "1NNN 2NNN 2NNN 2N")


def test_the_first_at_a_level_of_a_rolling_six_is_followed_before_the_next():
    rolling = RollingSix()
    assert told(rolling, "1NNN 2.[5]", sentinel=14).wait
    assert told(rolling, "1NNN 2X", sentinel=14).places == 1  # the next is the first
    assert told(rolling, "1NNN 2.[14]", sentinel=14).level == 2
    assert told(rolling, "1NNN 2.[20].[1]", sentinel=14).level == 2


def test_a_rolling_six_goes_on_at_its_level_without_the_committee():
    rolling = RollingSix()
    assert told(rolling, "1NNN", committee=True).provisional
    assert not told(rolling, "1NN.", committee=True).provisional
    assert told(rolling, "1NTT", committee=True).provisional


@every
def test_what_opens_a_cohort_is_provisional_until_the_committee_has_decided(design):
    assert told(design, "1NNN", committee=True).provisional
    assert not told(design, "1NN", committee=True).provisional
    decided = replace(outcomes("1NNN", levels=3), decided=2, decided_after=3)
    found = recommend(design, WINDOW, decided, Rules(committee=True))
    assert (found.level, found.places, found.provisional) == (2, 3, False)


@every
def test_no_cohort_opens_while_somebody_is_in_the_window(design):
    assert told(design, "1NN.[80]", parallel_cohorts=False).wait
    assert told(design, "1N.[80]", parallel_cohorts=False).places == 1
    assert told(design, "1NNN", parallel_cohorts=False).level > 1


@every
def test_a_maturing_event_is_waited_for(design):
    assert told(design, "1NNm[80]").wait
    assert told(design, "1Nm[80]").places == 1  # the cohort is completed all the same


@in_the_window
def test_a_maturing_event_weighs_as_one_of_whom_nothing_was_seen(design):
    for line in ("1NNN 2NT{} 2NN{}", "1NNN 2NN{}", "1NT{}", "1NNN 2NT{}"):
        as_none, as_days = (
            told(design, line.format(*[word] * 2), maturing="no follow-up")
            for word in ("m[80]", ".[0]")
        )
        assert (as_none.level, as_none.wait) == (as_days.level, as_days.wait)


@every
def test_who_is_not_evaluable_is_replaced(design):
    """As a subject is without DLT that was lost, or given less than the range of its level."""
    found = told(design, "1NNN 2NXN")
    assert (found.level, found.places, found.begun) == (2, 1, 2)
    assert told(design, "1NNX", replacement=False).level > 1
    assert told(design, "1NX").places == 2


@every
def test_who_counts_at_another_level_leaves_a_place_at_the_planned_one(design):
    """A product below the range of level 2 and within that of level 1, without DLT."""
    low = (Patient("007", 1, "complete", 84, assigned=2),)
    found = told(design, "1NNN 2NN", more=low)
    assert (found.level, found.places, found.begun) == (2, 1, 2)


def test_who_counts_at_another_level_does_not_dilute_the_dlts_of_the_cohort():
    crm = Crm(target=0.4, skeleton=(0.1, 0.15, 0.4), cohort=2)
    low = tuple(Patient(f"{n}", 1, "complete", 84, assigned=2) for n in (20, 21))
    many = "1NNN 1NNN 1NNN 2NT"
    assert told(crm, many).level == told(crm, many, more=low).level == 2


@every
def test_a_dlt_counts_at_the_planned_level_whatever_was_given(design):
    toxic = (Patient("006", 2, "DLT", 10, met=10),)
    assert told(design, "1NNN 2TT", more=toxic).level == 1


@every
def test_the_rules_act_together(design):
    found = told(
        design, "1NNN", planned=4, sentinel=14, committee=True, stop_at_planned=True,
        no_skipping=True, parallel_cohorts=False, too_toxic=TooToxic(rate=0.3), most_at_dose=6,
    )  # fmt: skip
    assert (found.level, found.places, found.provisional) == (2, 1, True)
