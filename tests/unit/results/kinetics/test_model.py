"""The population model on a simulated cohort, written as ADPC."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from cartrial.kinetics.population.model.model import Model
from cartrial.kinetics.population.model.unknown import vector_of
from cartrial.kinetics.population.simulation.simulate import Sampling, simulate
from cartrial.results.kinetics.analyte import Analyte, analytes
from cartrial.results.kinetics.model import fitted, model_exposures, model_table
from cartrial.results.kinetics.model_figures import model_figures
from tests.unit.results.kinetics.trial import small_trial
from tests.unit.results.made import cell, labels

TRUE = {
    "foldx": 3900,
    "rise": 10,
    "cmax": 40_000,
    "alpha": 0.1,
    "fb": 0.002,
    "beta": 0.012,
    "sd_foldx": 0.5,
    "sd_rise": 0.15,
    "sd_cmax": 0.5,
    "sd_alpha": 0.4,
    "sd_fb": 0.5,
    "sd_beta": 0.5,
    "residual_qPCR": 0.4,
}
SUBJECTS = 8


@pytest.fixture(scope="module")
def cohort() -> Analyte:
    """Eight simulated subjects; one result below quantification has no limit."""
    vector = vector_of(Model(), ("qPCR",), TRUE)
    made = simulate(Model(), vector, Sampling(SUBJECTS), np.random.default_rng(1)).samples
    below = np.isnan(made.value)
    rows = pl.DataFrame(
        {
            "subject": [f"{n + 1:03d}" for n in made.subject],
            "ARELTM": made.time,
            "AVAL": np.where(below, np.nan, made.value),
            "ALLOQ": made.lloq,
            "ASEQ": np.arange(made.value.size),
            "status": np.where(below, "below quantification", "quantified"),
        }
    ).with_columns(pl.col("AVAL").fill_nan(None))
    first = pl.col("AVAL").is_null().cum_sum() == 1
    lost = pl.when(first & pl.col("AVAL").is_null()).then(None).otherwise("ALLOQ")
    return Analyte("car_qpcr", "PC", "CARTG", "CAR DNA", "copies/ug", rows.with_columns(ALLOQ=lost))


@pytest.fixture(scope="module")
def found(cohort):
    return fitted((cohort,))


def test_typical_values_stand_beside_their_priors(found):
    table = model_table(small_trial(), found)
    peak = labels(table).index("Peak concentration")
    assert labels(table)[peak + 1 : peak + 4] == [
        "Typical value (copies/ug)",
        "Between subjects (%)",
        "Shrinkage (%)",
    ]
    estimate = cell(table, "Typical value (copies/ug)", "estimate")
    assert estimate["lower"] < TRUE["cmax"] < estimate["upper"]
    assert cell(table, "Typical value (copies/ug)", "prior")["value"] == pytest.approx(40_000)


def test_what_cannot_be_censored_is_left_out_and_counted(found, cohort):
    assert found.without_limit == 1
    assert found.fit.samples.value.size == cohort.rows.height - 1
    notes = model_table(small_trial(), found).output.footnotes
    assert "Without value and limit, or twice at one time: 1 result, left out." in notes


def test_every_subject_has_a_modelled_exposure(found):
    peak, area = model_exposures(found)
    assert len(peak.values) == len(area.values) == SUBJECTS
    assert area.unit == "day*copies/ug"


def test_the_figures_hold_every_sample_and_the_share_below(found):
    fits, check = model_figures(small_trial(), found)
    points = fits.data["car_qpcr_fits_points"]
    assert points.height == found.fit.samples.value.size
    assert points["below"].sum() == int(found.fit.samples.below.sum())
    bands = check.data["car_qpcr_vpc"]
    assert bands.filter(pl.col("share"))["observed"].is_between(0, 100).all()


def test_curves_that_end_on_day_29_hold_each_day_once(cohort):
    hurried = pl.col("ARELTM").clip(upper_bound=28.5)
    early = cohort.rows.with_columns(ARELTM=hurried).unique(["subject", "ARELTM"], keep="first")
    ends = fitted((replace(cohort, rows=early.sort("subject", "ARELTM")),))
    fits, _ = model_figures(small_trial(), ends)
    curves = fits.data["car_qpcr_fits_curves"]
    assert curves.select("subject", "day").is_duplicated().sum() == 0


def test_samples_that_cannot_be_fitted_are_one_line():
    trial = small_trial()
    table = model_table(trial, fitted(analytes(trial)))
    assert table.output.empty.startswith("Not estimable: samples: must reach past day 28")


def test_without_qpcr_there_is_no_model():
    assert fitted(()) is None
