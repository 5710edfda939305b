"""BOIN: operating characteristics, exact and of 1,000,000 simulated trials (see README.md)."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from cartrial.dosing.decision import Decision
from cartrial.dosing.design import boin
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.layer import one_by_one
from cartrial.dosing.exact.policy import policy_of
from cartrial.protocol.design import Boin

HERE = Path(__file__).parent
CASES = {
    kind: [
        case
        for name in ("boin", "options", "characteristics")
        for case in json.loads((HERE / f"{name}.json").read_text("utf-8")).get(kind, [])
    ]
    for kind in ("exact_oc", "mc_oc")
}
NEVER = 100  # patients at a dose: more than there are subjects


def named(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=[c["id"] for c in CASES[kind]])


def design_of(given):
    return Boin(
        target=given["target"],
        eliminate_above=given.get("cutoff_eli", 0.95),
        extra_safe=given.get("extrasafe", False),
        offset=given.get("offset", 0.05),
        bound_mtd=given.get("bound_mtd", False),
        titration=given.get("titration", False),
        cohort=given["cohort_size"],
    )


def until_enough(design, enough, counts):
    """The advice, but the escalation ends where it would stay at a dose with enough patients."""
    found = boin.advise(design, counts)
    if counts.current and found.level == counts.current and counts.here[0] >= enough:
        return replace(found, level=None, decision=Decision.STAY)
    return found


def ends_of(given):
    design, subjects = design_of(given), given["n_cohort"] * given["cohort_size"]
    policy = policy_of(design, subjects=subjects)
    enough = given.get("n_earlystop", NEVER)
    if isinstance(enough, int) and enough < NEVER:
        advise = partial(until_enough, design, enough)
        policy = one_by_one(advise, partial(boin.select_mtd, design))
    return enumerate_ends(policy, levels=len(given["true_tox"]), subjects=subjects)


@named("exact_oc")
def test_the_characteristics_are_exactly_those_of_another_enumeration(case):
    given, told = case["inputs"], case["expected"]
    found = evaluate(ends_of(given), given["true_tox"], target=given["target"])
    tol = case.get("tol", 1e-10)
    assert found.selection == pytest.approx([told["sel_none"], *told["sel"]], abs=tol)
    assert found.patients == pytest.approx(told["mean_n"], abs=tol)
    assert found.dlts == pytest.approx(told["mean_dlt"], abs=tol)


@named("mc_oc")
def test_the_characteristics_are_within_the_error_of_the_simulation(case):
    given, told = case["inputs"], case["expected"]
    ends, truth, trials = ends_of(given), given["true_tox"], given["n_trials"]
    found = evaluate(ends, truth, target=given["target"])
    assert within(found.selection, [told["sel_none"], *told["sel"]], share(found.selection, trials))
    chance = ends.probabilities(truth)
    for seen, mean, told_mean in (
        (ends.treated, found.patients, told["mean_n"]),
        (ends.dlts, found.dlts, told["mean_dlt"]),
    ):
        variance = chance @ (seen - mean) ** 2
        assert within(mean, told_mean, np.sqrt(variance / trials))
    if "p_over60" in told:
        over = np.array(truth) > given["target"] + 1e-9
        planned = given["n_cohort"] * given["cohort_size"]  # also where the trial stops early
        many = chance @ (ends.treated[:, over].sum(axis=1) > 0.6 * planned)
        assert within(many, told["p_over60"], share(many, trials))


def share(probability, trials):
    return np.sqrt(probability * (1 - probability) / trials)


def within(found, told, error):
    """Whether it is within four standard errors, and the six printed decimals."""
    return np.all(np.abs(np.asarray(found) - told) <= 4 * error + 5e-7)
