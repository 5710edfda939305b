"""3+3, mTPI and mTPI-2: the next doses of the R package escalation (see README.md)."""

import json
from pathlib import Path

import pytest

from cartrial.dosing.design import mtpi2, three_plus_three
from cartrial.dosing.exact.enumeration import enumerate_ends, evaluate
from cartrial.dosing.exact.policy import policy_of
from cartrial.protocol.design import Boin, Mtpi2, ThreePlusThree
from tests.trials import characteristics, counts_of

CASES = json.loads((Path(__file__).parent / "cases.json").read_text("utf-8"))
NO_LIMIT = 1000  # subjects


def named(*kinds):
    cases = [(kind, case) for kind in kinds for case in CASES[kind]]
    return pytest.mark.parametrize(("kind", "case"), cases, ids=[case["id"] for _, case in cases])


def next_dose(module, design, case):
    """The next dose and whether the trial goes on; after its end, the selected dose."""
    given = case["inputs"]
    counts = counts_of(given["outcomes"], levels=given["num_doses"])
    found = module.advise(design, counts)
    level = module.select_mtd(design, counts) if found.stop else found.level
    return {"next_dose": level or 0, "continue": not found.stop}


@named("3+3")
def test_the_next_dose_of_a_3_plus_3(kind, case):
    variant = "expand" if case["inputs"]["allow_deescalate"] else "previous"
    assert next_dose(three_plus_three, ThreePlusThree(variant=variant), case) == case["expected"]


@named("mtpi", "mtpi-2")
def test_the_next_dose_of_mtpi_and_mtpi_2(kind, case):
    given = case["inputs"]
    design = Mtpi2(
        target=given["target"],
        below=given["epsilon1"],
        above=given["epsilon2"],
        eliminate_above=given["exclusion_certainty"],
        fewest_to_eliminate=2,
        variant="mTPI" if kind == "mtpi" else "mTPI-2",
    )
    assert next_dose(mtpi2, design, case) == case["expected"]


def assert_over_all_paths(design, case, *, subjects):
    told, true = case["expected"], case["inputs"]["true_tox"]
    policy = policy_of(design, subjects=subjects)
    ends = enumerate_ends(policy, levels=len(true), subjects=subjects)
    selection = evaluate(ends, true, target=0.3).selection
    assert selection == pytest.approx(told["prob_recommend_none_then_doses"], abs=1e-10)
    shares = ends.treated / ends.treated.sum(axis=1, keepdims=True)  # of each trial's patients
    assert ends.probabilities(true) @ shares == pytest.approx(told["prob_administer"], abs=1e-10)


@named("3+3 exact")
def test_a_trial_that_follows_a_3_plus_3_has_the_known_characteristics(kind, case):
    told, true = case["expected"], case["inputs"]["true_tox"]
    if "sel" in told:
        found = characteristics(ThreePlusThree(), true, subjects=NO_LIMIT)
        assert found.selection == pytest.approx([told["sel_none"], *told["sel"]], abs=1e-12)
        assert found.patients == pytest.approx(told["mean_n"], abs=1e-12)
        assert found.dlts == pytest.approx(told["mean_dlt"], abs=1e-12)
    else:
        assert_over_all_paths(ThreePlusThree(), case, subjects=NO_LIMIT)


@named("boin exact")
def test_boin_may_recommend_the_next_dose_at_the_end(kind, case):
    given = case["inputs"]
    design = Boin(target=given["target"], final="next dose")
    assert_over_all_paths(design, case, subjects=sum(given["cohort_sizes"]))
