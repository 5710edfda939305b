"""BF-BOIN: operating characteristics, as bfboin simulates them (README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import simulate
from cartrial.protocol.design import BfBoin
from cartrial.protocol.study import DAYS_PER_MONTH
from tests.oracle.simulated import assert_alike

CASES = json.loads((Path(__file__).parent / "characteristics.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_the_characteristics_differ_by_chance_alone(case):
    given, told = case["inputs"], case["expected"]
    design = BfBoin(
        target=given["target"], cap=given["n_cap"] + 1, enough=given["n_earlystop"], wait=False
    )
    setting = Setting(
        window=given["window_months"] * DAYS_PER_MONTH,
        accrual=given["accrual_per_month"],
        process="uniform",
        late=0.5,
        response=given["p_response"],
    )
    simulation = Simulation(
        design,
        tuple(given["true_tox"]),
        setting,
        subjects=given["n_cohort"] * given["cohort_size"],
        target=given["target"],
    )
    told = {
        "selection": told["sel"],
        "patients": told["mean_n"],
        "dlts": told["mean_dlt"],
        "duration_days": told["duration_months"] * DAYS_PER_MONTH,
    }
    assert_alike(simulate(simulation, trials=50_000), told, trials=given["n_trials"])
