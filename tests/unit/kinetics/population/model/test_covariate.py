"""How a covariate enters the model."""

import numpy as np
import pytest

from cartrial.kinetics.population.model.covariate import centred


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([1.0, 10.0, 100.0], [-np.log(10), 0, np.log(10)]),
        ([0.0, 1.0, 1.0], [0, 1, 1]),
        ([1.0, 1.0], [0, 0]),
        ([-1.0, 0.0, 4.0], [-2, -1, 3]),
    ],
)
def test_a_covariate_is_centred_by_its_kind(given, expected):
    assert centred(np.array(given)) == pytest.approx(expected)
