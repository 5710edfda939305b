"""Keyboard: the R package's boundaries, decisions, selected doses and simulations (README.md)."""

import json
from functools import partial
from pathlib import Path

import pytest

from cartrial.dosing.counts import Counts
from cartrial.dosing.decision import Decision
from cartrial.dosing.decision_table.rule import limits, ranges
from cartrial.dosing.design import keyboard
from cartrial.protocol.design import Keyboard
from tests.trials import characteristics

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
LETTERS = {
    "E": Decision.ESCALATE,
    "S": Decision.STAY,
    "D": Decision.DEESCALATE,
    "DU": Decision.ELIMINATE,
}


def named(kind):
    return pytest.mark.parametrize("case", CASES[kind], ids=[c["id"] for c in CASES[kind]])


def design_of(given, **more):
    return Keyboard(
        target=given["target"],
        below=given.get("margin_l", 0.05),
        above=given.get("margin_r", 0.05),
        eliminate_above=given.get("cutoff_eli", 0.95),
        **more,
    )


@named("boundary")
def test_every_row_of_the_boundary_table(case):
    told = case["expected"]
    design = design_of(case["inputs"], fewest_to_eliminate=1)
    rule, sizes = partial(keyboard.decide, design), range(1, case["inputs"]["n_max"] + 1)
    found = [limits(ranges(rule, treated=n)) for n in sizes]
    assert [row.escalate for row in found] == told["escalate_if_le"]
    assert [row.deescalate for row in found] == told["deescalate_if_ge"]
    assert [row.eliminate for row in found] == told["eliminate_if_ge"]


@named("decision")
def test_decisions(case):
    given = case["inputs"]
    found = keyboard.decide(design_of(given), treated=given["n"], dlts=given["y"])
    assert found == LETTERS[case["expected"]["decision"]]


@named("select_mtd")
def test_the_selected_dose(case):
    given = case["inputs"]
    n, y = tuple(given["n"]), tuple(given["y"])
    counts = Counts(n, y, current=1, barred=len(n) + 1)
    assert (keyboard.select_mtd(design_of(given), counts) or 0) == case["expected"]["mtd"]


@named("mc_oc")
def test_a_trial_that_follows_the_advice_is_as_the_package_simulates_it(case):
    given, told = case["inputs"], case["expected"]
    subjects = given["n_cohort"] * given["cohort_size"]
    found = characteristics(design_of(given), given["true_tox"], subjects=subjects)
    assert found.selection == pytest.approx([told["sel_none"], *told["sel"]], abs=case["tol"])
    assert found.patients == pytest.approx(told["mean_n"], abs=0.06)
    assert found.dlts == pytest.approx(told["mean_dlt"], abs=0.06)
