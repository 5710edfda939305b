"""BOIN with options: the R package's limit, selected doses and simulations (see README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.design import boin
from cartrial.dosing.isotonic import level_rates
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


@pytest.mark.parametrize(("target", "limit"), [(0.6, 0.95), (0.5, 0.99)])
def test_the_stricter_limit_at_a_high_target_need_not_be_reached(target, limit):
    """BOIN 2.7.2 stops here with `object 'stopneed' not found`."""
    design = Boin(target=target, eliminate_above=limit, extra_safe=True)
    found = [fewest_to_end(design, treated) for treated in range(1, 10)]
    assert found[2] is None
    assert found[-1] is not None


@named("select_mtd")
def test_the_selected_dose(case):
    given = case["inputs"]
    n, y = tuple(given["n"]), tuple(given["y"])
    counts = Counts(n, y, current=1, barred=len(n) + 1)
    assert (boin.select_mtd(design_of(given), counts) or 0) == case["expected"]["mtd"]


def test_an_interval_stands_at_its_own_level_where_a_lower_one_is_untreated():
    """BOIN 2.7.2 prints the interval of dose 3 beside dose 2, and NA beside dose 3."""
    second, third = level_rates(Counts((0, 3, 6), (0, 0, 2), current=3, barred=4))
    assert (second.level, third.level) == (2, 3)
    assert (round(third.low, 2), round(third.high, 2)) == (0.06, 0.72)


@named("mc_oc")
def test_a_trial_that_follows_the_advice_is_as_the_package_simulates_it(case):
    given, told = case["inputs"], case["expected"]
    design = design_of(given)
    subjects = given["n_cohort"] * given["cohort_size"]
    selected, treated = characteristics(design, given["true_tox"], subjects=subjects)
    assert selected == pytest.approx([told["sel_none"], *told["sel"]], abs=case["tol"])
    assert treated == pytest.approx(told["mean_n"], abs=0.02)
