"""BF-BOIN: what lower levels have to say, and which of them are open to backfilling."""

import numpy as np
import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.design import bf_boin, boin
from cartrial.dosing.simulation.compiled import backfill_of, frame_of, plan_of
from cartrial.dosing.simulation.kernel import backfill
from cartrial.dosing.simulation.kernel.tables import END
from cartrial.dosing.simulation.kernel.trial import BARRED, CURRENT, new_trial
from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.protocol.design import BfBoin, Boin

DESIGN = BfBoin(target=0.3)


def counts_of(seen, *, current, barred=None):
    """`seen` by level, DLTs of patients: "0/3 2/6"."""
    pairs = [tuple(map(int, word.split("/"))) for word in seen.split()]
    dlts, treated = zip(*pairs, strict=True)
    return Counts(treated, dlts, current, barred or len(treated) + 1)


@pytest.mark.parametrize(
    ("seen", "current", "level"),
    [
        ("0/3 0/3 0/0", 2, 3),  # nobody contradicts
        ("0/6 1/3 0/0", 2, 2),
        ("0/6 2/3 0/0", 2, 1),
        ("3/6 0/3 0/0", 2, 2),  # level 1 says down; 3 of 9 together say stay
        ("2/6 0/6 0/0", 2, 3),  # level 1 says stay; 2 of 12 together say up
        ("4/9 0/3 0/0", 2, 2),  # 4 of 12
        ("5/12 1/3 0/0", 2, 1),  # 6 of 15 say down, and no level is below
        ("0/3 5/9 0/3", 3, 1),  # to the level below the one that is too toxic
        ("0/6 3/6 2/6", 3, 1),  # stay at 3, but level 2 says down: 5 of 12 say down
        ("0/6 2/6 3/6", 3, 2),  # down, and level 2 does not say so
    ],
)
def test_a_lower_level_may_contradict(seen, current, level):
    assert bf_boin.advise(DESIGN, counts_of(seen, current=current)).level == level


def test_without_a_word_from_lower_levels_it_is_boin():
    plain = Boin(target=0.3)
    for n in (3, 6, 9):
        for y in range(n + 1):
            counts = counts_of(f"0/3 {y}/{n} 0/0", current=2)
            found, told = bf_boin.advise(DESIGN, counts), boin.advise(plain, counts)
            assert (found.level, found.barred) == (told.level, told.barred)


def test_enough_at_the_level_where_it_stays_end_the_escalation():
    design = BfBoin(target=0.3, enough=9)
    end = bf_boin.advise(design, counts_of("0/3 3/9", current=2))
    assert end.stop
    assert end.reason == "3 DLT in 9 at dose level 2: stay; 9 patients at dose level 2: stop"
    assert bf_boin.advise(design, counts_of("0/9 4/9", current=2)).level == 1
    assert bf_boin.advise(design, counts_of("0/3 2/6", current=2)).level == 2


@pytest.mark.parametrize(
    ("seen", "enrolled", "active", "levels"),
    [
        ("0/3 0/3 0/3", (3, 3, 3), (True, True, True), (1, 2)),
        ("0/3 0/3 0/3", (3, 3, 3), (True, False, True), (1,)),
        ("0/3 0/3 0/3", (12, 3, 3), (True, True, True), (2,)),
        ("0/3 2/3 1/3", (3, 3, 3), (True, True, True), (1,)),  # 2 of 3, and 3 of 6
        ("0/3 2/3 0/6", (3, 3, 6), (True, True, True), (1, 2)),  # 2 of 9 with the next level
        ("2/3 2/3 0/3", (3, 3, 3), (True, True, True), ()),  # all above a closed level
    ],
)
def test_a_lower_level_is_open_while_it_is_active_and_not_too_toxic(seen, enrolled, active, levels):
    counts = counts_of(seen, current=3)
    found = bf_boin.open_levels(DESIGN, counts, enrolled=enrolled, active=active)
    assert found == levels


def test_the_mtd_is_that_of_boin():
    counts = counts_of("0/9 2/9 3/3", current=2)
    assert bf_boin.select_mtd(DESIGN, counts) == boin.select_mtd(Boin(target=0.3), counts) == 2
    last = BfBoin(target=0.3, final="next dose")
    assert bf_boin.select_mtd(last, counts) == bf_boin.advise(last, counts).level


def test_a_simulation_decides_as_the_design_on_any_counts():
    rng = np.random.default_rng(5)
    setting = Setting(window=84, accrual=2)
    design = BfBoin(target=0.3, enough=9, extra_safe=True)
    simulation = Simulation(design, (0.1, 0.2, 0.3, 0.4), setting, subjects=18, target=0.3)
    plan, more = plan_of(design, most=18), backfill_of(design, setting)
    frame = frame_of(simulation)
    trial = new_trial(18, 4)
    found = set()
    for _ in range(3_000):
        current = int(rng.integers(1, 5))
        treated = rng.integers(0, 13, 4) * (np.arange(4) < current)
        treated[current - 1] = rng.integers(1, 13)
        dlts = rng.binomial(treated, rng.uniform(0, 0.6))
        counts = Counts(tuple(treated.tolist()), tuple(dlts.tolist()), current, 5)
        trial.treated[:], trial.dlts[:] = treated, dlts
        trial.tally[CURRENT], trial.tally[BARRED] = current - 1, 4
        told = bf_boin.advise(design, counts)
        level = backfill.asked.py_func(trial, frame, plan, more)
        assert level == (END if told.level is None else told.level - 1), counts
        found.add(told.decision)
    assert found == set(Decision)
