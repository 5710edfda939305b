"""The model as text for nlmixr2."""

from dataclasses import replace

import pytest

from cartrial.errors import DataError
from cartrial.kinetics.population.fitted.export import to_nlmixr2
from cartrial.kinetics.population.model.model import Effect, Model
from tests.unit.kinetics.population.cohorts import fitted_cohort


@pytest.fixture(scope="module")
def fit():
    return fitted_cohort()


def test_the_model_is_written_for_nlmixr2(fit):
    text = to_nlmixr2(fit)
    assert "t_cmax <- log(" in text
    assert "cmax <- exp(t_cmax + eta_cmax)" in text
    assert text.count("~") == 7
    assert text.count("{") == text.count("}")


def test_a_treatment_cannot_be_written_for_nlmixr2(fit):
    model = Model(effects=(Effect("dose", "cmax"),), treatments=("steroid",))
    with pytest.raises(DataError, match="must be of one assay without treatments"):
        to_nlmixr2(replace(fit, model=model))
