"""BOIN with options: the R package's limit, selected doses and simulations (see README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.design import boin
from cartrial.protocol.design import Boin
from tests.trials import characteristics

CASES = json.loads((Path(__file__).parent / "options.json").read_text("utf-8"))


def named(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=[c["id"] for c in CASES[kind]])


def design_of(given):
    return Boin(
        target=given["target"],
        eliminate_above=given["cutoff_eli"],
        extra_safe=given.get("extrasafe", True),
        offset=given["offset"],
        bound_mtd=given.get("bound_mtd", False),
        titration=given.get("titration", False),
        cohort=given.get("cohort_size", 3),
    )


def fewest_to_end(design, treated):
    found = (y for y in range(treated + 1) if boin.ends_early(design, treated=treated, dlts=y))
    return min(found, default=None)


@named("boundary")
def test_the_stricter_limit_at_dose_1(case):
    design = design_of(case["inputs"])
    found = [fewest_to_end(design, treated) for treated in case["expected"]["n"]]
    assert found == case["expected"]["stop_if_ge"]


@named("select_mtd")
def test_the_selected_dose(case):
    given = case["inputs"]
    n, y = tuple(given["n"]), tuple(given["y"])
    counts = Counts(n, y, current=1, barred=len(n) + 1)
    assert (boin.select_mtd(design_of(given), counts) or 0) == case["expected"]["mtd"]


@named("mc_oc")
def test_a_trial_that_follows_the_advice_is_as_the_package_simulates_it(case):
    given, told = case["inputs"], case["expected"]
    design = design_of(given)
    subjects = given["n_cohort"] * given["cohort_size"]
    found = characteristics(design, given["true_tox"], subjects=subjects)
    assert found.selection == pytest.approx([told["sel_none"], *told["sel"]], abs=case["tol"])
    assert found.patients == pytest.approx(told["mean_n"], abs=0.02)
    assert found.dlts == pytest.approx(told["mean_dlt"], abs=0.01)
