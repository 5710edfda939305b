import numpy as np
import pytest

from cartrial.dosing.characteristics.curves import correct_level, correct_selection, curves
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.protocol.design import Boin

ENDS = enumerate_ends(policy_of(Boin(target=0.3), subjects=18), levels=4, subjects=18)


def test_a_curve_has_the_target_at_its_position_and_its_slope_in_log_odds():
    (((low, at, high),),) = curves(
        target=0.25, position=np.array([2.0]), slope=np.array([np.log(3)]), levels=3
    )
    assert at == pytest.approx(1 / 4)  # odds 1 : 3
    assert low == pytest.approx(1 / 10)  # odds 1 : 9
    assert high == pytest.approx(1 / 2)  # odds 1 : 1


@pytest.mark.parametrize(
    ("truth", "correct"),
    [
        ((0.1, 0.25, 0.45), 2),
        ((0.2, 0.4, 0.6), 1),  # 0.2 and 0.4 are equally near
        ((0.3, 0.3, 0.3), 1),
        ((0.01, 0.02, 0.03), 3),
        ((0.4, 0.6, 0.8), 1),
        ((0.5, 0.6, 0.8), 0),
    ],
)
def test_the_correct_level_is_the_nearest_or_none(truth, correct):
    assert correct_level(np.array(truth), target=0.3, highest=0.45).tolist() == correct


def test_the_grid_is_the_selection_of_the_correct_level_of_each_curve():
    found = correct_selection(
        ENDS, target=0.3, position=np.arange(-1, 6), slope=(0.3, 1.0, 2.0), highest=0.5
    )
    assert found.probability.shape == found.correct.shape == (7, 3)
    for i, j in ((0, 0), (0, 2), (3, 1), (6, 2)):
        alone = evaluate(ENDS, found.truth[i, j], target=0.3).selection
        assert found.probability[i, j] == pytest.approx(alone[found.correct[i, j]], abs=1e-14)
    assert found.correct[:, 2].tolist() == [0, 0, 1, 2, 3, 4, 4]


def test_a_steeper_curve_makes_the_correct_level_easier_to_find():
    found = correct_selection(ENDS, target=0.3, position=[2.0], slope=(0.5, 1.0, 2.0, 4.0))
    assert found.probability[0].tolist() == sorted(found.probability[0])
