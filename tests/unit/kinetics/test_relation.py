"""Relations of few subjects, worked by hand in fractions."""

from fractions import Fraction

import numpy as np
import pytest

from cartrial.kinetics.relation import Relation, concordance, correlation


def approx(value: Fraction):
    return pytest.approx(float(value))


def test_the_higher_exposure_had_the_outcome_in_every_pair():
    found = concordance([1, 2, 3, 4, 5], [0, 0, 0, 1, 1])
    assert found.effect == 1
    assert found.p == approx(Fraction(2, 10))  # the two ends of 10 arrangements
    assert found.reach is None  # nothing that 2 of 5 can show is rarer


def test_equal_exposures_count_one_half():
    assert concordance([1, 2, 2], [0, 0, 1]).effect == approx(Fraction(3, 4))


def test_grades_are_compared_where_they_differ():
    # pairs of unlike grade: 1-2 yes, 1-3 yes, 1-4 yes, 2-4 no, 3-4 no; 2-3 are alike
    found = concordance([1, 4, 3, 2], [0, 1, 1, 2])
    assert found.effect == approx(Fraction(3, 5))
    # of 12 arrangements the sums from 0 to 5 come up 1 2 3 3 2 1 times; 3 lies 1/2 from the mean
    assert found.p == approx(Fraction(12, 12))


def test_who_is_censored_outlasted_those_before_and_nobody_after():
    # 10 censored: after the event at 5, unknown beside that at 20; 5 before 20
    found = concordance([3, 9, 1], [20, 5, 10], censored=[False, False, True])
    assert found.effect == approx(Fraction(0, 2))
    assert not found.exact


def test_one_censored_at_the_time_of_an_event_outlasted_it():
    assert concordance([1, 2], [7, 7], censored=[False, True]).effect == 1
    assert concordance([1, 2], [7, 7]).why_missing == "the outcome tells no two subjects apart"


@pytest.mark.parametrize(
    ("exposure", "outcome", "why"),
    [
        ([], [], "no subject with both"),
        ([1], [1], "1 subject with both"),
        ([1, 2, 3], [1, 1, 1], "the outcome tells no two subjects apart"),
        ([2, 2, 2], [0, 1, 1], "all have the same exposure"),
    ],
)
def test_nothing_to_compare_has_its_reason(exposure, outcome, why):
    nothing = Relation(len(exposure), None, why_missing=why)
    assert concordance(exposure, outcome) == nothing
    assert correlation(exposure, outcome) == nothing


def test_without_a_spread_there_is_no_interval_and_why():
    found = concordance([1, 2, 3, 4], [0, 1, 2, 3])
    assert (found.effect, found.lower, found.upper) == (1, None, None)
    assert found.why_missing == "no interval: every pair goes the same way"


def test_the_interval_of_two_outcomes_ends_where_the_share_is_just_allowed():
    found = concordance([1, 2, 3, 4, 5, 6, 7, 8], [0, 0, 1, 0, 1, 0, 1, 1])
    assert found.effect == approx(Fraction(13, 16))
    for end in (found.lower, found.upper):
        spread = 1 + 3 * ((1 - end) / (2 - end) + end / (1 + end))
        variance = end * (1 - end) * spread / 16
        assert abs(13 / 16 - end) == pytest.approx(1.959964 * variance**0.5, rel=1e-5)


def test_what_is_reached_is_called_and_what_lies_below_is_not():
    yes = [0] * 12 + [1] * 6
    rng = np.random.default_rng(3)
    found = [concordance(rng.normal(size=18), yes) for _ in range(200)]
    for one in found:
        away = abs(one.effect - 0.5)
        assert (one.p <= 0.05) == (away >= one.reach - 0.5 - 1e-9)


def test_the_same_seed_gives_the_same_p():
    rng = np.random.default_rng(4)
    exposure, outcome = rng.normal(size=18), rng.normal(size=18)
    assert correlation(exposure, outcome, seed=7) == correlation(exposure, outcome, seed=7)
    assert not correlation(exposure, outcome).exact


def test_order_alone_counts():
    rng = np.random.default_rng(5)
    exposure, outcome = rng.normal(size=18), rng.integers(0, 4, size=18)
    again = rng.permutation(18)
    one, other = (
        concordance(exposure, outcome),
        concordance(np.exp(exposure)[again], (outcome * 10)[again]),
    )
    assert one.effect == other.effect
    assert one.p == pytest.approx(other.p)


def test_turning_the_outcome_round_turns_the_effect_round():
    rng = np.random.default_rng(6)
    exposure, outcome = rng.normal(size=18), rng.integers(0, 4, size=18)
    one, other = concordance(exposure, outcome), concordance(exposure, -outcome)
    assert one.effect == pytest.approx(1 - other.effect)
    assert one.p == pytest.approx(other.p)
    assert one.lower == pytest.approx(1 - other.upper)


@pytest.mark.parametrize("sizes", [(9, 9), (12, 6), (6, 5, 4, 3)])
@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_the_interval_holds_the_truth_as_often_as_it_says(sizes, strength):
    """Trials of 18, outcomes by the order of exposure and noise; the truth is from 400 trials."""
    rng = np.random.default_rng(8)
    outcome = np.repeat(range(len(sizes)), sizes)

    def one():
        exposure = rng.normal(size=18)
        felt = strength * exposure + rng.logistic(size=18)
        return concordance(exposure[felt.argsort()], outcome)

    truth = np.mean([one().effect for _ in range(400)])
    found = [trial for trial in (one() for _ in range(400)) if trial.lower is not None]
    assert np.mean([trial.lower <= truth <= trial.upper for trial in found]) >= 0.93
