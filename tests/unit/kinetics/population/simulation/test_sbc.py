import numpy as np
import pytest

from cartrial.kinetics.population.simulation.sbc import differences


def ranks(fits, parameters, *, most=19, seed=1):
    return np.random.default_rng(seed).integers(0, most + 1, (fits, parameters))


def test_the_difference_counts_ranks_below_each_share():
    told = differences(np.array([[0], [0], [3], [2]]), most=3)
    assert told.share.tolist() == [0.25, 0.5, 0.75]
    assert told.difference.tolist() == [[0.25, 0.0, 0.0]]


def test_uniform_ranks_stay_in_the_band_in_95_of_100_calibrations():
    told = differences(ranks(200, 2000), most=19)
    assert told.inside.mean() == pytest.approx(0.95, abs=0.015)
    assert np.mean(told.chance < 0.5) == pytest.approx(0.5, abs=0.04)
    assert (told.chance[~told.inside] <= 0.05).all()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda r: np.minimum(r + 3, 19), id="estimates too low"),
        pytest.param(lambda r: (r * 0.6 + 4).astype(int), id="intervals too wide"),
        pytest.param(lambda r: np.where(r % 3, r, 19 * (r % 2)), id="intervals too narrow"),
    ],
)
def test_a_wrong_posterior_leaves_the_band(wrong):
    assert not differences(wrong(ranks(200, 20)), most=19).inside.any()
