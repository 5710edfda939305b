import pytest

from cartrial.dosing.conduct.next_dose import select_mtd
from cartrial.dosing.conduct.outlook import outlook
from cartrial.dosing.design import boin
from cartrial.dosing.exact.chance import chances
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.dosing.state import State, outcomes
from cartrial.protocol.design import Boin
from cartrial.protocol.rules import Rules
from cartrial.protocol.study import Dlt

BOIN = Boin(target=0.3)
DLT = Dlt(definition="a DLT", window=84)
TRUTH = (0.1, 0.25, 0.45)


def tree(line, *, deepest=1):
    return outlook(BOIN, DLT, outcomes(line, levels=3), Rules(), most=1000, deepest=deepest)


def test_the_number_of_dlts_in_a_new_cohort_is_binomial():
    forks = tree("1NNN")
    assert chances(forks, (0.1, 0.5, 0.9), window=84) == [1.0, 1 / 8, 3 / 8, 3 / 8, 1 / 8]


@pytest.mark.parametrize(
    ("days", "none"),
    [
        (0, 1 - 0.2),
        (42, (1 - 0.2) / (1 - 0.1)),
        (63, (1 - 0.2) / (1 - 0.15)),
        (84, 1.0),
    ],
)
def test_the_longer_the_follow_up_the_less_likely_a_dlt(days, none):
    found = chances(tree(f"1NN.[{days}]"), (0.2, 0.3, 0.4), window=84)
    assert found == pytest.approx([1, none, 1 - none])


def test_a_maturing_subject_counts_as_followed_for_nothing():
    found = chances(tree("1NNm[63]"), (0.2, 0.3, 0.4), window=84)
    assert found == pytest.approx([1, 0.8, 0.2])


def test_a_certain_dlt_that_did_not_come_does_not_come_any_more():
    assert chances(tree("1NN.[84]"), (1.0, 1.0, 1.0), window=84) == [1, 1, 0]


def test_subjects_of_different_follow_up_count_each_with_their_own():
    found = chances(tree("1N.[42].[0]"), (0.2, 0.3, 0.4), window=84)
    half, whole = 0.1 / 0.9, 0.2
    assert found[1:] == pytest.approx(
        [
            (1 - half) * (1 - whole),
            half * (1 - whole) + (1 - half) * whole,
            half * whole,
        ]
    )


def test_the_paths_of_a_whole_trial_are_what_is_enumerated():
    forks = outlook(BOIN, None, State(levels=3, planned=12), Rules(), most=10_000, deepest=9)
    probable = chances(forks, TRUTH, window=None)
    ended = [(fork, chance) for fork, chance in zip(forks, probable, strict=True) if fork.ended]
    assert sum(chance for _, chance in ended) == pytest.approx(1, abs=1e-12)
    selection = [0.0] * 4
    for fork, chance in ended:
        assert fork.mtd == select_mtd(BOIN, None, fork.state)
        selection[boin.select_mtd(BOIN, fork.state.counts) or 0] += chance
    ends = enumerate_ends(policy_of(BOIN, subjects=12), levels=3, subjects=12)
    assert selection == pytest.approx(evaluate(ends, TRUTH, target=0.3).selection, abs=1e-12)
