"""CRM and TITE-CRM: skeletons, fits, weights and next doses of the R package dfcrm (README.md)."""

import json
from itertools import compress
from pathlib import Path

import numpy as np
import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.model import crm, tite_crm, working_model
from cartrial.dosing.model.skeleton import skeleton
from cartrial.protocol.model_design import Crm, TiteCrm

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
COHORT = 3  # patients


def named(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=[c["id"] for c in CASES[kind]])


def tally(levels, given):
    """Patients and DLTs of each of so many levels."""
    level, tox = given["level"], given["tox"]
    treated = tuple(level.count(j) for j in range(1, levels + 1))
    return treated, tuple(
        sum(compress(tox, (one == j for one in level))) for j in range(1, levels + 1)
    )


def assert_as_told(design, found, case):
    told, tol = case["expected"], case["tol"]
    low, high = working_model.limits(design, found, confidence=0.9)
    assert found.estimate[0] == pytest.approx(told["beta_hat"], abs=tol)
    assert found.sd[0] ** 2 == pytest.approx(told["post_var"], abs=tol)
    assert found.rates[0] == pytest.approx(told["ptox"], abs=tol)
    assert low[0] == pytest.approx(told["ptox_lo90"], abs=tol)
    assert high[0] == pytest.approx(told["ptox_hi90"], abs=tol)
    assert working_model.nearest(design, found.rates)[0] == told["mtd"]


@named("skeleton")
def test_the_skeleton_of_an_indifference_interval(case):
    given = case["inputs"]
    found = skeleton(
        target=given["target"],
        halfwidth=given["halfwidth"],
        middle=given["nu"],
        levels=given["nlevel"],
        model=given["model"],
        intercept=given.get("intcpt", 3),
    )
    assert found == pytest.approx(case["expected"]["skeleton"], abs=case["tol"])


@named("crm")
def test_the_model_after_a_trial(case):
    given = case["inputs"]
    design = Crm(
        target=given["target"],
        skeleton=given["skeleton"],
        model=given["model"],
        method=given["method"],
        intercept=given["intcpt"],
        scale=given["scale"],
    )
    treated, dlts = tally(len(given["skeleton"]), given)
    assert_as_told(design, crm.fit(design, [treated], [dlts]), case)


@named("crm")
def test_the_next_dose_under_the_restrictions(case):
    given = case["inputs"]
    design = Crm(target=given["target"], skeleton=given["skeleton"])
    treated, dlts = tally(len(given["skeleton"]), given)
    last = (COHORT, sum(given["tox"][-COHORT:]))
    counts = Counts(treated, dlts, given["level"][-1], len(treated) + 1, last)
    assert crm.advise(design, counts).level == case["expected"]["next_dose_restricted"]


@named("crm states")
def test_every_state_of_a_trial_of_18(case):
    given, told = case["inputs"], case["expected"]
    design = Crm(target=given["target"], skeleton=given["skeleton"], scale=given["scale"])
    found = crm.fit(design, told["n"], told["y"])
    assert working_model.nearest(design, found.rates).tolist() == told["recommended"]
    apart = np.abs(found.estimate - told["beta_hat"])
    (other,) = np.flatnonzero(apart > case["tol"])  # see README.md
    assert (told["n"][other][0], told["y"][other][0]) == (18, 18)
    assert apart[other] < 1.5e-6


@named("tite-crm")
def test_the_model_with_patients_in_the_window(case):
    given, told = case["inputs"], case["expected"]
    design = TiteCrm(
        target=given["target"],
        skeleton=given["skeleton"],
        model=given["model"],
        intercept=given.get("intcpt", 3),
        scale=given["scale"],
        weights=given["scheme"],
    )
    days = given.get("followup") or np.subtract(given["exit"], given["entry"])
    weight = tite_crm.weights(design, days, given["tox"], window=given["obswin"])
    assert weight == pytest.approx(told["weights"], abs=1e-9)
    assert_as_told(design, tite_crm.fit(design, [given["level"]], [given["tox"]], [weight]), case)
