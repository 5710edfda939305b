"""Kappa worked by hand, as fractions."""

import pytest

from cartrial.estimate.kappa import kappa


def test_agreement_beyond_chance_by_hand():
    pairs = [("PR", "PR")] * 4 + [("PR", "CR")] * 2 + [("CR", "PR")] * 1 + [("CR", "CR")] * 3
    # observed 7/10; expected 6/10 x 5/10 + 4/10 x 5/10 = 1/2; kappa (7/10 - 1/2) / (1/2)
    assert kappa(pairs) == pytest.approx(2 / 5)


def test_full_agreement_is_1_and_full_disagreement_of_equal_shares_is_minus_1():
    assert kappa([("PR", "PR"), ("CR", "CR")]) == 1
    assert kappa([("PR", "CR"), ("CR", "PR")]) == -1


def test_agreement_by_chance_alone_is_0():
    assert kappa([("PR", "PR"), ("PR", "CR"), ("CR", "PR"), ("CR", "CR")]) == 0


def test_there_is_none_of_nothing_and_none_where_both_always_say_the_same():
    assert kappa([]) is None
    assert kappa([("PR", "PR"), ("PR", "PR")]) is None
