"""Simulated cohorts give the published summary of ciltacabtagene autoleucel (README.md)."""

import numpy as np
import pytest

from cartrial.kinetics.nca.course import Course
from cartrial.kinetics.nca.parameters import PARAMETERS
from cartrial.kinetics.nca.profile import profiles_from_infusion
from cartrial.kinetics.population.model.unknown import vector_of
from cartrial.kinetics.population.simulation.calibrated import CALIBRATED, CALIBRATED_MODEL
from cartrial.kinetics.population.simulation.simulate import Sampling, simulate

SUBJECTS, COHORTS = 97, 200
STUDY_DAYS = (2, 4, 7, 10, 14, 21, 28, 42, 56, 78, 100, 140, 184, 240, 300, 364, 450)
DAYS = tuple(day - 1.3 for day in STUDY_DAYS)
PUBLISHED = {
    "CMAX": (np.nanmean, 48_692),
    "TMAX": (np.nanmedian, 12.7),
    "AUC028": (np.nanmean, 504_496),
    "TBLQ": (np.nanmedian, 100),
}


@pytest.fixture(scope="module")
def statistics():
    sampling = Sampling(SUBJECTS, DAYS, leave=0.65)
    vector = vector_of(CALIBRATED_MODEL, sampling.assays, CALIBRATED)
    of = {one.code: one.of for one in PARAMETERS}
    found = {code: [] for code in PUBLISHED}
    for seed in range(COHORTS):
        samples = simulate(CALIBRATED_MODEL, vector, sampling, np.random.default_rng(seed)).samples
        course = Course(
            profiles_from_infusion(
                samples.subject, samples.time, samples.value, samples.lloq, subjects=SUBJECTS
            )
        )
        for code, (statistic, _) in PUBLISHED.items():
            found[code].append(statistic(of[code](course).value))
    return found


@pytest.mark.parametrize("code", PUBLISHED)
def test_the_published_statistic_is_in_the_middle_of_the_simulated(statistics, code):
    low, high = np.quantile(statistics[code], (0.05, 0.95))
    published = PUBLISHED[code][1]
    assert low - 1e-9 <= published <= high + 1e-9
    assert high < 2 * published
