"""Samples that cannot carry a model: one clear line each."""

from dataclasses import replace

import numpy as np
import pytest

from cartrial.errors import DataError
from cartrial.kinetics.population.model.enough import check_samples
from cartrial.kinetics.population.model.model import Effect, Model
from tests.unit.kinetics.population.cohorts import cohort

MODEL = Model()


@pytest.fixture
def samples():
    return cohort(3).samples


def refusal(samples, model=MODEL):
    with pytest.raises(DataError) as fault:
        check_samples(model, samples)
    return str(fault.value)


def among(samples, kept):
    rows = ("subject", "assay", "time", "value", "lloq")
    return replace(samples, **{name: getattr(samples, name)[kept] for name in rows})


def test_nothing_quantified(samples):
    everything = replace(samples, value=np.full(samples.value.size, np.nan))
    assert refusal(everything) == (
        f"samples: qPCR: must hold a quantified value, got {samples.value.size} samples, "
        "all below quantification"
    )


def test_one_subject(samples):
    assert refusal(among(samples, samples.subject == 0)) == (
        "samples: must come from 2 or more subjects with a quantified value, got 1. "
        "For one subject use `cartrial kinetics nca`"
    )


def test_no_sample_after_day_28(samples):
    assert refusal(among(samples, samples.time <= 28)) == (
        "samples: must reach past day 28 to show how the cells persist, got day 28 as the last"
    )


def test_no_sample_at_all(samples):
    assert refusal(among(samples, samples.time < 0)) == (
        "samples: must hold a sample after the infusion, got none"
    )


def test_a_sample_before_the_infusion(samples):
    early = replace(samples, time=np.where(samples.time == 3, -1.0, samples.time))
    assert refusal(early) == "samples: time must be after the infusion, got day -1"


def test_below_quantification_without_a_limit(samples):
    unlimited = replace(samples, lloq=np.full(samples.lloq.size, np.nan))
    below = int(samples.below.sum())
    assert refusal(unlimited) == (
        "samples: lloq must be above 0 where a value is below it, got "
        f"{below} of {below} that are not"
    )


def test_a_quantified_zero(samples):
    zero = replace(samples, value=np.where(samples.below, np.nan, 0.0))
    assert refusal(zero) == "samples: qPCR: a quantified value must be above 0, got 0 or less"


def test_a_covariate_that_a_subject_lacks(samples):
    model = Model(effects=(Effect("dose", "cmax"),))
    known = replace(samples, covariates={"dose": np.array([1.0, np.nan, 2.0])})
    assert refusal(samples, model) == "samples: must give the covariate dose, got none"
    assert refusal(known, model) == (
        "samples: dose: must be known for every subject, got 1 without; first, S2"
    )


def test_a_treatment_without_its_days(samples):
    assert refusal(samples, Model(treatments=("steroid",))) == (
        "samples: must give the day on which steroid began, got none"
    )
