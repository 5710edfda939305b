"""TITE-BOIN and BOIN in time: characteristics, as TITEgBOIN simulates them (README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.simulation.setting import Setting, Simulation
from cartrial.dosing.simulation.simulate import simulate
from cartrial.protocol.design import Boin, TiteBoin
from cartrial.protocol.study import DAYS_PER_MONTH
from tests.oracle.simulated import assert_alike

CASES = json.loads((Path(__file__).parent / "characteristics.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[c["id"] for c in CASES])
def test_the_characteristics_differ_by_chance_alone(case):
    given, told = case["inputs"], case["expected"]
    late = TiteBoin(
        target=given["target"], variant="effective sample size", wakes="arrival", complete=0
    )
    setting = Setting(
        window=given["window_months"] * DAYS_PER_MONTH,
        accrual=given["accrual_per_month"],
        late=given["alpha1"],
    )
    simulation = Simulation(
        late if given["TITE"] else Boin(target=given["target"]),
        tuple(given["true_tox"]),
        setting,
        subjects=given["n_cohort"] * given["cohort_size"],
        target=given["target"],
    )
    found = simulate(simulation, trials=50_000)
    selected = {
        "selection": told["sel"],
        "patients": told["mean_n"],
        "dlts": told["mean_dlt"],
    }
    assert_alike(found, selected, trials=given["n_trials"])
    if not given["TITE"]:
        assert_alike(found, {"none": told["sel_none"]}, trials=given["n_trials"])
        assert _months(found) < told["duration_mean_months"] < _longest(simulation)
    else:
        assert _months(found) == pytest.approx(told["duration_mean_months"], rel=0.02)


def _months(found):
    return found.mean.duration_days / DAYS_PER_MONTH


def _longest(simulation):
    """Every cohort with its two gaps and a whole window after the last patient."""
    cohorts, setting = simulation.subjects / 3, simulation.setting
    return cohorts * (2 * setting.gap + setting.window) / DAYS_PER_MONTH
