from functools import partial

import pytest

from cartrial.dosing import boin, three_plus_three
from cartrial.dosing.counts import Counts
from cartrial.dosing.exact import enumerate_ends, evaluate
from cartrial.dosing.paths import dose_paths, settled_counts
from cartrial.dosing.policy import policy_of
from cartrial.dosing.state import outcomes
from cartrial.errors import RuleError
from cartrial.protocol.design import Boin, ThreePlusThree

BOIN = Boin(target=0.3)
advise = partial(boin.advise, BOIN)
START = Counts((0, 0, 0), (0, 0, 0), current=0, barred=4)


def drawn(paths):
    """One line for each path: its cohorts, the decision, the next level, the probability."""
    lines = []
    for path in paths:
        level = "end" if path.ended else path.advice.level
        lines.append(f"{path.words or 'now'}: {path.advice.decision.name} {level}")
    return lines


def test_the_paths_of_the_next_cohort():
    counts = settled_counts(outcomes("1NNN 2NNT", levels=3))
    found = dose_paths(advise, counts, cohorts=1, subjects=18, truth=(0.1, 0.5, 0.5))
    assert drawn(found) == [
        "now: STAY 2",
        "2NNN: ESCALATE 3",
        "2NNT: STAY 2",
        "2NTT: DEESCALATE 1",
        "2TTT: ELIMINATE 1",
    ]
    assert [path.dlts for path in found] == [0, 0, 1, 2, 3]
    assert [path.probability for path in found] == [1.0, 1 / 8, 3 / 8, 3 / 8, 1 / 8]
    assert [path.advice.barred for path in found] == [4, 4, 4, 4, 2]


def test_a_tree_stands_in_the_order_in_which_it_is_drawn():
    found = dose_paths(
        partial(three_plus_three.advise, ThreePlusThree()),
        Counts((0, 0), (0, 0), current=0, barred=3),
        cohorts=2,
        subjects=18,
    )
    assert drawn(found) == [
        "now: STAY 1",
        "1NNN: ESCALATE 2",
        "1NNN 2NNN: STAY end",
        "1NNN 2NNT: STAY 2",
        "1NNN 2NTT: ELIMINATE end",
        "1NNN 2TTT: ELIMINATE end",
        "1NNT: STAY 1",
        "1NNT 1NNN: ESCALATE 2",
        "1NNT 1NNT: ELIMINATE end",
        "1NNT 1NTT: ELIMINATE end",
        "1NNT 1TTT: ELIMINATE end",
        "1NTT: ELIMINATE end",
        "1TTT: ELIMINATE end",
    ]
    assert all(path.probability is None for path in found)


def test_the_paths_end_where_the_subjects_are_used_up():
    found = dose_paths(advise, START, cohorts=9, subjects=5)
    assert "1NNN 2NT: DEESCALATE end" in drawn(found)
    assert {sum(path.counts.treated) for path in found if path.ended} == {3, 5}


def test_the_paths_of_a_whole_trial_are_what_is_enumerated():
    truth = (0.1, 0.25, 0.45)
    found = dose_paths(advise, START, cohorts=4, subjects=12, truth=truth)
    ended = [path for path in found if path.ended]
    assert sum(path.probability for path in ended) == pytest.approx(1, abs=1e-12)
    ends = enumerate_ends(policy_of(BOIN, subjects=12), levels=3, subjects=12)
    selection = [0.0] * 4
    for path in ended:
        selection[boin.select_mtd(BOIN, path.counts) or 0] += path.probability
    assert selection == pytest.approx(evaluate(ends, truth, target=0.3).selection, abs=1e-12)


def test_a_path_without_its_last_cohort_is_the_path_it_comes_from():
    found = dose_paths(advise, START, cohorts=3, subjects=18)
    known = {path.cohorts for path in found}
    assert len(known) == len(found)
    assert all(path.cohorts[:-1] in known for path in found if path.cohorts)


def test_a_trial_with_subjects_in_the_window_has_no_settled_counts():
    with pytest.raises(RuleError) as refused:
        settled_counts(outcomes("1NNN 2NT. 2m", levels=3))
    assert str(refused.value) == (
        "dose paths: every subject must be settled, got 2 pending or maturing"
    )


def test_too_many_paths_are_refused():
    with pytest.raises(RuleError) as refused:
        dose_paths(advise, START, cohorts=6, subjects=18, most=100)
    assert str(refused.value) == (
        "dose paths: paths must be at most 100, got more in 6 cohorts. Look fewer cohorts ahead"
    )


def test_true_rates_of_other_levels_are_refused():
    with pytest.raises(RuleError, match="must be 3, one for each dose level, got 2"):
        dose_paths(advise, START, cohorts=1, subjects=18, truth=(0.1, 0.2))
