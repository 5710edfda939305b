"""A fit as JSON."""

import json

import pytest

from cartrial.kinetics.population.fitted.saved import to_json
from tests.unit.kinetics.population.cohorts import fitted_cohort


def test_a_saved_fit_holds_its_samples_and_draws():
    fit = fitted_cohort()
    told = json.loads(to_json(fit))
    assert [value is None for value in told["samples"]["value"]] == fit.samples.below.tolist()
    assert told["draws"][-1] == pytest.approx(fit.draws[-1].tolist(), rel=1e-8)
    assert told["individuals"][3][17] == pytest.approx(fit.individuals[3, 17].tolist(), rel=1e-8)
    assert told["population"][0]["name"] == "foldx"
    assert told["refused"] is None
