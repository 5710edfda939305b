"""Simulated cohorts of a known population, and a fit of one."""

from functools import cache

import numpy as np

from cartrial.kinetics.population.fast import fit_fast
from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.unknown import vector_of
from cartrial.kinetics.population.simulation.simulate import Sampling, simulate

TRUTH = {
    "lag": 3.0,
    "foldx": 3900.0,
    "rise": 11.0,
    "cmax": 42_500.0,
    "alpha": 0.12,
    "fb": 0.005,
    "beta": 0.008,
    "sd_lag": 0.3,
    "sd_foldx": 0.8,
    "sd_rise": 0.3,
    "sd_cmax": 0.8,
    "sd_alpha": 0.6,
    "sd_fb": 0.9,
    "sd_beta": 0.6,
    "residual_qPCR": 0.5,
    "residual_flow": 0.3,
    "scale_flow": 0.01,
    "factor_tocilizumab": 1.3,
    "effect_dose_on_cmax": 0.5,
}


def vector(model, assays=("qPCR",)):
    return vector_of(model, assays, TRUTH)


def cohort(subjects, *, seed=1, model=None, **sampling):
    model = model or Model()
    plan = Sampling(subjects, leave=0.3, **sampling)
    return simulate(model, vector(model, plan.assays), plan, np.random.default_rng(seed))


@cache
def fitted_cohort():
    """The fast fit of 18 subjects."""
    return fit_fast(Model(), cohort(18, seed=2).samples)
