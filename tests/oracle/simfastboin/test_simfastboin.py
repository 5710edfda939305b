"""TITE-BOIN: operating characteristics, as simFastBOIN simulates them (README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import simulate
from cartrial.protocol.design import TiteBoin
from tests.oracle.simulated import assert_alike

CASES = json.loads((Path(__file__).parent / "characteristics.json").read_text("utf-8"))
TRIALS = 50_000
VARIANTS = {"imputation": "imputation", "ess": "effective sample size"}


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_the_characteristics_differ_by_chance_alone(case):
    given, told = case["inputs"], case["expected"]
    simulation = Simulation(
        TiteBoin(target=given["target"], variant=VARIANTS[given["method"]]),
        tuple(given["true_tox"]),
        Setting(window=84, accrual=given["accrual_per_month"], late=given["late_fraction"]),
        subjects=given["n_cohort"] * given["cohort_size"],
        target=given["target"],
    )
    means = {
        "none": told["sel_none"],
        "selection": told["sel"],
        "patients": told["mean_n"],
        "dlts": told["mean_dlt"],
        "duration_days": told["duration_mean_days"],
        "suspensions": told["mean_suspensions"],
        "suspended_days": told["mean_time_suspended_days"],
    }
    found = simulate(simulation, trials=TRIALS)
    assert_alike(found, means, trials=given["n_trials"])
    found_sd = found.mcse.duration_days * TRIALS**0.5
    assert found_sd == pytest.approx(told["duration_sd_days"], rel=0.02)
