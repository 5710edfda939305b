"""TITE-CRM: operating characteristics, as dfcrm simulates them (README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import simulate
from cartrial.protocol.model_design import TiteCrm
from cartrial.protocol.study import DAYS_PER_MONTH
from tests.oracle.simulated import assert_alike

CASES = json.loads((Path(__file__).parent / "timed.json").read_text("utf-8"))
TRIALS = {3: 5_000, 5: 13_000}  # by the number of levels


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_the_characteristics_differ_by_chance_alone(case):
    given, told = case["inputs"], case["expected"]
    window = given["obswin_days"]
    simulation = Simulation(
        TiteCrm(
            target=given["target"],
            skeleton=given["skeleton"],
            scale=given["scale"],
            cohort=1,
            coherence="none",
        ),
        tuple(given["true_tox"]),
        Setting(window=window, accrual=given["rate_per_window"] / window * DAYS_PER_MONTH),
        subjects=given["n"],
        target=given["target"],
    )
    found = simulate(simulation, trials=20_000)
    named = {"selection": told["sel"], "patients": told["mean_n"], "dlts": told["mean_dlt"]}
    assert_alike(found, named, trials=TRIALS[len(simulation.truth)])
