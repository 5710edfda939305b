"""What the model says of each subject, and its curve."""

import numpy as np
import pytest

from cartrial.kinetics.population.fitted.derived import derive
from cartrial.kinetics.population.fitted.predict import predict
from tests.unit.kinetics.population.cohorts import fitted_cohort


@pytest.fixture(scope="module")
def fit():
    return fitted_cohort()


def test_curves_pass_through_the_quantities_derived_from_them(fit):
    subject = fit.samples.subjects[0]
    derived = {one.name: one for one in derive(fit) if one.subject == subject}
    assert derived["cmax"].low < derived["cmax"].value < derived["cmax"].high
    days = np.linspace(0, 28, 281)
    curves = predict(fit, days)
    assert curves.median[0].max() == pytest.approx(derived["cmax"].value, rel=0.25)
    assert np.trapezoid(curves.median[0], days) == pytest.approx(derived["auc_28"].value, rel=0.1)
