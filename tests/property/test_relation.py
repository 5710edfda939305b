"""What is always true of the relation of an exposure to an outcome."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartrial.kinetics.odds import odds_by_doubling
from cartrial.kinetics.proportionality import fit_power_model
from cartrial.kinetics.relation import concordance, correlation

PEOPLE = st.lists(
    st.tuples(st.integers(1, 30), st.integers(0, 4), st.booleans()), min_size=2, max_size=14
)


def columns(people):
    exposure, grade, flag = (np.array(part) for part in zip(*people, strict=True))
    return exposure.astype(float), grade, flag


@given(PEOPLE)
def test_an_effect_lies_within_its_interval_and_p_is_a_probability(people):
    exposure, grade, _ = columns(people)
    for found, least in ((concordance(exposure, grade), 0), (correlation(exposure, grade), -1)):
        if found.effect is None:
            assert found.why_missing
            continue
        assert least <= found.effect <= 1
        assert 0 < found.p <= 1 + 1e-12
        if found.lower is None:
            assert found.why_missing
        else:
            assert found.lower - 1e-9 <= found.effect <= found.upper + 1e-9


@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_the_subjects_does_not_count(people, random):
    exposure, grade, _ = columns(people)
    again = list(people)
    random.shuffle(again)
    other = columns(again)
    one, two = concordance(exposure, grade), concordance(other[0], other[1])
    assert one.effect == two.effect
    assert one.p == pytest.approx(two.p)


@given(PEOPLE)
def test_only_the_order_of_the_exposures_counts(people):
    exposure, grade, _ = columns(people)
    assert concordance(exposure, grade) == concordance(np.exp(exposure), grade)


@given(PEOPLE)
def test_the_whole_follow_up_of_nobody_censored_is_the_plain_concordance(people):
    exposure, grade, _ = columns(people)
    nobody = np.zeros(exposure.size, bool)
    assert concordance(exposure, grade, censored=nobody) == concordance(exposure, grade)


@given(PEOPLE)
def test_censoring_takes_pairs_away_and_never_the_sign_of_one(people):
    exposure, time, censored = columns(people)
    found = concordance(exposure, time, censored=censored)
    turned = concordance(-exposure, time, censored=censored)
    if found.effect is not None:
        assert found.effect == pytest.approx(1 - turned.effect)


@given(PEOPLE)
def test_odds_follow_the_direction_of_the_means(people):
    exposure, _, flag = columns(people)
    found = odds_by_doubling(exposure, flag)
    if found.ratio is None:
        assert found.why_missing
        return
    doublings = np.log2(exposure)
    apart = doublings[flag].mean() - doublings[~flag].mean()
    if abs(apart) > 0.5:
        assert (found.ratio > 1) == (apart > 0)
    assert found.lower is None or found.lower <= found.ratio * (1 + 1e-9)


@given(PEOPLE, st.floats(0.01, 100))
def test_a_unit_changes_no_slope(people, factor):
    exposure, dose, _ = columns(people)
    one = fit_power_model(dose + 1, exposure)
    other = fit_power_model((dose + 1) * factor, exposure * factor)
    if one.slope is None:
        assert one.why_missing == other.why_missing
    else:
        assert other.slope == pytest.approx(one.slope, abs=1e-9)
