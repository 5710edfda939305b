"""i3+3, mTPI-2, keyboard, BOIN: the next dose and the selected dose, beyond the peers' cases."""

import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import boin, i3_3, keyboard, mtpi2
from cartrial.protocol.design import Boin, IThreePlusThree, Keyboard, Mtpi2
from tests.trials import counts_of, follow

DESIGNS = [
    pytest.param(boin, Boin(target=0.3), id="BOIN"),
    pytest.param(i3_3, IThreePlusThree(target=0.3), id="i3+3"),
    pytest.param(mtpi2, Mtpi2(target=0.3), id="mTPI-2"),
    pytest.param(mtpi2, Mtpi2(target=0.3, variant="mTPI"), id="mTPI"),
    pytest.param(keyboard, Keyboard(target=0.3), id="keyboard"),
]


@pytest.mark.parametrize(("module", "design"), DESIGNS)
@pytest.mark.parametrize(
    ("line", "level", "reason"),
    [
        ("", 1, "nobody treated: start at dose level 1"),
        ("1NNN", 2, "0 DLT in 3 at dose level 1: escalate"),
        ("1NNN 2NTT", 1, "2 DLT in 3 at dose level 2: de-escalate"),
        ("1NTT", 1, "2 DLT in 3 at dose level 1: stay at the lowest level"),
        ("1NNN 2TTT", 1, "3 DLT in 3 at dose level 2: barred"),
        ("1TTT", None, "3 DLT in 3 at dose level 1: barred; no dose level is left: stop"),
        ("1NNN 2NNN 3NNN", 3, "0 DLT in 3 at dose level 3: stay at the highest level"),
    ],
)
def test_the_next_dose(module, design, line, level, reason):
    found = module.advise(design, counts_of(line, levels=3))
    assert (found.level, found.reason) == (level, reason)
    assert found.places == (3 if level else 0)


@pytest.mark.parametrize(("module", "design"), DESIGNS)
def test_a_barred_dose_is_not_let_in_again_by_a_cohort_that_dilutes_it(module, design):
    """The R package escalation 0.2.3 lets dose 2 in again here."""
    line = "1NNN 2TTT 1NNN 2NNN"
    assert module.advise(design, counts_of(line, levels=3)).barred == 4
    counts = follow(module.advise, design, line, levels=3)
    found = module.advise(design, counts)
    assert (found.level, found.barred) == (1, 2)
    assert module.select_mtd(design, counts) == 1
    again = module.advise(design, follow(module.advise, design, line + " 1NNN", levels=3))
    assert again.reason == "0 DLT in 9 at dose level 1: stay, dose level 2 is barred"


@pytest.mark.parametrize(("module", "design"), DESIGNS)
def test_the_mtd_may_be_the_next_dose(module, design):
    counts = counts_of("1NNN 2NNN", levels=3)
    assert module.select_mtd(design, counts) == 2
    assert module.select_mtd(design.model_copy(update={"final": "next dose"}), counts) == 3


def test_the_start_may_be_another_level_and_may_be_barred():
    design = Keyboard(target=0.3, start=2)
    nobody = Counts((0, 0, 0), (0, 0, 0), current=0, barred=4)
    assert keyboard.advise(design, nobody).level == 2
    barred = Counts((0, 0, 0), (0, 0, 0), current=0, barred=2)
    assert keyboard.advise(design, barred).reason == "dose level 2 is barred"


def test_the_current_dose_may_have_nobody_who_counts():
    found = keyboard.advise(Keyboard(target=0.3), Counts((3, 0), (0, 0), current=2, barred=3))
    assert (found.level, found.reason) == (2, "0 DLT in 0 at dose level 2: stay")


def test_i3_3_does_not_leave_a_dose_for_one_dlt_in_a_small_number():
    design = IThreePlusThree(target=0.25)
    assert i3_3.decide(design, treated=3, dlts=1) == Decision.STAY
    assert i3_3.decide(design, treated=6, dlts=2) == Decision.STAY
    assert i3_3.decide(design, treated=9, dlts=4) == Decision.DEESCALATE


@pytest.mark.parametrize(
    ("target", "margin", "treated", "dlts"),
    [(0.25, 0.05, 10, 2), (0.25, 0.05, 10, 3), (0.35, 0.05, 10, 4), (0.2, 0.05, 20, 3)],
)
def test_the_ends_of_the_interval_of_i3_3_belong_to_it(target, margin, treated, dlts):
    design = IThreePlusThree(target=target, below=margin, above=margin)
    assert i3_3.decide(design, treated=treated, dlts=dlts) == Decision.STAY


def test_one_dlt_less_at_the_end_of_the_interval_is_not_below_it():
    design = IThreePlusThree(target=0.33, below=0.03, above=0.03)
    assert i3_3.decide(design, treated=10, dlts=4) == Decision.DEESCALATE


def test_the_prior_of_the_selection_is_that_of_each_source():
    counts = counts_of("1NNN 2NTT", levels=2)  # rates 0.002 and 0.666, or 0.016 and 0.661
    assert mtpi2.select_mtd(Mtpi2(target=0.335), counts) == 2
    assert keyboard.select_mtd(Keyboard(target=0.335), counts) == 1


def test_the_keys_cover_the_rates_or_leave_out_what_is_too_short():
    whole = keyboard.keys(0.25, 0.35, edges=True)
    assert [round(low, 2) for low, _ in whole] == [
        0, 0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95
    ]  # fmt: skip
    assert len(keyboard.keys(0.25, 0.35, edges=False)) == 9
    assert len(keyboard.keys(0.2, 0.3, edges=True)) == 10  # nothing is left over
    exact = Keyboard(target=0.3, below=0.1, above=0.1, edges="left out")  # 0.2 and 0.2 wide
    assert keyboard.decide(exact, treated=3, dlts=0) == Decision.ESCALATE


def test_edges_left_out_decide_the_same_where_a_whole_key_fits_below():
    rescaled, left_out = Keyboard(target=0.3), Keyboard(target=0.3, edges="left out")
    for treated in range(1, 19):
        for dlts in range(treated + 1):
            first = keyboard.decide(rescaled, treated=treated, dlts=dlts)
            assert keyboard.decide(left_out, treated=treated, dlts=dlts) == first


def test_mtpi_stays_longer_than_mtpi_2():
    first, second = Mtpi2(target=0.3, variant="mTPI"), Mtpi2(target=0.3)
    assert mtpi2.decide(first, treated=6, dlts=3) == Decision.STAY
    assert mtpi2.decide(second, treated=6, dlts=3) == Decision.DEESCALATE


def test_a_dose_is_barred_from_so_many_patients_on():
    from_1 = Mtpi2(target=0.3, fewest_to_eliminate=1)
    assert mtpi2.decide(from_1, treated=2, dlts=2) == Decision.ELIMINATE
    assert mtpi2.decide(Mtpi2(target=0.3), treated=2, dlts=2) == Decision.DEESCALATE
