"""CRM: operating characteristics, exact and as dfcrm simulates them (README.md)."""

import json
from pathlib import Path

import numpy as np
import pytest

from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.protocol.model_design import Crm

CASES = json.loads((Path(__file__).parent / "characteristics.json").read_text("utf-8"))
SUBJECTS = 18
TRIALS = 10_000


def named(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=[c["id"] for c in CASES[kind]])


def ends_of(given):
    design = Crm(target=given["target"], skeleton=given["skeleton"], scale=given["scale"])
    policy = policy_of(design, subjects=SUBJECTS)
    return enumerate_ends(policy, levels=len(given["true_tox"]), subjects=SUBJECTS)


@named("exact_oc")
def test_the_characteristics_are_exactly_those_of_another_enumeration(case):
    given, told = case["inputs"], case["expected"]
    found = evaluate(ends_of(given), given["true_tox"], target=given["target"])
    assert found.selection == pytest.approx([0, *told["sel"]], abs=case["tol"])
    assert found.patients == pytest.approx(told["mean_n"], abs=case["tol"])
    assert found.dlts == pytest.approx(told["mean_dlt"], abs=case["tol"])


@named("mc_oc")
def test_the_characteristics_are_within_four_standard_errors_of_the_simulation(case):
    given, told = case["inputs"], case["expected"]
    ends, truth = ends_of(given), given["true_tox"]
    found, chance = evaluate(ends, truth, target=given["target"]), ends.probabilities(truth)
    error = np.sqrt(found.selection * (1 - found.selection) / TRIALS)
    assert np.all(np.abs(found.selection - [0, *told["sel"]]) <= 4 * error)
    for seen, mean, told_mean in (
        (ends.treated, found.patients, told["mean_n"]),
        (ends.dlts, found.dlts, told["mean_dlt"]),
    ):
        error = np.sqrt(chance @ (seen - mean) ** 2 / TRIALS)
        assert np.all(np.abs(mean - told_mean) <= 4 * error)
