"""BOIN's options: titration, the stricter limit at dose 1, the bounded MTD, 1 DLT in 3."""

import pytest

from cartrial.dosing.conduct.next_dose import recommend
from cartrial.dosing.decision import Decision
from cartrial.dosing.design.boin import advise, decide, select_mtd
from cartrial.dosing.state import outcomes
from cartrial.protocol.design import Boin
from tests.trials import counts_of

TITRATION = Boin(target=0.3, titration=True)
SAFE = Boin(target=0.3, extra_safe=True)
TRIALS = [
    ("", 1, 1),
    ("1N", 2, 1),
    ("1N 2N", 3, 1),
    ("1N 2T", 2, 2),
    ("1N 2TNN", 2, 3),
    ("1N 2TTN", 1, 3),
    ("1N 2N 3N", 3, 2),
    ("1N 2N 3NNN", 3, 3),
    ("1T", 1, 2),
]


@pytest.mark.parametrize(("line", "level", "places"), TRIALS)
def test_single_patients_go_up_to_the_first_dlt_where_the_cohort_is_completed(line, level, places):
    found = advise(TITRATION, counts_of(line, levels=3))
    assert (found.level, found.places) == (level, places)


@pytest.mark.parametrize(("line", "level", "places"), TRIALS)
def test_a_running_trial_is_titrated_alike(line, level, places):
    found = recommend(TITRATION, None, outcomes(line, levels=3))
    assert (found.level, found.places) == (level, places)


def test_titration_waits_for_the_single_patient_in_the_window():
    found = recommend(TITRATION, None, outcomes("1N 2.", levels=3))
    assert found.wait
    assert found.reason == "0 DLT in 0 at dose level 2, 1 pending: wait"
    assert recommend(TITRATION, None, outcomes("1N 2N 3.", levels=3)).wait


def test_the_cohort_that_ends_the_titration_is_told():
    reason = advise(TITRATION, counts_of("1N 2T", levels=3)).reason
    assert reason == "1 DLT in 1 at dose level 2, 2 more to complete the cohort: stay"


def test_the_stricter_limit_ends_the_trial_at_dose_1_alone():
    line = "1NNN 1TTT"  # P(rate > 0.3) = 0.87
    stricter = SAFE.model_copy(update={"offset": 0.1})
    assert advise(SAFE, counts_of(line, levels=3)).level == 1
    assert advise(stricter, counts_of(line, levels=3)).stop
    assert recommend(stricter, None, outcomes(line, levels=3)).stop
    assert select_mtd(stricter, counts_of(line, levels=3)) is None
    assert advise(stricter, counts_of("1NNN 2NNN 2TTT", levels=3)).level == 1


def test_the_bounded_mtd_is_not_above_the_upper_boundary():
    counts = counts_of("1NNNTT 2NNTTTN", levels=3)
    assert select_mtd(Boin(target=0.3), counts) == 1
    assert select_mtd(Boin(target=0.3, bound_mtd=True), counts) is None


def test_one_dlt_in_three_may_be_no_reason_to_deescalate():
    plain, modified = Boin(target=0.25), Boin(target=0.25, stay_at_1_of_3=True)
    assert decide(plain, treated=3, dlts=1) == Decision.DEESCALATE
    assert decide(modified, treated=3, dlts=1) == Decision.STAY
    assert decide(modified, treated=3, dlts=2) == Decision.DEESCALATE
    assert decide(modified, treated=6, dlts=2) == Decision.DEESCALATE


def test_counts_and_a_settled_trial_give_the_same_advice():
    design = Boin(target=0.3)
    for line in ["", "1NNN", "1NNN 2NTT", "1NNN 2TTT", "1NNN 2NTN 2NNN", "1TTT", "1NNT 1NNN"]:
        found, state = advise(design, counts_of(line, levels=3)), outcomes(line, levels=3)
        told = recommend(design, None, state)
        assert (found.level, found.reason) == (told.level, told.reason)
        assert found.places == told.places
